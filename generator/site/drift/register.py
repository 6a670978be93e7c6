"""The whole register as data that the page loads when somebody filters: what stands, and year by year what ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.site.drift.source import Source
from generator.site.drift_view import drift_line, ended_line
from generator.site.names import page_name
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.evidence.packs import EndedRecord
    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.site.context import Context

FOLDER = "assets/drift"
STANDING = "standing"
UNDATED = "undated"
YEAR = 4


def sources(context: Context) -> tuple[Source, ...]:
    """Return the files of the register, production first, each with what stands before what ended."""
    found = []
    for env in _compared(context):
        found.append(Source(env.name, STANDING, _file(env.name, STANDING), len(env.drift)))
        years: dict[str, int] = {}
        for record in context.evidence.ended(env.name):
            year = _year(record)
            years[year] = years.get(year, 0) + 1
        found += [Source(env.name, year, _file(env.name, year), years[year]) for year in sorted(years, reverse=True)]
    return tuple(found)


def write_register(context: Context, site: Path) -> None:
    """Write every file of the register into the built `site`."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    for env in _compared(context):
        _write(site, env.name, STANDING, (_standing(context, row) for row in env.drift))
        years: dict[str, list[list[object]]] = {}
        for record in context.evidence.ended(env.name):
            years.setdefault(_year(record), []).append(_ended(context, record))
        for year, rows in years.items():
            _write(site, env.name, year, reversed(rows))


def _compared(context: Context) -> tuple[EnvironmentSummary, ...]:
    return tuple(env for env in context.from_production if env.upstream)


def _year(record: EndedRecord) -> str:
    return record.until_at[:YEAR] or UNDATED


def _file(environment: str, what: str) -> str:
    return f"{FOLDER}/{page_name(environment)}-{what}.js"


def _write(site: Path, environment: str, what: str, rows: Iterable[list[object]]) -> None:
    path = _file(environment, what)
    with (site / path).open("w", encoding="ascii") as file:
        file.writelines(_script(path, rows))


def _script(path: str, rows: Iterable[list[object]]) -> Iterator[str]:
    yield f"(globalThis.assayDrift??={{}})[{json.dumps(path)}]=[\n"
    for row in rows:
        yield json.dumps(row).replace("<", "\\u003c") + ",\n"
    yield "];\n"


def _standing(context: Context, row: DriftRow) -> list[object]:
    line = drift_line(context, row)
    state = "expected" if line.expected else "accepted" if line.acceptance else "counts"
    why = line.expected
    if line.acceptance is not None:
        allowed = line.acceptance
        why = _(
            "accepted by %(owner)s until %(until)s: %(reason)s",
            owner=allowed.owner,
            until=allowed.until,
            reason=allowed.reason,
        )
    since = [line.since.iso, line.since.text, line.commit.full]
    return [line.component, line.aspect, line.field, line.drift, line.upstream.text, line.value.text, line.age_seconds,
            line.age, *since, state, why]  # fmt: skip


def _ended(context: Context, record: EndedRecord) -> list[object]:
    line = ended_line(context, record, aged=False)
    since = [line.since.iso, line.since.text, line.commit.full]
    until = [line.until.iso, line.until.text, line.until_commit.full, line.how]
    return [line.component, line.aspect, line.field, line.drift, line.upstream.text, line.value.text, line.age_seconds,
            line.age, *since, "ended", line.note, *until]  # fmt: skip
