"""Rules that look at all environments at once: upstreams that exist, no circles, something to read for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One environment that breaks a rule."""

    environment: str
    key: str
    """Key of the environment that is at fault; empty where it is the environment as a whole."""
    reason: str
    fix: str


def upstream_faults(upstreams: Mapping[str, str]) -> list[RuleFault]:
    """Return what is wrong with the chains, for `upstreams` by environment (empty text: none), in their order."""
    faults = []
    for name, upstream in upstreams.items():
        if upstream and upstream not in upstreams:
            others = [other for other in upstreams if other != name]
            fix = suggestion(upstream, others, "environments")
            faults.append(RuleFault(name, "upstream", f"upstream `{upstream}` is no environment of this file", fix))
    return faults + _circles(upstreams)


def _circles(upstreams: Mapping[str, str]) -> list[RuleFault]:
    """Return a fault for each circle, once, at the environment of it that comes first."""
    faults = []
    done: set[str] = set()
    for start in upstreams:
        way: list[str] = []
        name = start
        while name in upstreams and name not in done:
            done.add(name)
            way.append(name)
            name = upstreams[name]
        if name in way:
            circle = [*way[way.index(name) :], name]
            reason = f"upstreams form a circle: {' → '.join(circle)}"
            faults.append(RuleFault(name, "upstream", reason, "the first environment has no upstream"))
    return faults


def unplaced_faults(paths: Mapping[str, bool], *, model: bool) -> list[RuleFault]:
    """Return the environments with nothing to read: `paths` tells which have a path, `model` whether a model exists."""
    reason = "nothing says what this environment consists of"
    fix = "give it a `path`, or name its files in a `model` entry"
    return [] if model else [RuleFault(name, "", reason, fix) for name, has_path in paths.items() if not has_path]


def last_of_chains(upstreams: Mapping[str, str]) -> frozenset[str]:
    """Return the environments that are no one's upstream."""
    return frozenset(upstreams) - frozenset(upstreams.values())
