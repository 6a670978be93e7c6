"""What mass pages are drawn from, as bytes, so that a page that would come out as it is need not be drawn.

A key names too much rather than too little: what is in it and is not shown costs a page that is drawn for nothing,
what is shown and not in it would leave a page as it was. `tests/unit/site/test_site_incremental.py` holds whole sites
against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.stamps import code_stamp, folder_stamp
from generator.site.change_rows import neighbour_links, release_link
from generator.site.page_records import page_records
from generator.site.sources import template_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import Summary
    from generator.site.context import Context
    from generator.site.settings import SiteSettings

_ENCODER = msgspec.msgpack.Encoder()


def standing(summary: Summary, settings: SiteSettings) -> Iterator[bytes]:
    """Yield what every page of a report is drawn from: code, templates, texts, settings, and what the summary names."""
    yield code_stamp()
    for folder in template_folders(settings.overlays):
        yield folder_stamp(folder)
    for overlay in settings.overlays:
        yield folder_stamp(overlay)
    yield repr((settings.language, settings.url, summary.version, summary.title, summary.integrity)).encode()
    yield repr([(e.name, e.upstream, e.production, e.paths, e.reader) for e in summary.environments]).encode()
    yield repr([(rule.id, rule.level, rule.title, rule.setting) for rule in summary.rules]).encode()
    yield repr((summary.config_digest, summary.metrics.profile)).encode()


def release_key(context: Context, record: DeploymentRecord, position: int) -> tuple[bytes, ...]:
    """Return what the page of the release at `position` is drawn from.

    Lists and topologies are named by the digests in the record and in the record of the release before it; what came
    later, or stands beside it, is told one by one.
    """
    index = context.index
    row = index.releases[position]
    before, after = index.neighbours(index.by_environment[record.environment], position)
    records = context.once(page_records)
    names = dict.fromkeys(
        name
        for change in record.changes
        for name in (change.culprit, change.returns_to, change.origin.deployment if change.origin else None)
        if name
    )
    components = dict.fromkeys(change.component for change in record.changes)
    told = (
        row,
        release_link(context, before),
        release_link(context, after),
        context.release_name(row),
        index.topology(record.digest),
        context.drawn[row.picture].state if row.picture else "",
        [context.deployment_link(name) for name in (*names, *index.taken_back.get(record.id, ()))],
        [(neighbour_links(context, record.environment, n, position), context.component_link(n)) for n in components],
    )
    own = records.deployment(record.id), records.deployment(before.id) if before is not None else ""
    return (*(text.encode() for text in own), repr(told).encode(), _ENCODER.encode(context.records.get(record.id, ())))
