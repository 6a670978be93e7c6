"""One order for several histories: a downstream step comes right after what it holds of its upstream.

The upstream's state at a step is that of the newest commit of the upstream's history that is an ancestor of the
step, or the step's commit itself. A step that brings no newer one of them than the step before it (what it brings was
carried over by hand, or is its own) comes after the newest one that is not dated after it: yet never after one that a
later step brings, nor after one that holds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_Key = tuple[int, ...]


class Ancestry(msgspec.Struct, frozen=True):
    """Commits of several histories with their parents, each after its parents."""

    commits: Sequence[tuple[str, int, tuple[str, ...]]]
    """(id, commit time in seconds since 1970, parents); parents come first."""


def merged_order(
    tracks: Mapping[str, Sequence[str]],
    upstreams: Mapping[str, str],
    ancestry: Ancestry,
    targets: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, list[int]]:
    """Return, for each track, the place of each of its steps among the steps of all of them.

    `tracks` gives the ids of each track's steps, oldest first; `upstreams` names a track's upstream track, if it has
    one. `targets` gives, by track and step, the commit that a step deploys where that is another one. Steps of one
    track keep their order; tracks that have nothing to do with each other are merged by time.
    """
    times = {commit: time for commit, time, _ in ancestry.commits}
    keys: dict[str, list[_Key]] = {}
    ranks = {name: rank for rank, name in enumerate(tracks)}
    newest: dict[str, dict[str, int]] = {}
    for name in _upstream_first(tracks, upstreams):
        upstream = upstreams.get(name, "")
        own = _rising([times.get(i, 0) for i in tracks[name]])
        if not upstream:
            keys[name] = [(time, ranks[name], place) for place, time in enumerate(own)]
            continue
        if upstream not in newest:
            newest[upstream] = _newest(tracks[upstream], ancestry)
        brought = _brought(tracks[name], newest[upstream], (targets or {}).get(name, {}))
        slots = _slots(tracks[name], tracks[upstream], brought, ancestry, times)
        above = keys[upstream]
        before_all = (-1, ranks[upstream], -1)
        keys[name] = [
            ((above[slot] if slot >= 0 else before_all) + (own[place], ranks[name], place))
            for place, slot in enumerate(slots)
        ]
    ordered = sorted((key, name, place) for name, found in keys.items() for place, key in enumerate(found))
    places: dict[str, list[int]] = {name: [0] * len(ids) for name, ids in tracks.items()}
    for overall, (_, name, place) in enumerate(ordered):
        places[name][place] = overall
    return places


def _upstream_first(tracks: Mapping[str, Sequence[str]], upstreams: Mapping[str, str]) -> list[str]:
    done: list[str] = []
    while len(done) < len(tracks):
        ready = [n for n in tracks if n not in done and (not upstreams.get(n) or upstreams[n] in done)]
        done.extend(ready)
    return done


def _rising(times: Sequence[int]) -> list[int]:
    """Return `times` with none before an earlier one: order is that of the history, never of dates."""
    found: list[int] = []
    for time in times:
        found.append(max(time, found[-1]) if found else time)
    return found


def _newest(steps: Sequence[str], ancestry: Ancestry) -> dict[str, int]:
    """Return for each commit the place of the newest of `steps` that it is or descends from; -1 for none."""
    places = {commit: place for place, commit in enumerate(steps)}
    newest: dict[str, int] = {}
    for commit, _, parents in ancestry.commits:
        found = places.get(commit, -1)
        for parent in parents:
            found = max(found, newest.get(parent, -1))
        newest[commit] = found
    return newest


def _brought(own: Sequence[str], newest: Mapping[str, int], targets: Mapping[str, str]) -> list[int]:
    """Return for each step the place of the newest step of the upstream that it, or one before it, holds."""
    found: list[int] = []
    for commit in own:
        held = max(newest.get(commit, -1), newest.get(targets.get(commit, ""), -1))
        found.append(max(held, found[-1]) if found else held)
    return found


def _slots(
    own: Sequence[str],
    upstream: Sequence[str],
    brought: Sequence[int],
    ancestry: Ancestry,
    times: Mapping[str, int],
) -> list[int]:
    """Return for each step the place of the upstream's step that it comes after; -1 for before all of them."""
    dated = _rising([times.get(commit, 0) for commit in upstream])
    slots = list(brought)
    held: list[int] | None = None
    ceiling = len(upstream) - 1
    for place in range(len(own) - 1, -1, -1):
        before = brought[place - 1] if place else -1
        if brought[place] == before:
            slot = min(bisect_right(dated, times.get(own[place], 0)) - 1, ceiling)
            if slot > before:
                held = _held(own, upstream, ancestry) if held is None else held
                slots[place] = max(before, min(slot, bisect_left(held, place) - 1))
        else:
            ceiling = min(ceiling, brought[place])
    return _rising(slots)


def _held(own: Sequence[str], upstream: Sequence[str], ancestry: Ancestry) -> list[int]:
    """Return for each step of the upstream the place of the newest own step that it, or one before it, holds."""
    newest = _newest(own, ancestry)
    return _rising([newest.get(commit, -1) for commit in upstream])
