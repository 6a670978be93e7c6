"""A dossier of a release or of a period, from evidence that is there or is gathered for it."""

from __future__ import annotations

import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import FaultError, Place, UsageError, VerifyError
from generator.evidence.manifest import verify_manifest
from generator.evidence.version_names import find
from generator.site.context import Context
from generator.site.index import build_index
from generator.site.settings import PLAIN
from generator.site.sources import template_folders, text_folders
from generator.site.takeaway.dossier_period import period_dossier
from generator.site.takeaway.dossier_release import release_dossier
from generator.site.takeaway.on_demand import DrawnOnDemand, Wanted
from generator.site.takeaway.paper import to_pdf
from generator.site.takeaway.spans import span_of
from generator.site.templating import Templates
from generator.site.texts import speaking
from generator.site.words import Calendar

if TYPE_CHECKING:
    from generator.evidence.reading import Evidence
    from generator.site.index import Release
    from generator.site.settings import SiteSettings

NAMED = 3
"""Releases that an error names."""


class Dossier(NamedTuple):
    """A dossier, and what it is of."""

    pdf: bytes
    sides: tuple[tuple[str, str], ...]
    """(environment, time up to which it is told, RFC 3339 in UTC; empty for any): what could not be read of these is
    missing in it."""


def dossier(evidence: Evidence, target: str, settings: SiteSettings = PLAIN) -> Dossier:
    """Return the dossier of `target`, a release or a period; the same evidence gives the same bytes.

    Raises `UsageError` for a name that means neither or where WeasyPrint is not installed, `VerifyError` where the
    evidence is not what its manifest says.
    """
    _refuse_changed(evidence)
    with (
        tempfile.TemporaryDirectory(prefix="assay-") as folder,
        speaking(settings.language, text_folders(settings.overlays)),
    ):
        span = span_of(target)
        wanted = Wanted(Path(folder) / "diagrams")
        components = evidence.components()
        index = build_index(evidence, components, wanted)
        context = Context(evidence, components, index, Calendar(evidence.summary.as_of), DrawnOnDemand(wanted))
        templates = Templates(template_folders(settings.overlays))
        if span is not None:
            html = period_dossier(context, templates, span)
            sides = (("", ""), *((environment.name, f"{span.last}T24") for environment in context.productions))
        else:
            release = release_named(context, target)
            html = release_dossier(context, templates, release)
            sides = ((release.environment, release.at),)
        return Dossier(to_pdf(html, wanted.folder), sides)


def write_dossier(
    evidence: Evidence, target: str, output: Path, settings: SiteSettings = PLAIN
) -> tuple[tuple[str, str], ...]:
    """Write the dossier of `target` to `output`; return what it is of, as in `Dossier`.

    Raises as `dossier`, and `FaultError` where the disk fails.
    """
    made = dossier(evidence, target, settings)
    try:
        output.write_bytes(made.pdf)
    except OSError as fault:
        raise FaultError("write", fault.strerror or str(fault), place=Place(str(output))) from fault
    return made.sides


def release_named(context: Context, name: str) -> Release:
    """Return the release that `name` means: its id, its tag, or any name of a version that `assay show` takes.

    Raises `UsageError` with the nearest names where it means none.
    """
    index = context.index
    if name in index.position:
        return index.releases[index.position[name]]
    tagged = [row for row in index.releases if name in row.tags]
    if tagged:
        return tagged[-1]
    environments = [environment.name for environment in context.summary.environments]
    known = [*(row.id for row in reversed(index.releases)), *(tag for row in index.releases for tag in row.tags)]
    if not any(name == one or name.startswith((f"{one}@", f"{one}-")) for one in environments):
        near = get_close_matches(name[:80], known, n=NAMED, cutoff=0.6)
        words = f"did you mean {' or '.join(near)}?" if near else _some(index.releases)
        raise UsageError("release", f"there is no release or period {name!r}", fix=words)
    found = find(context.evidence, name)
    if found.deployment.id not in index.position:
        reason = f"{found.deployment.id} is no release: {found.environment} is no production environment"
        raise UsageError("release", reason, fix=_some(index.releases))
    return index.releases[index.position[found.deployment.id]]


def _some(releases: list[Release]) -> str:
    return f"the newest release is {releases[-1].id}" if releases else "nothing was released yet"


def _refuse_changed(evidence: Evidence) -> None:
    changed = verify_manifest(evidence.folder)
    if changed:
        more = f", and {len(changed) - 1} more files" if len(changed) > 1 else ""
        raise VerifyError("verify", f"{changed[0].reason}{more}", place=Place(changed[0].path), fix="build it again")
