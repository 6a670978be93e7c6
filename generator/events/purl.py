"""What a package URL tells of an artifact: its version, and the commit of its source.

Its form is `pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH`, each part percent-encoded.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

_COMMIT = re.compile(r"@([0-9a-f]{7,64})(?:#.*)?$", re.IGNORECASE)
_BY_TAG = frozenset({"oci", "docker"})
"""Types whose version may be a digest beside a tag."""


class Artifact(NamedTuple):
    """What the name of an artifact tells; empty where it does not."""

    version: str = ""
    """Its tag where it has one, else its version, else its checksum."""
    source_commit: str = ""
    """Commit that it was built from, by the qualifier `vcs_url`."""


def artifact_of(purl: str) -> Artifact:
    """Return what a package URL tells; nothing where the text is none."""
    if not purl.startswith("pkg:"):
        return Artifact()
    rest, _, query = purl.partition("#")[0].partition("?")
    kind, _, path = rest[len("pkg:") :].lstrip("/").partition("/")
    version = unquote(path.rpartition("@")[2]) if "@" in path else ""
    pairs = [pair.partition("=") for pair in query.split("&") if "=" in pair]
    told = {key.lower(): unquote(value) for key, _, value in pairs}
    tag = told.get("tag", "") if kind.lower() in _BY_TAG else ""
    commit = _COMMIT.search(told.get("vcs_url", ""))
    return Artifact(tag or version or told.get("checksum", ""), commit[1].lower() if commit else "")
