"""What Helm prints: its parts by the file that each came from, and what differs from one rendering to the next.

A chart may draw random passwords, certificates or the time, so it is rendered more than once. What differs is no part
of the deployment model: each such value gives way to a fixed mark, and a rendering whose shape differs is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import msgspec
import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # its stub does not name what it imports

MARK = "(differs at each rendering)"
"""What stands in for a value that is another one each time."""
MOST_NAMED = 20
"""Values that a note names one by one."""
MOST_READ = 5_000_000
"""Characters of what one template renders to that are looked through; the readers of objects take no more."""
_DEPTH = 1000
_PART = re.compile(r"^---\n# Source: (.*)\n", re.MULTILINE)


class Settled(msgspec.Struct, frozen=True):
    """One text made out of several renderings of the same input."""

    text: str
    """What all of them have in common, with marks; empty where they are not alike in shape."""
    differing: tuple[str, ...] = ()
    """What was left out: `Secret/shop data.password`, sorted."""
    unlike: str = ""
    """The part whose shape differs, by the file it came from; empty where none does."""


def parts(text: str) -> list[tuple[str, str]]:
    """Return what each template rendered to, as (template's path from the chart's name, text)."""
    found = list(_PART.finditer(text))
    ends = [*(match.start() for match in found), len(text)][1:]
    return [(match[1].strip(), text[match.end() : end]) for match, end in zip(found, ends, strict=True)]


def settle(renderings: list[str]) -> Settled:
    """Return what `renderings` of one chart agree in."""
    first = renderings[0]
    if all(other == first for other in renderings):
        return Settled(first)
    several = [parts(rendering) for rendering in renderings]
    names = [[name for name, _ in found] for found in several]
    if any(other != names[0] for other in names):
        return Settled("", unlike="the set of objects")
    pieces: list[str] = []
    differing: set[str] = set()
    for place, name in enumerate(names[0]):
        blended = _blend([found[place][1] for found in several])
        if blended is None:
            return Settled("", unlike=name)
        pieces.append(f"---\n# Source: {name}\n{blended[0]}")
        differing.update(blended[1])
    return Settled("".join(pieces), tuple(sorted(differing)))


def broken(text: str) -> str:
    """Return what Helm says of the first template whose text is no YAML; empty where all are.

    What stands under `crds` is printed as it is in the chart, and may be large.
    """
    for name, part in parts(text):
        if "crds" not in name.split("/") and len(part) <= MOST_READ:
            try:
                _shape(part)
            except yaml.YAMLError as fault:
                return f"YAML parse error on {name}: {getattr(fault, 'problem', None) or fault}"
    return ""


def describe(differing: tuple[str, ...]) -> str:
    """Return one sentence about the values that were left out."""
    named = ", ".join(differing[:MOST_NAMED])
    more = f" and {len(differing) - MOST_NAMED} more" if len(differing) > MOST_NAMED else ""
    count = "1 value differs" if len(differing) == 1 else f"{len(differing)} values differ"
    return f"{count} at each rendering (drawn at random or from the clock) and can't be compared: {named}{more}"


@dataclass(slots=True)
class _Value:
    start: int
    end: int
    text: str
    path: str
    document: int


@dataclass(slots=True)
class _Shape:
    """The events of one text without the values: two texts of the same marks differ in values alone."""

    marks: list[tuple[str, str]] = field(default_factory=list)
    values: list[_Value] = field(default_factory=list)


def _blend(texts: list[str]) -> tuple[str, list[str]] | None:
    """Return the text with marks for what differs and the names of that; `None` where the shapes are not alike."""
    if all(text == texts[0] for text in texts):
        return texts[0], []
    if any(len(text) > MOST_READ for text in texts):
        return None
    try:
        return _blend_shapes(texts[0], [_shape(text) for text in texts])
    except yaml.YAMLError:
        return None


def _blend_shapes(text: str, shapes: list[_Shape]) -> tuple[str, list[str]] | None:
    if any(shape.marks != shapes[0].marks for shape in shapes):
        return None
    done, pieces, differing = 0, list[str](), list[_Value]()
    settled: list[_Value] = []
    for place, value in enumerate(shapes[0].values):
        seen = [shape.values[place].text for shape in shapes]
        left = seen[0] if all(other == seen[0] for other in seen) else _common(seen)
        settled.append(_Value(value.start, value.end, left, value.path, value.document))
        if left != seen[0]:
            differing.append(value)
            end = "\n" if text[value.start : value.end].endswith("\n") else ""
            pieces += [text[done : value.start], _quoted(left), end]
            done = value.end
    blended = "".join([*pieces, text[done:]])
    again = _shape(blended)
    # An anchor before a value would be lost with it; rather nothing than something else than was rendered.
    if again.marks != shapes[0].marks or [value.text for value in again.values] != [value.text for value in settled]:
        return None
    return blended, [f"{_owner(settled, value.document)} {value.path}" for value in differing]


def _common(texts: list[str]) -> str:
    """Return the mark, between the lines that all texts begin and end with."""
    several = [text.split("\n") for text in texts]
    shortest = min(len(lines) for lines in several)
    head = 0
    while head < shortest and len({lines[head] for lines in several}) == 1:
        head += 1
    tail = 0
    while tail < shortest - head and len({lines[-1 - tail] for lines in several}) == 1:
        tail += 1
    lines = several[0]
    return "\n".join([*lines[:head], MARK, *lines[len(lines) - tail :]])


def _quoted(text: str) -> str:
    inside = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{inside}"'


def _owner(values: list[_Value], document: int) -> str:
    """Return `Kind/NAME` of a document."""
    named = {value.path: value.text for value in values if value.document == document}
    return f"{named.get('kind', 'object')}/{named.get('metadata.name', '')}".rstrip("/")


@dataclass(slots=True)
class _Level:
    """A mapping or list that is still open."""

    path: str
    is_map: bool
    key: str | None = None
    count: int = 0

    def below(self) -> str:
        """Return the path of the node that comes next, which is no key."""
        if self.is_map:
            return f"{self.path}.{self.key}" if self.path else f"{self.key}"
        return f"{self.path}[{self.count}]"

    def passed(self) -> None:
        """Note that the node has come."""
        self.key = None
        self.count += 1


def _shape(text: str) -> _Shape:
    shape, levels, document = _Shape(), list[_Level](), 0
    parser = CParser(text)
    while event := parser.get_event():
        kind = type(event).__name__
        anchor = getattr(event, "anchor", None) or ""
        top = levels[-1] if levels else None
        wants_key = top is not None and top.is_map and top.key is None
        if isinstance(event, yaml.ScalarEvent) and wants_key and top is not None:
            top.key = event.value
            shape.marks.append(("key", event.value))
            continue
        shape.marks.append((kind, anchor))
        document += isinstance(event, yaml.DocumentStartEvent)
        path = top.below() if top else ""
        if isinstance(event, yaml.ScalarEvent):
            start, end = (mark.index if mark else 0 for mark in (event.start_mark, event.end_mark))
            shape.values.append(_Value(start, end, event.value, path, document))
        if isinstance(event, yaml.CollectionStartEvent):
            levels.append(_Level(path, isinstance(event, yaml.MappingStartEvent)))
            if len(levels) > _DEPTH:
                raise yaml.YAMLError("nested too deeply")  # noqa: TRY003 - caught in this module
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
            top = levels[-1] if levels else None
        if top is not None and isinstance(event, yaml.ScalarEvent | yaml.AliasEvent | yaml.CollectionEndEvent):
            top.passed()
    return shape
