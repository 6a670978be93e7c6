"""YAML as text, from the events of libyaml, under limits.

The events are taken one by one instead of a composed tree: `yaml.CSafeLoader` recurses in C and ends the process on
deep nesting, expands aliases without a bound and turns text into numbers and dates (BAD_INPUTS rows 28 to 37).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # its stub does not name what it imports

from generator.documents.tree import Documents, Mapping, Node, Scalar, Sequence
from generator.errors import Place, Unreadable, one_line

MAX_BYTES = 5_000_000
"""Largest file that is parsed; the largest manifests met (custom resource definitions) stay under 2 MB."""
MAX_DEPTH = 100
"""Deepest nesting; libyaml before 0.2.6 has been seen to fail at some thousands, newer ones stop at 1,000."""
MAX_NODES = 200_000
"""Nodes of one file after aliases and merge keys are counted out."""

_DEEPER = f"nested deeper than {MAX_DEPTH} levels"
_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml 0.2.6 and newer say of 1,000 levels, where they read that far ahead on a line before they tell of any: a
report says the same with every version."""

_CORE_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "binary")}
_CORE_TAGS |= {"!", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:set", "tag:yaml.org,2002:omap"}
_MERGE = "<<"
_MERGE_TAG = "tag:yaml.org,2002:merge"  # some tools write `!!merge <<: *base` for the key that others leave plain
_CORE_TAGS |= {_MERGE_TAG}


class _YamlFault(Exception):  # noqa: N818 - private, and never leaves this module
    def __init__(self, code: str, reason: str, line: int, column: int = 0) -> None:
        super().__init__(reason)
        self.code, self.reason, self.line, self.column = code, reason, line, column


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet."""

    node: Mapping | Sequence
    anchor: str | None
    size: int = 1
    key: str | None = None
    key_line: int = 0
    key_merges: bool = False
    merges: list[Node] = field(default_factory=list)


class _Builder:
    """Builds the tree of one document from events."""

    def __init__(self) -> None:
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.nodes = 0

    def scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        _refuse_tag(event.tag, line)
        node = Scalar(event.value, line, event.implicit[0] or event.tag == _MERGE_TAG)
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        self.add(node, 1, line)

    def alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            raise _YamlFault("yaml-alias", "an alias that names no anchor before it", line)
        node, size = self.anchors[name]
        if node is None:
            raise _YamlFault("yaml-alias", "an alias that stands inside its own anchor", line)
        self.add(node, size, line)

    def open(self, node: Mapping | Sequence, event: yaml.CollectionStartEvent) -> None:
        _refuse_tag(event.tag, node.line)
        if len(self.stack) >= MAX_DEPTH:
            raise _YamlFault("yaml-depth", _DEEPER, node.line)
        if event.anchor:
            self.anchors[event.anchor] = (None, 0)
        self.stack.append(_Open(node, event.anchor))

    def close(self) -> None:
        done = self.stack.pop()
        if done.merges:
            done.size += _merge(done)
        if done.anchor:
            self.anchors[done.anchor] = (done.node, done.size)
        self.add(done.node, done.size, done.node.line, counted=True)

    def add(self, node: Node, size: int, line: int, *, counted: bool = False) -> None:
        """Put a finished node where it belongs; `size` counts it with everything that aliases expand to."""
        self.nodes += 0 if counted else size
        if self.nodes > MAX_NODES or size > MAX_NODES:
            raise _YamlFault("yaml-size", f"more than {MAX_NODES} nodes once aliases are followed", line)
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is None:
            if not isinstance(node, Scalar):
                raise _YamlFault("yaml-key", "a key that is a mapping or a list", line)
            top.key, top.key_line = node.text, line
            top.key_merges = node.plain and node.text == _MERGE  # a quoted "<<" is a key as any other
        else:
            _add_entry(top, node)
        top.size += size


def _add_entry(top: _Open, node: Node) -> None:
    key, top.key = top.key or "", None
    mapping = top.node
    if not isinstance(mapping, Mapping):
        raise TypeError(mapping)
    if top.key_merges:
        top.merges.append(node)
    elif key in mapping.entries:
        first = mapping.lines[key]
        raise _YamlFault("yaml-duplicate-key", f"key {key!r} stands on line {first} and again here", top.key_line)
    else:
        mapping.entries[key] = node
        mapping.lines[key] = top.key_line


def _merge(done: _Open) -> int:
    """Apply merge keys: a key of the mapping itself wins, then the first mapping named. Return the nodes added."""
    mapping = done.node
    if not isinstance(mapping, Mapping):
        raise TypeError(mapping)
    added = 0
    for merged in done.merges:
        for source in merged.items if isinstance(merged, Sequence) else [merged]:
            if not isinstance(source, Mapping):
                raise _YamlFault("yaml-merge", "a merge key << that names no mapping", mapping.line)
            for key, value in source.entries.items():
                if key not in mapping.entries:
                    mapping.entries[key] = value
                    mapping.lines[key] = source.lines[key]
                    added += 1
    return added


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None and tag not in _CORE_TAGS:
        # A value that begins with `!` or `*` may be an unquoted password, so neither is ever quoted.
        shown = f"tag {tag!r}" if tag.startswith("tag:yaml.org,2002:") else "a tag that"
        raise _YamlFault("yaml-tag", f"{shown} is not one of YAML's own; nothing is constructed from it", line)


def _read(parser: CParser, roots: list[Node]) -> None:  # noqa: C901 - one branch a kind of event
    """Take events until the stream ends, adding each whole document to `roots`."""
    builder = _Builder()
    take = parser.get_event
    # isinstance() on the events' classes costs a third more for the whole file, so they are told apart by identity.
    while True:
        event: Any = take()
        kind: type = type(event)
        line = event.start_mark.line + 1 if event.start_mark else 0
        if kind is yaml.ScalarEvent:
            builder.scalar(event, line)
        elif kind is yaml.MappingStartEvent:
            builder.open(Mapping({}, line, {}), event)
        elif kind is yaml.SequenceStartEvent:
            builder.open(Sequence([], line), event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            builder.close()
        elif kind is yaml.AliasEvent:
            builder.alias(event.anchor, line)
        elif kind is yaml.DocumentStartEvent:
            builder = _Builder()
        elif kind is yaml.DocumentEndEvent:
            if builder.root is not None:
                roots.append(builder.root)
        elif kind is yaml.StreamEndEvent:
            return


def parse_yaml(data: bytes, path: str) -> Documents:
    """Return the documents of a YAML file; never raises for what the file holds.

    The documents before a fault are kept. A file with template marks `{{ }}` that is no YAML is the problem
    `template`: it is meant to be rendered first, and no fault of the repository.
    """
    if len(data) > MAX_BYTES:
        reason = f"{len(data)} bytes, more than the {MAX_BYTES} that are parsed"
        return Documents((), Unreadable("too-large", reason, Place(path)))
    roots: list[Node] = []
    try:
        _read(CParser(data), roots)
    except _YamlFault as fault:
        problem = Unreadable(fault.code, fault.reason, Place(path, fault.line, fault.column))
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        problem = Unreadable("yaml-syntax", one_line(fault.problem or str(fault)), place)
        if fault.problem == _TOO_DEEP:
            problem = Unreadable("yaml-depth", _DEEPER, Place(path, place.line))
    except (yaml.YAMLError, UnicodeError) as fault:
        problem = Unreadable("yaml-syntax", one_line(str(fault)), Place(path))
    else:
        return Documents(tuple(roots))
    if b"{{" in data:
        problem = Unreadable("template", "a template, not rendered here", problem.place)
    return Documents(tuple(roots), problem)
