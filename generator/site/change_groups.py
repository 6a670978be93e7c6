"""What a release changed, folded to what fits in one look: equal changes share a row, long parts are cut by aspect.

Nothing is lost: a shared row names its components, and what a part does not show at first stands folded under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import change_row, neighbour_links
from generator.site.release_limits import FULL
from generator.site.texts import N_, ngettext
from generator.site.texts import gettext as _
from generator.site.words import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from generator.evidence.records import ChangeRecord
    from generator.site.change_rows import Changed, ChangeRow, Link
    from generator.site.context import Context
    from generator.site.release_limits import Limits

SHARED = 3
"""Equal changes from which on they share a row."""
SHORT = 20
"""Rows up to which a release is one plain table."""
FIRST = {N_("Artifacts"): 15, N_("Components"): 10, N_("Settings"): 8, N_("Connections"): 4}
"""Parts in their order, with the rows that each shows before the rest is folded."""
SPARE = 3
"""Rows beyond the first ones that are not worth folding."""


class Member(NamedTuple):
    """A component that shares a row with others."""

    name: str
    earlier: Link | None
    later: Link | None


class ChangeGroup(NamedTuple):
    """One row: a change, or equal changes of several components."""

    row: ChangeRow
    """The first of them."""
    heading: str
    """`53 components`; empty where the row stands for one."""
    sample: str
    """`cart, checkout and 51 more`; empty where the row stands for one."""
    members: tuple[Member, ...]
    left: int = 0
    """Components that share the row and are not named."""


class ChangePart(NamedTuple):
    """The changes of one aspect, or all of them where they are few."""

    title: str
    """Empty where there is one part alone."""
    counts: str
    """`210 changes of 34 components`."""
    first: tuple[ChangeGroup, ...]
    rest: tuple[ChangeGroup, ...]
    """What is folded at first."""
    rest_words: str
    """`12 more rows`."""


class Changes(NamedTuple):
    """Everything under *What changed*."""

    parts: tuple[ChangePart, ...]
    left: int
    """Changes that the page does not hold."""


def changes_view(context: Context, record: Changed, position: int, limits: Limits = FULL) -> Changes:
    """Return the changes of the release at `position` of the index: artifacts first, connections last.

    What comes after all releases stands at a position that none has.
    """
    folded = _fold(record.changes)
    kept = folded[: limits.changes]
    left = sum(len(group) for group in folded[limits.changes :])
    seen: set[str] = set()
    groups = [(_title(group[0]), _group(context, record, group, position, seen, limits), group) for group in kept]
    if len(groups) <= SHORT:
        every = tuple(group for _, group, _ in groups)
        return Changes((ChangePart("", "", every, (), ""),) if every else (), left)
    parts = []
    for title, most in FIRST.items():
        rows = [group for name, group, _ in groups if name == title]
        changes = [change for name, _, group in groups if name == title for change in group]
        if rows:
            parts.append(_part(title, rows, changes, most))
    return Changes(tuple(parts), left)


def _part(title: str, rows: list[ChangeGroup], changes: Sequence[ChangeRecord], most: int) -> ChangePart:
    cut = most if len(rows) > most + SPARE else len(rows)
    components = len({change.component for change in changes})
    counts = counted(len(changes), "change")
    if title in {"Artifacts", "Settings"}:
        counts = _("%(changes)s of %(components)s", changes=counts, components=counted(components, "component"))
    rest = len(rows) - cut
    words = ngettext("%(number)s more row", "%(number)s more rows", rest)
    return ChangePart(_(title), counts, tuple(rows[:cut]), tuple(rows[cut:]), words)


def _title(change: ChangeRecord) -> str:
    if change.aspect == "artifact":
        return "Artifacts"
    if change.aspect != "topology" or change.field not in {"component", "connection"}:
        return "Settings"
    return "Components" if change.field == "component" else "Connections"


def _fold(changes: Sequence[ChangeRecord]) -> list[list[ChangeRecord]]:
    """Return the changes in the order of the parts, equal ones together; in each part the most common come first."""
    equal: dict[Hashable, list[ChangeRecord]] = {}
    for change in changes:
        equal.setdefault(_likeness(change), []).append(change)
    shared = [group for group in equal.values() if len(group) >= SHARED]
    alone = [[change] for change in changes if len(equal[_likeness(change)]) < SHARED]
    order = list(FIRST)
    # Stable: rows of equal rank keep the order of the record.
    return sorted([*shared, *alone], key=lambda group: (order.index(_title(group[0])), -len(group)))


def _likeness(change: ChangeRecord) -> Hashable:
    """Return all that a row shows of a change but its component."""
    origin = change.origin
    where = (origin.deployment, origin.commit, origin.at, origin.soak_seconds) if origin else ()
    judged = (change.kind, change.validation, change.culprit, change.returns_to)
    return (change.aspect, change.field, change.old, change.new, *judged, where)


def _group(
    context: Context, record: Changed, group: Sequence[ChangeRecord], position: int, seen: set[str], limits: Limits
) -> ChangeGroup:
    environment, named = record.environment, group[: limits.members]
    links = [_links(context, environment, change.component, position, seen) for change in named]
    if len(group) == 1:
        row = change_row(context, environment, group[0], *links[0], whole=limits.whole)
        return ChangeGroup(row, "", "", ())
    names = [shown(change.component) for change in named]
    links_only, many = _title(group[0]) == "Connections", len(group)
    heading = counted(many, "connection") if links_only else counted(many, "component")
    members = tuple(Member(name, *pair) for name, pair in zip(names, links, strict=True))
    row = change_row(context, environment, group[0], None, None, whole=limits.whole)
    sample = listed([shown(change.component) for change in group])
    return ChangeGroup(row, heading, sample, members, many - len(named))


def _links(
    context: Context, environment: str, component: str, position: int, seen: set[str]
) -> tuple[Link | None, Link | None]:
    """Return the component's releases before and after this one, the first time that it is met on the page."""
    if component in seen:
        return None, None
    seen.add(component)
    return neighbour_links(context, environment, component, position)
