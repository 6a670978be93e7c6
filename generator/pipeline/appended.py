"""Files of declarations that only grew: what was added is read alone, and not the whole file once more.

A file of approvals gets an entry a release. Read whole at every commit, 10,000 releases would take hours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.declarations.entries import Declarations
from generator.documents.yaml_text import MAX_BYTES, MAX_NODES
from generator.pipeline.masking import parse_masked

if TYPE_CHECKING:
    from generator.errors import Unreadable

_SECTION = re.compile(rb"[a-z]+:[ \t]*(?:#.*)?")
_ITEM = re.compile(rb"( *)- ")
_STRANGE = re.compile(rb"\t|\r|^(?:---|\.\.\.|%|\?)", re.MULTILINE)
"""What may give a text another form than its indentation shows."""


class GrowingFile:
    """One file of declarations, as it is from commit to commit."""

    def __init__(self) -> None:
        """Start with an empty file."""
        self._data = b""
        self._whole = Declarations()
        self._head: tuple[bytes, bytes] | None = None
        """Line of the last section, and the indentation of its entries; `None` where that can't be told."""

    def read(self, data: bytes, path: str) -> tuple[Declarations, tuple[Unreadable, ...]]:
        """Return the entries of the file with the content `data`, and everything in it that can't be taken."""
        added = self._added(data, path)
        if added is not None:
            self._whole = _together(self._whole, added)
            self._data = data
            return self._whole, ()
        found, problems = parse_masked(data, path)
        self._data, self._whole = data, found
        self._head = None if problems or _STRANGE.search(data) else _last_section(data)
        return found, problems

    def _added(self, data: bytes, path: str) -> Declarations | None:
        """Return the entries that were put at the end of the last section; `None` where anything else was done."""
        before = self._data
        if self._head is None or not before.endswith(b"\n") or not data.startswith(before) or _may_be_too_large(data):
            return None
        section, indent = self._head
        more = data[len(before) :]
        lines = [line for line in more.split(b"\n") if line.strip()]
        deeper = indent + b" "
        if not lines or not lines[0].startswith(indent + b"- ") or _STRANGE.search(more):
            return None
        if not all(line.startswith((indent + b"- ", deeper)) for line in lines):
            return None
        # Blank lines in place of what stands before keep the numbers of the lines.
        text = b"\n" * (before.count(b"\n") - 1) + section + b"\n" + more
        found, problems = parse_masked(text, path)
        return None if problems else found


def _may_be_too_large(data: bytes) -> bool:
    """Return whether the whole may be more than what is read; nothing of it counts then."""
    return len(data) > MAX_BYTES or 2 * data.count(b":") + data.count(b"- ") + data.count(b",") > MAX_NODES


def _last_section(data: bytes) -> tuple[bytes, bytes] | None:
    if not data.endswith(b"\n"):
        return None
    indent = None
    for line in reversed(data.split(b"\n")):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        if _SECTION.fullmatch(line):
            return (line, indent) if indent is not None else None
        item = _ITEM.match(line)
        if item is not None:
            indent = item[1] if indent is None else min(indent, item[1], key=len)
        elif not line.startswith(b" "):
            return None
    return None


def _together(whole: Declarations, added: Declarations) -> Declarations:
    return Declarations(
        waivers=whole.waivers + added.waivers,
        acceptances=whole.acceptances + added.acceptances,
        overrides=whole.overrides + added.overrides,
        incidents=whole.incidents + added.incidents,
        approvals=whole.approvals + added.approvals,
    )
