"""The mass pages of what waits: one for each production environment that has an upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.next_release import NextRecord
from generator.site.frames import MassPage
from generator.site.names import next_page
from generator.site.next_release.view import next_view
from generator.site.page_records import page_records
from generator.site.release_limits import LEVELS, fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.fragments import Fragments
    from generator.site.templating import Templates

ROOT = "../"
_UNTOLD = "the evidence was made by a version that did not look ahead; build it again."


def next_pages(context: Context, templates: Templates, fragments: Fragments) -> Iterator[MassPage]:
    """Yield the page of what waits for each production environment that has an upstream."""
    for env in context.productions:
        if env.upstream:
            yield _page(context, templates, fragments, env)


def _page(context: Context, templates: Templates, fragments: Fragments, env: EnvironmentSummary) -> MassPage:
    record = context.evidence.next_release(env.name) or _untold(context, env)
    for limits in LEVELS:
        view = next_view(context, fragments, env, record, limits)
        body = templates.render("next", ROOT, view)
        if fits(body):
            break
    return MassPage(
        kind="next",
        path=next_page(env.name),
        title=view.heading,
        description=f"{view.heading}: {view.verdict.text} {view.would}".rstrip(),
        body=body,
        previous=view.newest.page.rpartition("/")[2] if view.newest is not None else "",
        search=f"{view.verdict.text} {view.would}",
        record=context.once(page_records).next_release(env.name),
    )


def _untold(context: Context, env: EnvironmentSummary) -> NextRecord:
    commit = context.summary.commit.id
    return NextRecord(env.name, env.upstream, context.summary.as_of, commit, "not assessed", _UNTOLD, digest=env.digest)
