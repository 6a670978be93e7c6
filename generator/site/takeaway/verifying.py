"""How somebody who holds a dossier checks what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.integrity import integrity
from generator.site.takeaway.dossier import manifest_digest

if TYPE_CHECKING:
    from markupsafe import Markup

    from generator.site.context import Context
    from generator.site.templating import Templates


class VerifyingView(NamedTuple):
    """What to run, and what must come out of it."""

    version: str
    """Digest of the environment version; empty for a period."""
    manifest: str
    commit: str
    ref: str
    config: str
    integrity: str


def verifying(context: Context, templates: Templates, version: str) -> Markup:
    """Return the last chapter: how to verify, with the digests that must come out."""
    summary = context.summary
    view = VerifyingView(
        version=version,
        manifest=manifest_digest(context),
        commit=summary.commit.id,
        ref=summary.ref,
        config=summary.config_digest,
        integrity=integrity(summary.integrity),
    )
    return templates.render("dossier-verify", "", view)
