"""`summary.md`: a report for a pull request or the summary of a job."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.site.names import release_page
from generator.site.takeaway.markdown import code, cut, linked, plain, table
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import counted, version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.summary import DriftRow, EnvironmentSummary
    from generator.site.context import Context
    from generator.site.index import Release

FILE = "summary.md"
MOST_BYTES = 1_000_000
"""A job's summary may have 1 MiB in all."""
MOST_ROWS = 100
"""Rows of one list."""
FEW_ROWS = 10


def summary_markdown(context: Context, url: str) -> str:
    """Return the report as Markdown; `url` is the address of its site, empty where none is known."""
    return cut(_lines(context, f"{url.rstrip('/')}/" if url else ""), MOST_BYTES)


def _lines(context: Context, base: str) -> Iterator[str]:
    summary = context.summary
    yield f"# {plain(summary.title)}"
    yield ""
    when = context.calendar.moment(summary.as_of).text
    if summary.commit.id:
        yield _("Report of %(when)s at commit %(commit)s.", when=plain(when), commit=code(summary.commit.id[:12]))
    else:
        yield _("The repository has no commits yet.")
    if base:
        yield f"\n[{_('Open the whole report')}](<{base}index.html>)"
    if summary.coverage.limited:
        reason = plain(summary.coverage.limited)
        yield "\n" + _("This report does not cover the whole history: %(reason)s", reason=reason)
    yield ""
    for environment in context.productions:
        yield from _production(context, environment, base)
    lost = sum(row.level == "unreadable" for row in summary.unreadable)
    if lost:
        told = ngettext("%(number)s thing could not be read.", "%(number)s things could not be read.", lost)
        yield f"**{told}**" + (f" [{_('What')}](<{base}methods.html#unreadable>)" if base else "")


def _production(context: Context, environment: EnvironmentSummary, base: str) -> Iterator[str]:
    yield f"## {plain(environment.name)}"
    yield ""
    positions = context.index.by_environment.get(environment.name, [])
    if not positions:
        yield _("Nothing was deployed here yet.")
        yield ""
        return
    newest = context.index.releases[positions[-1]]
    yield _state(context, environment)
    yield ""
    link = linked(context.release_name(newest), base and f"{base}{release_page(newest.id)}")
    moment = context.calendar.moment(newest.at)
    yield f"**{_('Newest release')}**: {link}, {plain(newest.kind)}, {plain(moment.text)}. {plain(newest.verdict)}"
    yield ""
    yield from _gates(context, newest)
    yield from _waiting(environment)
    yield from _findings(environment, newest)
    yield from _drift(context, environment)


def _state(context: Context, environment: EnvironmentSummary) -> str:
    since = context.calendar.moment(environment.since)
    parts = [
        f"{counted(environment.components, 'component')}, {counted(environment.connections, 'connection')}",
        _("version %(digest)s", digest=code(environment.digest[:12])),
        _("last changed %(when)s", when=plain(f"{since.text}, {since.age}" if since.age else since.text)),
    ]
    return f"**{_('State')}**: {'; '.join(parts)}."


def _gates(context: Context, release: Release) -> Iterator[str]:
    if not release.gates:
        yield f"**{_('Gates')}**: {_('none is configured')}."
        yield ""
        return
    rows = context.objects.gates(release.environment, release.gates).rows
    passed = sum(row.outcome == "passed" for row in rows)
    told = _("%(passed)s of %(all)s passed", passed=number(passed), all=number(len(rows)))
    yield f"**{_('Gates')}**: {told}."
    yield ""
    bad = [row for row in rows if row.outcome != "passed"]
    if bad:
        cells = [[plain(row.name), f"**{plain(row.outcome)}**", plain(row.detail), plain(row.owner)] for row in bad]
        yield from _list([_("Gate"), _("Outcome"), _("Why"), _("Owner")], cells)


def _waiting(environment: EnvironmentSummary) -> Iterator[str]:
    if not environment.upstream:
        return
    rows = [row for row in environment.drift if row.drift == "pending" and _counts(row)]
    upstream = plain(environment.upstream)
    yield f"**{_('What waits in %(upstream)s', upstream=upstream)}**: {counted(len(rows), 'change')}."
    yield ""
    if rows:
        cells = [[plain(row.component), plain(row.field), _value(row.value), _value(row.upstream)] for row in rows]
        yield from _list([_("Component"), _("Field"), plain(environment.name), upstream], cells)


def _findings(environment: EnvironmentSummary, newest: Release) -> Iterator[str]:
    held = [row for row in environment.findings if row.exempt is None]
    levels = Counter(row.level for row in held)
    words = [counted(levels[name], name) for name in ("error", "warning", "note") if levels[name]]
    new = [row for row in held if row.release == newest.id]
    told = ngettext("%(number)s is new", "%(number)s are new", len(new)) if new else _("none is new")
    yield f"**{_('Findings')}**: {', '.join(words) or counted(0, 'finding')}; {told}."
    yield ""
    if new:
        cells = [
            [f"**{plain(row.level)}**", plain(row.message), plain(row.rule), plain(_place(row.path, row.line))]
            for row in new
        ]
        yield from _list([_("Level"), _("Finding"), _("Rule"), _("File")], cells)


def _drift(context: Context, environment: EnvironmentSummary) -> Iterator[str]:
    if environment.drift_not_assessed:
        yield f"**{_('Drift')}**: {_('not assessed: %(reason)s', reason=plain(environment.drift_not_assessed))}"
        yield ""
        return
    rows = [row for row in environment.drift if _counts(row)]
    kinds = Counter(row.drift for row in rows)
    words = [f"{number(kinds[name])} {plain(name)}" for name in ("pending", "ahead", "config", "structure")]
    accepted = _("%(number)s accepted", number=number(environment.accepted))
    yield f"**{_('Drift')}**: {', '.join([*words, accepted])}."
    yield ""
    other = sorted((row for row in rows if row.drift != "pending"), key=lambda row: -row.age_seconds)[:FEW_ROWS]
    if other:
        cells = [
            [
                plain(row.component), plain(row.field), plain(row.drift), _value(row.upstream), _value(row.value),
                plain(context.calendar.moment(row.since_at).text),
            ]
            for row in other
        ]  # fmt: skip
        head = [_("Component"), _("Field"), _("Class"), plain(environment.upstream), plain(environment.name)]
        yield from _list([*head, _("Since")], cells)


def _list(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from table(head, rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        left = len(rows) - MOST_ROWS
        yield ngettext("%(number)s more stands in the report.", "%(number)s more stand in the report.", left)
        yield ""


def _counts(row: DriftRow) -> bool:
    return row.exempt is None and not row.expected


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if path and line else path


def _value(raw: str | None) -> str:
    if raw is None:
        return f"*{_('absent')}*"
    return plain(version(raw)) if raw else f"*{_('empty text')}*"
