"""How often each repository rolled back, went forward again, bypassed its upstream and moved in bulk.

Each of three repositories is read in its own way, and judged by the same definitions. No code is shared with the
package. Try it on a bare clone, from the folder `tests`: `python -m real.oracle_counts web-monitoring-ops REPOSITORY`.
"""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from real import oracle_branches, oracle_layers, oracle_overlays
from real.oracle_git import judged, leaves
from real.oracle_kinds import Account, Sorts, State, follow, messages

if TYPE_CHECKING:
    from real.oracle_git import Commit

States = list[tuple[float, "Commit", State]]
NOISE = {"creationTimestamp", "resourceVersion", "uid", "generation", "managedFields", "selfLink", "namespace"}
CAPACITIES = {"replicas", "replicaCount", "replica_count", "instances", "minReplicas", "maxReplicas"}
TAGS = {f"daskhub.jupyterhub.{part}.image.tag" for part in ("singleuser", "hub")}
TAGS |= {"pangeo.jupyterhub.singleuser.image.tag"}


@dataclass
class Counts:
    """One environment."""

    account: Account = field(repr=False)
    bypasses: list[str] = field(default_factory=list)
    """Commits that brought an artifact which the upstream never had."""


def values(artifacts: set[str]) -> Sorts:
    """Return what the fields of merged values are."""
    return Sorts(artifacts.__contains__, lambda path: path.rpartition(".")[2] in CAPACITIES)


def manifests(objects: dict[tuple[str, str], dict[str, Any]]) -> State:
    """Return the objects of Kubernetes by what they are called, their images apart."""
    found: State = {}
    for (kind, name), made in objects.items():
        called = oracle_overlays.component(kind, name)
        called = called if any(oracle_overlays.containers(made)) else f"{kind}/{name}"
        fields = {f: v for f, v in leaves(made).items() if f.rpartition(".")[2] not in NOISE}
        images = {f"{c['name']} image": c["image"] for c in oracle_overlays.containers(made)}
        found[called] = {f: v for f, v in fields.items() if not f.endswith("].image")} | images
    return found


@functools.cache
def web_monitoring(repository: Path) -> dict[str, States]:
    """Return what `web-monitoring-ops` held."""
    names = ("staging", "production")
    folders = [[f"kubernetes/{name}", f"templates/{name}"] for name in names]
    found = oracle_overlays.follow(repository, folders, "kubernetes", "templates", plain=True)
    held: dict[str, States] = {}
    for name, overlay in zip(names, found, strict=True):
        own = (f"kubernetes/{name}/", f"templates/{name}/")
        touching = [state for state in overlay.states if any(path.startswith(own) for path in state[1].changes)]
        held[name] = [(number, commit, manifests(objects)) for number, commit, objects in touching]
    return held


@functools.cache
def pangeo(repository: Path) -> dict[str, States]:
    """Return what `pangeo-cloud-federation` held, numbered by the place in the chain of its branch `staging`."""
    held: dict[str, States] = {}
    for name in ("staging", "prod"):
        environment = oracle_branches.branch(repository, name, name)
        place = oracle_branches.places(repository, environment)
        held[name] = [(place[commit.id], commit, now) for _, commit, now in deployed(environment)]
    return held


@functools.cache
def charts(repository: Path) -> dict[str, States]:
    """Return what `deployment-charts` held."""
    return {name: list(deployed(found)) for name, found in oracle_layers.services(repository).items()}


def deployed(environment: oracle_layers.Environment) -> list[tuple[int, Commit, State]]:
    """Return what an environment held after each commit but those of which nothing is known."""
    return [state for state in environment.states if state[1].id not in environment.unread]


@dataclass(frozen=True)
class Repository:
    """How a repository is read."""

    held: Any
    sorts: Sorts
    upstream: str = "staging"
    apart: bool = False
    """Whether the environments stand on branches of their own."""
    refs: tuple[str, ...] = ("HEAD",)


REPOSITORIES = {
    "web-monitoring-ops": Repository(
        web_monitoring,
        Sorts(
            lambda path: path.endswith(" image"),
            lambda path: path.rpartition(".")[2] in CAPACITIES or "].resources." in path,
        ),
    ),
    "pangeo-cloud-federation": Repository(pangeo, values(TAGS), apart=True, refs=("staging", "prod")),
    "deployment-charts": Repository(charts, values(oracle_layers.ARTIFACTS)),
}


@functools.cache
def counted(name: str, repository: Path) -> dict[str, Counts]:
    """Return what each environment of a repository went through."""
    how = REPOSITORIES[name]
    held, said = how.held(repository), messages(repository, *how.refs)
    found = {environment: Counts(follow(states, how.sorts, said)) for environment, states in held.items()}
    above = found[how.upstream].account.versions
    exists = [(number, now) for number, _, now in held[how.upstream]]
    for environment, counts in found.items():
        if environment != how.upstream:
            verdicts = judged(counts.account.versions, above, exists, apart=how.apart)
            bypassing = {j.step.commit for j in verdicts if j.verdict == "bypass"}
            counts.bypasses = [one.commit.id for one in counts.account.told if one.commit.id in bypassing]
    return found


def main(name: str, repository: Path) -> None:
    """Print the numbers."""
    for environment, counts in counted(name, repository).items():
        account = counts.account
        kinds = {k: len(account.commits(k)) for k in ("forward", "roll-forward", "rollback", "redo", "redeploy")}
        numbers = {**kinds, "bypass": len(counts.bypasses), "bulk": len(account.bulks)}
        print(environment, len(account.told), json.dumps(numbers))  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
