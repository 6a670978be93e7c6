"""Versions and their differences as text for a terminal, readable at 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.version_views import ShownDeployment, ShownDifference, ShownSide, ShownVersion
    from generator.evidence.versions import ComponentDifference, ConnectionDifference, FieldDifference

WIDTH = 100
_LAST = 24
"""Room that the last column has at least."""
_SHORT = 160
"""Longer values are told from where they begin to differ."""
_FEW = 12
"""Settings of a component on one side only that are told one by one."""
_BEFORE = 24
"""Characters that are told before that."""


def version_text(shown: ShownVersion) -> str:
    """Return what `assay show` prints."""
    return "\n".join(_version_lines(shown)) + "\n"


def difference_text(shown: ShownDifference) -> str:
    """Return what `assay diff` prints."""
    return "\n".join(_difference_lines(shown)) + "\n"


def _version_lines(shown: ShownVersion) -> Iterator[str]:
    side = shown.version
    yield f"{side.environment} {side.digest}"
    yield from _facts(side)
    yield from _bring_back(side)
    yield ""
    nothing = "" if shown.components else ": the environment had nothing"
    yield f"Components ({len(shown.components)}){nothing}"
    rows = [(c.id, c.role, c.kind, ", ".join(c.artifacts)) for c in shown.components]
    yield from _table(rows, whole=True)
    settings = [(c, [f for f in c.fields if f.aspect != "artifact"]) for c in shown.components]
    yield ""
    yield f"Settings ({sum(len(fields) for _, fields in settings)})"
    for component, fields in settings:
        if fields:
            yield f"  {one_line(component.id)}"
            yield from _table([(f.aspect, f.field, f.value) for f in fields], indent=4)
    yield ""
    yield f"Connections ({len(shown.connections)})"
    yield from _table([(c.source, "->", _target(c.target, c.port), c.how) for c in shown.connections])


def _facts(side: ShownSide) -> Iterator[str]:
    made = side.deployment
    yield ""
    yield f"  found       {side.how}"
    yield f"  deployment  {made.id}, {made.kind} ({made.confidence})"
    yield f"  commit      {made.commit} {made.at or '(no usable date)'}"
    by = f", by {made.author}" if made.author else ""
    yield f"              {one_line(made.subject, WIDTH)}{one_line(by)}"
    if made.deployed:
        yield f"  deploys     {made.deployed}"
    if made.tags:
        yield f"  tags        {one_line(', '.join(made.tags))}"
    yield f"  had by      {_had_by(side)}"
    if side.unreadable:
        count = "1 file" if side.unreadable == 1 else f"{side.unreadable} files"
        yield f"  unreadable  {count} at this commit, taken as last read: the commit alone makes another version"


def _had_by(side: ShownSide) -> str:
    if side.deployments == 1:
        return "this deployment alone"
    return f"{side.deployments} deployments, from {_dated(side.first)} to {_dated(side.last)}"


def _dated(made: ShownDeployment) -> str:
    return f"{made.id} ({made.at})" if made.at else made.id


def _bring_back(side: ShownSide) -> Iterator[str]:
    back = side.bring_back
    yield ""
    yield "Bring it back, in a clone of the repository"
    *commands, remove = back.commands
    for command in commands:
        yield f"  {one_line(command)}"
    if back.paths:
        yield f"  read from {one_line(', '.join(back.paths))} by {', '.join(back.reader)}"
    yield f"  afterwards: {one_line(remove)}"
    yield ""
    yield f"Artifacts to pull ({len(back.artifacts)})"
    yield from _table([(a.component, a.artifact) for a in back.artifacts], whole=True)
    loose = sum(not a.pinned for a in back.artifacts)
    if loose:
        which = "None of them is" if loose == len(back.artifacts) else f"{loose} of them are not"
        yield f"  {which} named by a digest: a tag may stand for something else by now."


def _difference_lines(shown: ShownDifference) -> Iterator[str]:
    for letter, side in (("a", shown.a), ("b", shown.b)):
        made = side.deployment
        yield f"{letter}  {side.environment} {side.digest[:12]}  {_dated(made)}  {made.commit[:12]}"
    found = shown.difference
    yield ""
    if shown.same:
        yield f"The same: {_counted(found.alike, 'component')}, no difference."
        return
    told = f"{_differ(len(found.components), 'component')}, {found.alike} {'is' if found.alike == 1 else 'are'} alike"
    yield f"{told}; {_differ(len(found.connections), 'connection')}"
    for component in found.components:
        yield ""
        yield from _component(component)
    if found.connections:
        yield ""
        yield f"Connections ({len(found.connections)})"
        yield from _table([_connection(c) for c in found.connections])


def _component(one: ComponentDifference) -> Iterator[str]:
    if one.a is None or one.b is None:
        mark, side = ("+", "b") if one.a is None else ("-", "a")
        yield f"{mark} {one_line(one.component)} ({one_line(one.a or one.b or '')}), only in {side}"
        yield from _alone([(f.aspect, f.field, (f.a if f.b is None else f.b) or "") for f in one.fields])
        return
    kinds = one.a if one.a == one.b else f"{one.a} -> {one.b}"
    yield f"~ {one_line(one.component)} ({one_line(kinds)})"
    if not one.fields:
        yield "    its names, ports, labels or references"
    for field in one.fields:
        yield from _field(field)


def _alone(values: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Yield what a component has that stands on one side only: its artifacts, and its settings or how many they are."""
    settings = [row for row in values if row[0] != "artifact"]
    yield from _table([row for row in values if row[0] == "artifact"], indent=4, whole=True)
    if len(settings) <= _FEW:
        yield from _table(settings, indent=4)
    else:
        yield f"    and {len(settings)} settings, which the other formats list"


