"""What a repository of Helm values in layers went through: versions of each service in each environment.

A service's values in an environment are `FOLDER/SERVICE/values.yaml` with `values-ENVIRONMENT.yaml` over it, merged as
Helm merges values: key by key, a list as a whole, and `null` takes a key away. No code is shared with the package. Try
it on a bare clone, from the folder `tests`: `python -m real.oracle_layers REPOSITORY`.
"""

from __future__ import annotations

import functools
import json
import re
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real.oracle_git import Commit, Judged, Step, chain, contents, documents, judged, leaves, steps

Value = Any  # whatever YAML holds
Services = dict[str, dict[str, str]]
"""Service → path in dots → value."""
FOLDER = "helmfile.d/services"
ARTIFACTS = {"main_app.version", "main_app.image", "app.version", "app.image", "mesh.image_version"}
"""Keys that name what a service runs, as the example's configuration has them."""
IGNORED = {"_example_"}
"""What the example's configuration leaves out: the pattern that services are copied from."""


@dataclass
class Environment:
    """One environment, commit by commit."""

    touched: list[str] = field(default_factory=list, repr=False)
    """Commits that changed a layer of it."""
    changed: list[str] = field(default_factory=list, repr=False)
    """Those of them after which some service's merged values are others."""
    unread: set[str] = field(default_factory=set, repr=False)
    """Those of them at which a layer of a service that they touch could not be read, and nothing else changed."""
    stale: set[str] = field(default_factory=set, repr=False)
    """Those of them after which some service has a layer that cannot be read, and stands as it last was."""
    states: list[tuple[int, Commit, Services]] = field(default_factory=list, repr=False)
    """The merged values of every service after each of `touched`, by their path in dots."""
    steps: list[Step] = field(default_factory=list, repr=False)


def merge(under: Value, over: Value) -> Value:
    """Return two layers as one; a null stays, and is no value to whoever reads them."""
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return {**under, **{key: merge(under.get(key), value) for key, value in over.items()}}


class Layout:
    """Where the values of one environment stand: groups of path templates, in which `*` is the service.

    The layers of a group are laid over each other; where two groups have a service, the later one counts, as the later
    of two manifests does.
    """

    def __init__(self, groups: list[list[str]]) -> None:
        """Keep the templates."""
        self.groups = groups
        forms = [re.escape(path).replace(r"\*", "([^/]+)") for group in groups for path in group]
        self.forms = [re.compile(form) for form in forms]

    def service(self, path: str) -> str:
        """Return the service that a file belongs to, empty where it is none of this environment's files."""
        return next((m[1] for form in self.forms if (m := form.fullmatch(path))), "")

    def layers(self, service: str, values: dict[str, list[Value] | None]) -> list[list[Value] | None]:
        """Return the layers of a service that stand, lowest first; `None` is one that cannot be read."""
        for group in reversed(self.groups):
            if standing := [values[p] for path in group if (p := path.replace("*", service)) in values]:
                return standing
        return []


def follow(commits: list[Commit], parsed: dict[str, list[Any] | None], layout: Layout, artifact: str) -> Environment:
    """Return what an environment went through; a service with a layer that cannot be read stays as it last was."""
    found, values = Environment(), dict[str, list[Any] | None]()
    states: Services = {}
    broken: set[str] = set()
    for number, commit in enumerate(commits):
        services = {service for path in commit.changes if (service := layout.service(path))}
        for path, blob in commit.changes.items():
            if blob:
                values[path] = parsed[blob]
            else:
                values.pop(path, None)
        if not services:
            continue
        before = dict(states)
        for service in services - IGNORED:
            standing = layout.layers(service, values)
            broken = broken | {service} if None in standing else broken - {service}
            if not standing:
                states.pop(service, None)
            elif service not in broken:
                states[service] = leaves(functools.reduce(merge, (d for layer in standing for d in layer or ()), {}))
        found.touched.append(commit.id)
        found.stale |= {commit.id} if broken else set()
        if states != before:
            found.changed.append(commit.id)
        elif services & broken:
            found.unread.add(commit.id)
        found.states.append((number, commit, dict(states)))
    versions = ((n, c, {s: v.get(artifact, "").strip() for s, v in now.items()}) for n, c, now in found.states)
    found.steps = list(steps(versions))
    return found


@functools.cache
def services(repository: Path) -> dict[str, Environment]:
    """Return what the environments of the real history `deployment-charts` went through."""
    commits = chain(repository, "HEAD", FOLDER)
    parsed = {blob: documents(data) for blob, data in contents(repository, commits).items()}
    found = {}
    for name in ("staging", "eqiad", "codfw"):
        kinds = ["", "-staging"] if name == "staging" else ["", "-production", f"-{name}"]
        groups = [[f"{FOLDER}/*/values{kind}.yaml" for kind in kinds], [f"{FOLDER}/{name}/*/values.yaml"]]
        found[name] = follow(commits, parsed, Layout(groups), "main_app.version")
    return found


def assessed(production: Environment, upstream: Environment) -> list[Judged]:
    """Return each new version of production, and what its upstream makes of it."""
    return judged(production.steps, upstream.steps, ((number, now) for number, _, now in upstream.states))


def main(repository: Path) -> None:
    """Print the numbers."""
    found = services(repository)
    for name, environment in found.items():
        kinds = [s.kind for s in environment.steps]
        counts = {kind: kinds.count(kind) for kind in ("initial", "forward", "rollback", "redo", "gap")}
        numbers = {
            "touched": len(environment.touched),
            "changed": len(environment.changed),
            "services": len(environment.states[-1][2]),
            "services ever": len({s for _, _, now in environment.states for s in now}),
            "versions": counts,
        }
        print(name, json.dumps(numbers))  # noqa: T201 - a script
    for name in ("eqiad", "codfw"):
        found_here = assessed(found[name], found["staging"])
        spans = [j.lead for j in found_here if j.origin]
        counts = Counter(j.verdict for j in found_here)
        print(name, dict(counts), "median lead", statistics.median(spans), "n", len(spans))  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]))
