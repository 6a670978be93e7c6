"""What new deployments reach of what was there before: the pages that have to be looked at again."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from generator.site.index import Index, Release

OWN_PAGES = 2000
"""Newest releases whose whole topology has a page of its own. The others lead to a page of the same shape: thirty
thousand pages that differ in a version would be more than half of the site's weight, and the evidence has them all."""


@dataclass(slots=True)
class Marks:
    """What each deployment reached when it was taken in; known of those that follow the first `begin` lines."""

    begin: int = 0
    releases: list[tuple[int, int]] = field(default_factory=list)
    """Line, and the position of a release that it reached."""
    newest: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, its environment, and the digest of what stood there before."""

    def reach(self, index: Index, row: Release, culprits: Iterable[str]) -> None:
        """Note what the next release reaches: those beside it, in its environment and of its components, and others."""
        reached = [index.by_environment.get(row.environment, [])[-1:]]
        reached += [index.by_component.get((row.environment, name), [])[-1:] for name in row.components]
        reached.append([index.position[name] for name in culprits if name in index.position])
        self.releases += [(row.line, position) for position in {place for places in reached for place in places}]


@dataclass(frozen=True, slots=True)
class Reached:
    """What can differ from the report of the first so many deployments; all else is as it was."""

    releases: AbstractSet[int]
    """Positions."""
    topologies: AbstractSet[str]
    """Names of pages."""
    months: AbstractSet[str]
    """Months that have other releases; the months beside them name how many."""


def versions(index: Index, count: int, newest: Iterable[str]) -> set[str]:
    """Return the digests that have a page of their own after `count` releases, `newest` standing then."""
    return {*(row.digest for row in index.releases[max(0, count - OWN_PAGES) : count]), *newest}


def first_places(index: Index, own: AbstractSet[str], count: int) -> dict[str, int]:
    """Return the first of `count` releases that each topology page is drawn at, by the page's name."""
    found: dict[str, int] = {}
    pictures = index.pictures
    for position, row in enumerate(index.releases[:count]):
        digest = row.digest
        found.setdefault(digest if digest in own else pictures[digest], position)
    return found


def reached(index: Index, lines: int, new_pages: AbstractSet[str]) -> Reached | None:
    """Return what the deployments after the first `lines` reach; `None` where that is not known.

    `new_pages` are the components that had no page then.
    """
    marks = index.marks
    if not marks.begin <= lines <= index.lines:
        return None
    count = bisect_right(index.releases, lines, key=lambda row: row.line)
    new = range(count, len(index.releases))
    first = {environment: digest for line, environment, digest in reversed(marks.newest) if line > lines}
    then = {**index.newest_digest, **first}
    standing = {digest for digest in then.values() if digest}
    before = versions(index, count, standing)
    other = {*(before ^ index.versions), *standing, *index.newest_digest.values()}
    other.update(index.releases[position].digest for position in new)
    releases = {position for line, position in marks.releases if line > lines}.union(new)
    for digest in before ^ index.versions:
        releases.update(index.by_digest.get(digest, ()))
    for (_environment, component), positions in index.by_component.items():
        if component in new_pages:
            releases.update(positions)
    was = first_places(index, before, count)
    topologies = {
        page
        for page, position in first_places(index, index.versions, len(index.releases)).items()
        if was.get(page) != position or index.releases[position].digest in other
    }
    months = {index.releases[position].at[:7] for position in new}
    return Reached(releases, topologies, months)