def _field(field: FieldDifference) -> Iterator[str]:
    was, now = _apart(field.a, field.b)
    head = f"    {field.aspect:<9} {one_line(field.field)}"
    if len(head) + len(was) + len(now) + len("  ->  ") <= WIDTH:
        yield f"{head}  {was} -> {now}"
        return
    yield head
    yield f"      a  {was}"
    yield f"      b  {now}"


def _apart(was: str | None, now: str | None) -> tuple[str, str]:
    """Return two values so that what differs can be seen: long ones from a little before they part."""
    if was is None or now is None:
        return one_line("(none)" if was is None else was), one_line("(none)" if now is None else now)
    parted = next((n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), 0)
    start = parted - _BEFORE
    if start > 0 and max(len(was), len(now)) > _SHORT:
        return f"…{one_line(was[start:])}", f"…{one_line(now[start:])}"
    return one_line(was) or '""', one_line(now) or '""'


def _connection(one: ConnectionDifference) -> tuple[str, ...]:
    mark = "+" if one.a is None else "-" if one.b is None else "~"
    how = one.b if one.a is None else one.a if one.b is None else f"{one.a} -> {one.b}"
    return (mark, one.source, "->", _target(one.target, one.port), how or "")


def _target(target: str, port: str) -> str:
    return f"{target} :{port}" if port else target


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


def _differ(count: int, noun: str) -> str:
    return f"{_counted(count, noun)} {'differs' if count == 1 else 'differ'}"


def _table(rows: Sequence[tuple[str, ...]], *, indent: int = 2, whole: bool = False) -> Iterator[str]:
    """Yield rows as aligned columns; the last one is cut to what a line has left unless it must be `whole`."""
    if not rows:
        return
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(rows[0]) - 1)]
    room = WIDTH - indent - 2 * len(widths) - _LAST
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    left = room + _LAST - sum(widths)
    for row in cells:
        first = [_folded(cell, width).ljust(width) for cell, width in zip(row, widths, strict=False)]
        last = row[-1] if whole else _cut(row[-1], left)
        yield (" " * indent + "  ".join([*first, last])).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _folded(text: str, width: int) -> str:
    """Return a name cut in its middle, since both ends of a path tell something."""
    half = (width - 1) // 2
    return text if len(text) <= width else f"{text[: width - 1 - half]}…{text[-half:]}"
