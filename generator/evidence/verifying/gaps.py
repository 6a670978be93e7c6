"""What was erased for good reason: accepted where it is marked as it is told, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.redaction import MARK, REDACTIONS, Redaction, places_of
from generator.evidence.verifying.texts import TextError, canonical_lines, decoded

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.manifest import Manifest
    from generator.evidence.verifying.verdict import Report


def check_gaps(folder: Path, manifest: Manifest, report: Report, *, sound: bool) -> tuple[Redaction, ...]:
    """Show every redaction of `folder`, and return them. A bundle in an archive may have been redacted by a later one.

    Where the files are `sound`, see that each is marked where it is told and nowhere else.
    """
    decoder = msgspec.json.Decoder(Redaction)
    found: list[Redaction] = []
    try:
        for number, text in canonical_lines(folder / REDACTIONS) if (folder / REDACTIONS).is_file() else ():
            one = decoded(decoder, text, number)
            if MARK.fullmatch(f"[redacted {one.id}]") is None or one.id in {each.id for each in found}:
                report.wrong(REDACTIONS, f"line {number} has the id {one.id!r}, which is none or stands twice")
            if one.bundle < 1:
                report.wrong(REDACTIONS, f"line {number} names bundle {one.bundle}, and chains begin with 1")
            found.append(one)
    except TextError as error:
        report.wrong(REDACTIONS, str(error))
        return tuple(found)
    for one in found:
        basis = f", by {one.basis}" if one.basis else ""
        where = ", ".join(f"{name} ({count})" for name, count in sorted(one.places.items())) or "nowhere any more"
        report.gap(f"{one.id}: a {one.what} was erased after bundle {one.bundle}: {one.reason}{basis}; in {where}.")
    if found and sound:
        _hold(folder, manifest, found, report)
    return tuple(found)


def _hold(folder: Path, manifest: Manifest, found: list[Redaction], report: Report) -> None:
    places = places_of(folder, sorted(manifest.files))
    for one in found:
        marked = places.get(one.id, {})
        for name in sorted(one.places.keys() | marked.keys()):
            if one.places.get(name, 0) != marked.get(name, 0):
                reason = (
                    f"{one.id} is told to be {one.places.get(name, 0)} times in {name}, and is {marked.get(name, 0)}"
                )
                report.wrong(REDACTIONS, reason)
