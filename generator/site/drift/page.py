"""The page of the drift register: what each section of it may take, so that the page stays light."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.site.drift.acceptances import acceptances
from generator.site.drift.register import STANDING, sources
from generator.site.drift_view import CLASSES, FEWEST, MOST_CHARTS, SHARED, DriftView, counts_now, section
from generator.site.texts import gettext as _
from generator.site.texts import ngettext
from generator.site.words import listed, shown, span

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context


def drift_view(context: Context) -> DriftView:
    """Return the register, one section for each environment that has an upstream or a reason to have none."""
    environments = [env for env in context.from_production if env.upstream or env.production]
    most = max(FEWEST, SHARED // max(1, len(environments)))
    sections = tuple(section(context, env, most, _charts(at)) for at, env in enumerate(environments))
    files = sources(context)
    return DriftView(
        sections=sections,
        sentence=_sentence(environments),
        acceptances=acceptances(context),
        sources=files,
        environments=tuple(dict.fromkeys(source.environment for source in files)),
        years=tuple(sorted({source.what for source in files} - {STANDING}, reverse=True)),
        classes=tuple((name, _(meaning)) for name, meaning in CLASSES),
        words=json.dumps({"counts": _("counts"), "accepted": _("accepted"), "expected": _("expected")}),
    )


def _charts(at: int) -> int:
    """Return how many charts the section at the position `at` has: the first has the age of its drift too."""
    return 2 if at == 0 else int(at < MOST_CHARTS)


def _sentence(environments: list[EnvironmentSummary]) -> str:
    told = [_standing(env) for env in environments if env.production and not env.drift_not_assessed]
    return " ".join(told)


def _standing(env: EnvironmentSummary) -> str:
    rows = [row for row in env.drift if counts_now(row)]
    name, upstream = shown(env.name), shown(env.upstream)
    if not rows:
        return _("%(name)s has no drift from %(upstream)s that counts.", name=name, upstream=upstream)
    oldest = max(rows, key=lambda row: row.age_seconds)
    components = list(dict.fromkeys(row.component for row in rows))
    return ngettext(
        "%(name)s differs from %(upstream)s in one thing, for %(age)s, in %(components)s.",
        "%(name)s differs from %(upstream)s in %(number)s things, the oldest of them for %(age)s, in %(components)s.",
        len(rows),
        name=name,
        upstream=upstream,
        age=span(oldest.age_seconds),
        components=listed([shown(one) for one in components], 2),
    )
