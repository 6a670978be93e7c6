"""Markdown (GFM) in which a repository's text stays text, whatever it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 300
"""Characters of one text."""
# What marks up inside a line. What does so at its beginning needs no escape: no text of a repository begins one.
MARKUP = re.compile(r"[\\`*_\[\]<>&|~#!@$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# A forge looks for people and issues in the finished text, where backslashes are gone: an empty character parts them.
CALLS = re.compile(r"(\\[@#])(?=\S)")
APART = "\\1&#8203;"


def plain(text: str) -> str:
    """Return `text` as Markdown that shows it: no markup, no link, nobody called by name."""
    line = shown(" ".join(text.split()))
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return CALLS.sub(APART, MARKUP.sub(r"\\\g<0>", line))


def code(text: str) -> str:
    """Return a digest or commit id, which holds digits and letters alone, in a fixed width."""
    return f"`{text}`" if text.isalnum() else plain(text)


def linked(text: str, url: str) -> str:
    """Return `text` leading to `url`, an address of ours; without one as text alone."""
    return f"[{plain(text)}](<{url}>)" if url else plain(text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table from cells that are Markdown already."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def cut(lines: Iterable[str], most: int) -> str:
    """Return `lines` as one text of at most `most` bytes; where some are left out, its last line says so."""
    kept: list[str] = []
    size, left = 0, 0
    for line in lines:
        size += len(line.encode("utf-8", "replace")) + 1
        if left or size > most - LONGEST:
            left += 1
        else:
            kept.append(line)
    if left:
        told = ngettext("%(number)s line is left out.", "%(number)s lines are left out.", left, number=number(left))
        kept += ["", f"*{_('Cut to what a job may show')}: {told}*"]
    return "\n".join(kept) + "\n"
