"""`changes.jsonl`: the commits of applications' own histories that production deployments brought.

The file is there where such a history was given, also where nothing came of it.
"""

from __future__ import annotations

import msgspec


class AppChangeRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `changes.jsonl`: one commit and the deployment with which it first came to an environment.

    Lines are sorted by environment, number of the deployment, component, time and id of the commit.
    """

    environment: str
    deployment: str
    """Id of the deployment."""
    sequence: int
    """Its number in the environment."""
    component: str
    commit: str
    """Full id in the application's own repository."""
    committed_at: str = ""
    """Committer time, RFC 3339 in UTC; empty where the commit carries no usable time."""
