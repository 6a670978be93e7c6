"""The statements of one release, taken from a bundle as they stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError, UsageError
from generator.evidence.dsse import envelope_text, envelopes_path, read_envelopes, statements_path
from generator.evidence.reading import Evidence
from generator.evidence.version_names import find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Predicate(msgspec.Struct, frozen=True):
    release: str = ""
    named: str = msgspec.field(default="", name="urn:assay:release")


class _Statement(msgspec.Struct, frozen=True):
    predicateType: str  # noqa: N815 - the name that in-toto gives it
    predicate: _Predicate = _Predicate()


def statements_of_release(site: Path, release: str, predicate_type: str = "", *, signed: bool = False) -> list[bytes]:
    """Return the statements of a release in a site or a bundle, or (`signed`) their envelopes, each a line of JSON.

    `release` is a name as `assay show` takes it; `predicate_type` leaves out other types. Raises `UsageError` where it
    names no release, or there is none such of it, and `RefusedError` where the bundle can't be read.
    """
    folder = site / "evidence" if (site / "evidence").is_dir() else site
    evidence = Evidence(folder)
    found = find(evidence, release)
    if not any(e.name == found.environment and e.production for e in evidence.summary.environments):
        reason = f"{found.environment} is no production environment, and only releases have statements"
        raise UsageError("statement", reason, fix="name a release, such as production-1")
    identity = found.deployment.id
    decoder = msgspec.json.Decoder(_Statement)
    lines = []
    for statement, line in _lines(folder, found.environment, signed=signed):
        try:
            told = decoder.decode(statement)
        except (msgspec.DecodeError, UnicodeError) as fault:
            place = Place(str(folder / statements_path(found.environment)))
            raise RefusedError(
                "evidence", f"a line is no statement: {fault}", place=place, fix="build it again"
            ) from fault
        of_it = identity in {told.predicate.release, told.predicate.named}
        if of_it and predicate_type in {"", told.predicateType}:
            lines.append(line)
    if not lines:
        what = "signed statement" if signed else "statement"
        raise UsageError(
            "statement", f"there is no such {what} of {identity}", fix="sign it by assay sign" if signed else ""
        )
    return lines


def _lines(folder: Path, environment: str, *, signed: bool) -> Iterator[tuple[bytes, bytes]]:
    """Yield each statement of an environment, and the line to show for it."""
    if signed:
        for found in read_envelopes(folder / envelopes_path(environment)):
            yield found.statement, envelope_text(found)
        return
    path = folder / statements_path(environment)
    if not path.is_file():
        raise RefusedError("evidence", "holds no statements", place=Place(str(path)), fix="build it again")
    with path.open("rb") as file:
        for whole in file:
            line = whole.rstrip(b"\n")
            yield line, line
