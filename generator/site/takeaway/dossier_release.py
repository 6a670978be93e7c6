"""The dossier of one release: what its page says, for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.fragments import Fragments
from generator.site.release_lists import Lists
from generator.site.release_view import release_view
from generator.site.takeaway.dossier import Cover, Fact, dossier_html, joined, report_facts
from generator.site.takeaway.verifying import verifying
from generator.site.texts import gettext as _
from generator.site.walk import moved, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.packs import DriftEntry
    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.templating import Templates
    from generator.site.walk import Step


def release_dossier(context: Context, templates: Templates, release: Release) -> str:
    """Return the dossier of `release` as HTML; the body is that of its page."""
    step, lists = _reached(context, release)
    view = release_view(context, Fragments(templates, ""), step, lists)
    body = templates.render("release", "", view)
    whole = joined([body, verifying(context, templates, release.digest)])
    return dossier_html(context, templates, _cover(context, release, step), whole)


def _cover(context: Context, release: Release, step: Step) -> Cover:
    record = step.record
    moment = context.calendar.moment(release.at)
    facts = [
        Fact(_("Released"), f"{moment.text}{f', {moment.age}' if moment.age else ''}"),
        Fact(_("Environment"), release.environment),
        Fact(_("Kind"), ", ".join([record.kind, *_flags(release)])),
        Fact(_("Commit"), record.commit.id, fixed=True),
        Fact(_("Author"), record.commit.author or _("not recorded")),
        Fact(_("Version"), record.digest, fixed=True),
    ]
    return Cover(
        over=_("Release dossier"),
        heading=context.release_name(release),
        verdict=release.verdict,
        facts=(*facts, *report_facts(context)),
        digest=record.digest,
        digest_of=_("Version"),
    )


def _flags(release: Release) -> list[str]:
    flags = (release.bypass, "bypass"), (release.bulk, "bulk"), (release.partial, "partial")
    return [name for held, name in flags if held]


def _reached(context: Context, release: Release) -> tuple[Step, Lists]:
    """Walk the environment of `release` up to it; raises `LookupError` where it never had such a release."""
    findings = context.evidence.findings(release.environment)
    drift = context.evidence.drift(release.environment)
    for step in walk(context.evidence, context.components, [release.environment]):
        record = step.record
        came, went = moved(findings, record.findings.object)
        drift_came: Mapping[str, DriftEntry] = {}
        drift_went: Mapping[str, DriftEntry] = {}
        if record.drift is not None:
            drift_came, drift_went = moved(drift, record.drift.object)
        if record.id == release.id:
            return step, Lists(findings.entries, came, went, drift_came, drift_went)
    raise LookupError(release.id)
