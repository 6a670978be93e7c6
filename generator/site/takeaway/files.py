"""Everything that a site holds for taking away, written at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.takeaway.feeds import write_feeds
from generator.site.takeaway.preview import write_previews
from generator.site.takeaway.summary_markdown import FILE, summary_markdown
from generator.site.takeaway.table import FOLDER
from generator.site.takeaway.tables import write_tables

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.takeaway.table import TableFile


def write_takeaway(context: Context, site: Path, url: str) -> tuple[TableFile, ...]:
    """Write tables, feeds, the summary and previews into the built `site`; `url` is its address, or empty.

    Return the tables.
    """
    tables = write_tables(context, site / FOLDER)
    write_feeds(context, site, url)
    (site / FILE).write_text(summary_markdown(context, url), "utf-8", errors="backslashreplace", newline="\n")
    if url:
        write_previews(context, site)
    return tables
