"""What could not be read, on standard error: each fault once, however many environments share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.errors import Place, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.summary import UnreadableRecord

MOST_TOLD = 20
"""Faults that are told one by one; the page Methods has the rest."""


def say_losses(lost: Sequence[UnreadableRecord], *, quiet: bool = False) -> None:
    """Print a line for each fault of `lost`, and how many they are unless `quiet`."""
    alike: dict[tuple[str, str, str, int, str], UnreadableRecord] = {}
    for item in lost:
        key = (item.code, item.reason, item.path, item.line, item.fix)
        # As on the page Methods: at the commit where any environment met it first.
        if key not in alike or item.at < alike[key].at:
            alike[key] = item
    for item in list(alike.values())[:MOST_TOLD]:
        place = Place(item.path, item.line, 0, item.commit)
        click.echo(f"unreadable[{item.code}] {place}: {one_line(item.reason)}", err=True)
    if len(alike) > MOST_TOLD:
        click.echo(f"and {len(alike) - MOST_TOLD} more", err=True)
    if alike and not quiet:
        items, them = ("1 item", "it") if len(alike) == 1 else (f"{len(alike)} items", "them")
        click.echo(f"{items} could not be read; the page Methods of the site lists {them}", err=True)
