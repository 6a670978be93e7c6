"""A dossier for paper: cover, contents, and what the site says of one release or of a period."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from generator.evidence.reading import MANIFEST
from generator.site.integrity import integrity
from generator.site.texts import gettext as _
from generator.site.texts import spoken
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.context import Context
    from generator.site.templating import Templates

HEADING = re.compile(r'<h(?P<level>[23]) id="(?P<id>[^"]+)"[^>]*>(?P<text>.*?)</h[23]>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
# What our templates write: attributes are escaped, so that no `>` or quote stands within one.
NO_PAPER = re.compile(r'<(nav|script|button|template)\b.*?</\1>|<img class="on-dark"[^>]*>', re.DOTALL)
LEADS_AWAY = re.compile(r'(<a\b[^>]*?)\shref="(?!#)[^"]*"')
LEADS = re.compile(r'(<a\b[^>]*?)\shref="#([^"]*)"')
IDS = re.compile(r'\sid="([^"]+)"')


class Fact(NamedTuple):
    """A line of the cover."""

    label: str
    text: str
    fixed: bool = False
    """Whether it is a digest or an id."""


class Cover(NamedTuple):
    """What the first page says."""

    over: str
    """What kind of dossier it is."""
    heading: str
    verdict: str
    facts: tuple[Fact, ...]
    digest: str
    """Stands at the foot of every page."""
    digest_of: str


class Chapter(NamedTuple):
    """A line of the contents."""

    anchor: str
    text: Markup
    level: int


class DossierView(NamedTuple):
    """A whole dossier."""

    language: str
    title: str
    """Of the document."""
    report: str
    """Title of the report."""
    as_of: str
    version: str
    cover: Cover
    chapters: tuple[Chapter, ...]
    body: Markup
    limited: str
    """Why the report does not cover the whole history; empty where it does."""


def dossier_html(context: Context, templates: Templates, cover: Cover, body: Markup) -> str:
    """Return the HTML of a dossier from its cover and what follows it."""
    summary, paper = context.summary, for_paper(body)
    view = DossierView(
        language=spoken().code,
        title=f"{shown(summary.title)}: {cover.heading}",
        report=shown(summary.title),
        as_of=summary.as_of,
        version=summary.version,
        cover=cover,
        chapters=chapters(paper),
        body=paper,
        limited=summary.coverage.limited,
    )
    return str(templates.render("dossier", "", view))


def report_facts(context: Context) -> tuple[Fact, ...]:
    """Return what the cover says of the report itself."""
    summary = context.summary
    facts = [Fact(_("Report"), context.calendar.moment(summary.as_of).text)]
    if summary.commit.id:
        facts.append(Fact(_("Seen at commit"), summary.commit.id, fixed=True))
    facts += [
        Fact(_("Evidence"), manifest_digest(context), fixed=True),
        Fact(_("Integrity"), integrity(summary.integrity)),
        Fact(_("Made by"), f"Assay {summary.version}"),
    ]
    return tuple(facts)


def manifest_digest(context: Context) -> str:
    """Return the SHA-256 of the manifest, which names every file of the evidence; empty where there is none."""
    path = context.evidence.folder / MANIFEST
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def for_paper(html: Markup) -> Markup:
    """Return HTML of our own templates without what paper can't use: navigation, scripts, links to other pages.

    A link within the page stays where its place is there.
    """
    text = LEADS_AWAY.sub(r"\1", NO_PAPER.sub("", str(html)))
    known = set(IDS.findall(text))
    text = LEADS.sub(lambda found: found[0] if found[2] in known else found[1], text)
    return Markup(text)  # noqa: S704 - a part of what autoescaping templates wrote


def chapters(html: Markup) -> tuple[Chapter, ...]:
    """Return the headings that have an id, in their order."""
    found = HEADING.finditer(str(html))
    return tuple(
        Chapter(Markup(one["id"]).unescape(), Markup(TAGS.sub("", one["text"])), int(one["level"]))  # noqa: S704 - as above
        for one in found
    )


def joined(parts: Sequence[Markup]) -> Markup:
    """Return several parts as one."""
    return Markup("\n").join(parts)
