"""What stands beside the pages: data that scripts load on demand, badges, feeds, tables to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.atlas.data import write_atlas
from generator.site.audit.tables import write_audit
from generator.site.badges import FOLDER as BADGES
from generator.site.badges import write_badges
from generator.site.drift.register import write_register
from generator.site.finding.write import write_finding
from generator.site.past.history import write_history
from generator.site.takeaway.files import write_takeaway
from generator.site.takeaway.table import FOLDER as TABLES
from generator.site.tile_groups import badges_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.carrying import Carrying
    from generator.site.context import Context
    from generator.site.settings import SiteSettings
    from generator.site.takeaway.table import TableFile


def write_extras(
    context: Context, site: Path, settings: SiteSettings, carrying: Carrying | None = None, folder: str = ""
) -> tuple[TableFile, ...]:
    """Write into the built `site` every file that is no page; return the tables, for the page that offers them.

    Files that would come out as they are in the site that `carrying` knows, in which this one stands in `folder`
    (ending in `/`), come from there.
    """
    write_finding(context, site)
    write_audit(context, site, carrying, folder)
    write_register(context, site)
    write_atlas(context, site)
    write_history(context, site)
    write_badges(site / BADGES, badges_of(context.evidence, [env.name for env in context.productions]))
    tables = write_takeaway(context, site, settings.url)
    if carrying is not None:
        carrying.known.update({f"{folder}{TABLES}/{table.name}.csv": table.digest for table in tables if table.digest})
    return tables
