"""What a repository with a branch for each environment went through: settings, and where the newest merge got them.

The environments are the first-parent chains of two branches. What the upstream had at a commit of production is what
the newest commit of its own chain had that is an ancestor of it, or the commit itself where it is on both chains: that
is a promotion by fast-forward. No code is shared with the package. Try it on a bare clone, from the folder `tests`:
`python -m real.oracle_branches REPOSITORY`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from real.oracle_git import Judged, Step, chain, contents, documents, judged, text
from real.oracle_layers import Environment, Layout, follow

CONFIG = "deployments/*/config"
SECRETS = "deployments/*/secrets"
ENCRYPTED = b"\0GITCRYPT"


def branch(repository: Path, name: str, ref: str) -> Environment:
    """Return what the environment `name` went through on the branch `ref`."""
    commits = chain(repository, ref, "deployments")
    found = contents(repository, commits)
    # Of an encrypted file it can be told that it is another, which its blob id does.
    parsed = {b: [{"encrypted": b}] if data.startswith(ENCRYPTED) else documents(data) for b, data in found.items()}
    layout = Layout([[f"{CONFIG}/common.yaml", f"{CONFIG}/{name}.yaml", f"{SECRETS}/{name}.yaml"]])
    return follow(commits, parsed, layout, "pangeo.jupyterhub.singleuser.image.tag")


def changes(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> dict[tuple[str, str], str]:
    """Return (component, setting) → value of every value that `after` has and `before` has not."""
    old = {(c, f): v for c, fields in before.items() for f, v in fields.items()}
    new = {(c, f): v for c, fields in after.items() for f, v in fields.items()}
    return {key: value for key, value in new.items() if old.get(key) != value}


def origins(repository: Path, production: Environment, upstream: Environment) -> dict[tuple[str, str], tuple[str, int]]:
    """Return for each value that the newest deployment of production set the upstream commit that last set it before.

    The second value is the time between the two commits, in seconds. A value that the upstream never had is left out.
    """
    _, newest, now = production.states[-1]
    _, _, before = production.states[-2]
    reached = set(text(repository, "rev-list", newest.id).split())
    found = {}
    for key, value in changes(before, now).items():
        last: dict[str, dict[str, str]] = {}
        for _, commit, state in upstream.states:
            if commit.id in reached and commit.id != newest.id and changes(last, state).get(key) == value:
                found[key] = commit.id, newest.time - commit.time
            last = state
    return found


def places(repository: Path, production: Environment) -> dict[str, float]:
    """Return where each commit of production stands in the upstream's chain.

    A commit of both chains has its own place, any other comes behind the newest one that is its ancestor.
    """
    upstream = text(repository, "rev-list", "--first-parent", "--reverse", "staging").split()
    own = {commit: float(place) for place, commit in enumerate(upstream)}
    found = {}
    for _, commit, _ in production.states:
        if commit.id in own:
            found[commit.id] = own[commit.id]
        else:
            reached = text(repository, "rev-list", commit.id).split()
            found[commit.id] = max(own.get(ancestor, -1) for ancestor in reached) + 0.5
    return found


def settings(repository: Path, environment: Environment) -> list[Step]:
    """Return every new setting, numbered by its commit's place in the upstream's chain."""
    place, found = places(repository, environment), []
    before: dict[str, dict[str, str]] = {}
    for _, commit, state in environment.states:
        for (component, field), value in changes(before, state).items():
            found.append(Step(place[commit.id], commit.id, commit.time, f"{component} {field}", value, ""))
        before = state
    return found


def assessed(repository: Path, production: Environment, upstream: Environment) -> list[Judged]:
    """Return each new setting of production, and what its upstream makes of it."""
    place = places(repository, upstream)
    states = ((place[commit.id], now) for _, commit, now in upstream.states)
    return judged(settings(repository, production), settings(repository, upstream), states, apart=True)


def main(repository: Path) -> None:
    """Print the numbers."""
    staging, prod = branch(repository, "staging", "staging"), branch(repository, "prod", "prod")
    for name, found in (("staging", staging), ("prod", prod)):
        print(name, "touched", len(found.touched), "changed", len(found.changed), sorted(found.states[-1][2]))  # noqa: T201 - a script
    print(Counter(j.verdict for j in assessed(repository, prod, staging)))  # noqa: T201 - a script
    for key, (commit, span) in origins(repository, prod, staging).items():
        print(" ", *key, commit[:8], span)  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]))
