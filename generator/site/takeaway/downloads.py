"""The list of what can be taken away; sizes are known, and set in, once the files are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.errors import FaultError, Place
from generator.evidence.redaction import REDACTIONS, read_redactions
from generator.site.names import page_name
from generator.site.takeaway.feeds import FEEDS
from generator.site.takeaway.table import FOLDER
from generator.site.takeaway.tables import TABLES
from generator.site.texts import decimal, number
from generator.site.texts import gettext as _
from generator.site.words import quarter, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.takeaway.table import TableFile

PAGES = ("downloads.html", "downloads/index.html")
"""Where the list stands in a built site, by how its engine names pages."""
SLOT = "assay-size-of-"
KILO = 1024
UNITS = ("B", "KB", "MB", "GB")


class TableLink(NamedTuple):
    """A table on the page."""

    page: str
    name: str
    says: str
    slot: str
    """Mark that its rows and size take the place of."""


class FeedLink(NamedTuple):
    """A feed on the page."""

    of: str
    """Environment; empty for all of production."""
    atom: str
    json: str


class DownloadsView(NamedTuple):
    """Everything that the page offers."""

    tables: tuple[TableLink, ...]
    feeds: tuple[FeedLink, ...]
    evidence: tuple[tuple[str, str], ...]
    """(file, what it is)."""
    kept: tuple[tuple[int, str], ...]
    """(number, report day) of each earlier bundle that the site keeps in whole."""
    newest: str
    """Id of the newest release; empty where there is none."""
    quarter: str
    """Quarter of the report; empty where its time is not known."""


def downloads_view(context: Context) -> DownloadsView:
    """Return the tables, feeds and records that the site holds."""
    several = len(context.productions) > 1
    names = [environment.name for environment in context.productions] if several else []
    return DownloadsView(
        tables=tuple(
            TableLink(f"{FOLDER}/{table.name}.csv", f"{table.name}.csv", _(table.says), f"{SLOT}{table.name}-")
            for table in TABLES
        ),
        feeds=(
            FeedLink("", "releases.atom", "feed.json"),
            *(
                FeedLink(shown(name), f"{FEEDS}/{page_name(name)}.atom", f"{FEEDS}/{page_name(name)}.json")
                for name in names
            ),
        ),
        evidence=(
            ("summary.json", _("the report in one record")),
            ("deployments.jsonl", _("a line a deployment")),
            ("manifest.json", _("the digest of every file of the evidence")),
            *(((REDACTIONS, _("what was erased, and why")),) if read_redactions(context.evidence.folder) else ()),
        ),
        kept=tuple((sequence, as_of[:10]) for sequence, as_of in context.kept),
        newest=context.index.releases[-1].id if context.index.releases else "",
        quarter=quarter(context.summary.as_of),
    )


def tell_sizes(site: Path, files: Iterable[TableFile]) -> None:
    """Set rows and sizes of `files` into the page of the built `site` that offers them.

    A site whose owner took the page away has nothing to be told. Raises `FaultError` where a mark is left over.
    """
    slots = {f"{SLOT}{file.name}-{part}": text for file in files for part, text in _told(file).items()}
    for name in PAGES:
        path = site / name
        if not path.is_file():
            continue
        text = path.read_text("utf-8")
        for slot, words in slots.items():
            text = text.replace(slot, words)
        if SLOT in text:
            raise FaultError("downloads", "a table on the page was not written", place=Place(name))
        path.write_text(text, "utf-8", newline="\n")


def _told(file: TableFile) -> Mapping[str, str]:
    return {"rows": number(file.rows), "size": size_text(file.size), "bytes": str(file.size)}


def size_text(size: int) -> str:
    """Return a number of bytes as a person reads it: `812 B`, `1.4 MB`."""
    figure, unit = float(size), UNITS[0]
    for unit in UNITS:
        if figure < KILO or unit == UNITS[-1]:
            break
        figure /= KILO
    return f"{number(size)} B" if unit == UNITS[0] else f"{decimal(figure, 1 if figure < 100 else 0)} {unit}"  # noqa: PLR2004 - three digits
