"""What stands beside the pages: data that scripts load on demand, badges, feeds, tables to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.badges import FOLDER as BADGES
from generator.site.badges import write_badges
from generator.site.listing_views import DATA_FILE, filter_data
from generator.site.tile_groups import badges_of

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.settings import SiteSettings


def write_extras(context: Context, site: Path, settings: SiteSettings) -> None:
    """Write into the built `site` every file that is no page."""
    del settings
    with (site / DATA_FILE).open("w", encoding="utf-8") as file:
        file.writelines(filter_data(context))
    write_badges(site / BADGES, badges_of(context.evidence, [env.name for env in context.productions]))
