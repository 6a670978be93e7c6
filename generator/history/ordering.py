"""One order for several histories: a downstream step comes right after what it holds of its upstream.

The upstream's state at a step is that of the newest commit of the upstream's history that is an ancestor of the
step, or the step's commit itself; where there is none, the newest one that is not dated after it.
"""

from __future__ import annotations

from bisect import bisect_right
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
    tracks: Mapping[str, Sequence[str]], upstreams: Mapping[str, str], ancestry: Ancestry
) -> dict[str, list[int]]:
    """Return, for each track, the place of each of its steps among the steps of all of them.

    `tracks` gives the ids of each track's steps, oldest first; `upstreams` names a track's upstream track, if it has
    one. Steps of one track keep their order; tracks that have nothing to do with each other are merged by time.
    """
    times = {commit: time for commit, time, _ in ancestry.commits}
    keys: dict[str, list[_Key]] = {}
    ranks = {name: rank for rank, name in enumerate(tracks)}
    for name in _upstream_first(tracks, upstreams):
        upstream = upstreams.get(name, "")
        own = _rising([times.get(i, 0) for i in tracks[name]])
        if not upstream:
            keys[name] = [(time, ranks[name], place) for place, time in enumerate(own)]
            continue
        slots = _slots(tracks[name], tracks[upstream], ancestry, times)
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


def _slots(own: Sequence[str], upstream: Sequence[str], ancestry: Ancestry, times: Mapping[str, int]) -> list[int]:
    """Return for each step the place of the upstream's step that it comes after; -1 for before all of them."""
    places = {commit: place for place, commit in enumerate(upstream)}
    newest: dict[str, int] = {}
    for commit, _, parents in ancestry.commits:
        newest[commit] = max([places.get(commit, -1), *[newest.get(parent, -1) for parent in parents]])
    dated = _rising([times.get(commit, 0) for commit in upstream])
    slots: list[int] = []
    for commit in own:
        slot = newest.get(commit, -1)
        if slot < 0:
            slot = bisect_right(dated, times.get(commit, 0)) - 1
        slots.append(max(slot, slots[-1]) if slots else slot)
    return slots
