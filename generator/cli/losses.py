"""What could not be read, and what people declared in vain, on standard error: each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.errors import Place, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.evidence.summary import ExemptionRecord, UnreadableRecord

MOST_TOLD = 20
"""Faults that are told one by one; the page Methods has the rest."""
_IN_VAIN = {
    "expired": "its last day is over",
    "unknown rule": "no rule has this name",
    "unused": "nothing fits it",
}
"""States of a waiver or an acceptance that somebody has to look at, and why."""


def say_losses(lost: Sequence[UnreadableRecord], *, quiet: bool = False, clean: Callable[[str], str] = str) -> None:
    """Print a line for each fault of `lost`, and how many they are unless `quiet`; `clean` goes over each line."""
    alike: dict[tuple[str, str, str, int, str], UnreadableRecord] = {}
    for item in lost:
        key = (item.code, item.reason, item.path, item.line, item.fix)
        # As on the page Methods: at the commit where any environment met it first.
        if key not in alike or item.at < alike[key].at:
            alike[key] = item
    for item in list(alike.values())[:MOST_TOLD]:
        click.echo(clean(f"unreadable{_told(item)}"), err=True)
    left = len(alike) - MOST_TOLD
    if left > 0:
        click.echo(f"and {left} more", err=True)
    if alike and not quiet:
        items = "1 item" if len(alike) == 1 else f"{len(alike)} items"
        rest = "; the page Methods of the site lists them all" if left > 0 else ""
        click.echo(f"{items} could not be read{rest}", err=True)


def say_in_vain(
    exemptions: Sequence[ExemptionRecord],
    unreadable: Sequence[UnreadableRecord],
    clean: Callable[[str], str] = str,
) -> None:
    """Print a line for each waiver or acceptance to look at, and for each declaration that names no deployment.

    `clean` goes over each line.
    """
    lines = [
        f"note[{row.kind}] {row.source}: {row.state}: {_IN_VAIN[row.state]} ({one_line(row.subject)}, {row.owner})"
        for row in exemptions
        if row.state in _IN_VAIN
    ]
    lines += [f"note{_told(row)}" for row in unreadable if row.level == "note" and row.code.startswith("declaration")]
    for line in lines[:MOST_TOLD]:
        click.echo(clean(line), err=True)
    if len(lines) > MOST_TOLD:
        click.echo(f"and {len(lines) - MOST_TOLD} more notes on declarations", err=True)


def _told(item: UnreadableRecord) -> str:
    place = Place(item.path, item.line, 0, item.commit)
    fix = f" ({one_line(item.fix)})" if item.fix else ""
    return f"[{item.code}] {place}: {one_line(item.reason)}{fix}"
