"""The one run of MkDocs: our own configuration, in this process, quiet, and with a time that is not the clock's."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from markupsafe import Markup, escape

from generator.errors import AssayError, FaultError, one_line
from generator.site.integrity import integrity_line
from generator.site.markable import takes_marks
from generator.site.marks import EPOCH_DAY, FOOT, RECORD
from generator.site.resources import wanted
from generator.site.texts import ENGLISH, N_, translated
from generator.site.texts import gettext as _
from generator.site.words import Calendar, epoch, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig

    from generator.evidence.summary import Summary
    from generator.site.marks import Marks
    from generator.site.own import Own
    from generator.site.plugin import ReportPlugin
    from generator.site.search_entries import Indexed
    from generator.site.settings import SiteSettings

PLUGIN = "assay-report"
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"
LANGUAGES = "partials/languages"
"""Where Material keeps its own texts, a file a language."""
IMPRINT = N_("Report of %(when)s at commit <code>%(commit)s</code>, made by Assay %(version)s")
TITLES = (
    *(N_("Home"), N_("Releases"), N_("Find"), N_("Environments"), N_("Matrix"), N_("Compare"), N_("Components")),
    *(N_("Topologies"), N_("Assurance"), N_("Drift"), N_("Triage"), N_("Checks"), N_("Audit"), N_("Trends")),
    *(N_("Help"), N_("Glossary"), N_("Methods"), N_("Downloads")),
    N_("Colours follow the system; switch to light"),
    N_("Light colours; switch to dark"),
    N_("Dark colours; switch to those of the system"),
)
"""What site_src/mkdocs.yml says itself, here for the catalogue."""


class Made(NamedTuple):
    """What a run of MkDocs tells of the site that it made."""

    address: str
    """The site's own; empty where it has none."""
    indexed: tuple[Indexed, ...]
    """Pages with placeholders that the search knows."""
    marked: bool
    """Whether marks stand in it."""


def make(source: Path, target: Path, summary: Summary, settings: SiteSettings, own: Own, marks: Marks) -> Made:
    """Build the site of `source` at `target`: with `marks`, or where that can't be, with what they stand for.

    Raises `FaultError` where MkDocs gives up, and whatever drawing the parts raises.
    """
    config = _configuration(source, target, summary, settings, own)
    plugin, marked = _report_plugin(config), takes_marks(config, source)
    told = marks.marking() if marked else marks.told
    config.copyright, config.extra["assay_record"] = told.words[FOOT], told.words[RECORD]
    plugin.attach(told.parts, told.headings)
    _run_mkdocs(config, f"{EPOCH_DAY}T00:00:00Z" if marked else summary.as_of)
    return Made(config.site_url or "", tuple(plugin.indexed), marked)


def _configuration(source: Path, target: Path, summary: Summary, settings: SiteSettings, own: Own) -> MkDocsConfig:
    """Return the configuration of `source/mkdocs.yml` for a build into `target`, titled as the report.

    Texts of the report are escaped here: MkDocs sets them into its pages as they are.
    """
    from mkdocs.config import load_config  # noqa: PLC0415 - half a second that only a build should pay

    with _quiet():
        config = load_config(
            str(source / "mkdocs.yml"), docs_dir=str(source / "docs"), site_dir=str(target), strict=False
        )
    config.site_name = _text(summary.title)
    config.site_url = settings.url or config.site_url
    config.site_description = _text(_("Release evidence of %(title)s", title=summary.title))
    config.extra["assay_made"] = escape(_("Made by Assay %(version)s.", version=shown(summary.version)))
    config.extra["assay_which"] = escape(_("Which report it belongs to"))
    config.extra["assay_integrity"] = escape(integrity_line(summary.integrity))
    _speak(config, settings.language)
    _place(config, own)
    config.extra["assay_wanted"] = wanted
    config.extra["assay_limited"] = ""
    if summary.coverage.limited:
        limited = _("This report does not cover the whole history: %(reason)s", reason=summary.coverage.limited)
        config.extra["assay_limited"] = _text(limited)
    return config


def imprint(summary: Summary) -> Markup:
    """Return what the foot of a page says of its report, as HTML."""
    told = {"version": shown(summary.version)}
    if not summary.commit.id:
        return escape(_("Report of a repository without commits, made by Assay %(version)s", **told))
    told["when"] = Calendar("").moment(summary.as_of).text
    told["commit"] = shown(summary.commit.id[:12])
    return Markup(translated(IMPRINT)) % told  # noqa: S704 - a text of ours; what is set in is escaped


def _speak(config: MkDocsConfig, language: str) -> None:
    """Set the language of the theme's own texts, and translate ours in the navigation and its switches."""
    known = [code for code in (language, language.partition("-")[0]) if _knows(config, code)]
    config.theme["language"] = known[0] if known else ENGLISH
    config.nav = _translated(config.nav)
    for colours in config.theme.get("palette") or ():
        if isinstance(colours, dict) and "toggle" in colours:
            colours["toggle"]["name"] = _(colours["toggle"]["name"])


def _knows(config: MkDocsConfig, language: str) -> bool:
    return any((Path(folder) / LANGUAGES / f"{language}.html").is_file() for folder in config.theme.dirs)


def _translated(entries: Any) -> Any:  # noqa: ANN401 - the navigation as YAML has it: lists, mappings, texts
    """Return a navigation with its titles in the language of the site; pages and titles of a user's own stay."""
    if isinstance(entries, list):
        return [_translated(entry) for entry in entries]
    if isinstance(entries, dict):
        return {_(title): _translated(inner) for title, inner in entries.items()}
    return entries


def _place(config: MkDocsConfig, own: Own) -> None:
    """Show the user's pictures in place of ours, and the user's pages after ours."""
    if own.logo:
        config.theme["logo"] = own.logo
    if own.favicon:
        config.theme["favicon"] = own.favicon
    if own.pages and config.nav is not None:
        config.nav.append({_("More"): list(own.pages)})


def _report_plugin(config: MkDocsConfig) -> ReportPlugin:
    """Return our plugin in the loaded configuration; raises `FaultError` where it is not among the plugins."""
    plugin = config.plugins.get(PLUGIN)
    if plugin is None:
        raise FaultError("plugins", f"mkdocs.yml does not name the plugin {PLUGIN}", fix="add it under plugins")
    return cast("ReportPlugin", plugin)


def _run_mkdocs(config: MkDocsConfig, as_of: str) -> None:
    """Build the site of `config`, with `as_of` in place of the clock; raises `FaultError` where MkDocs gives up."""
    from mkdocs.commands.build import build  # noqa: PLC0415 - as above
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415 - as above

    with _quiet(), _time(as_of):
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        except (MkDocsException, SystemExit) as fault:
            cause = fault.__cause__ or fault.__context__
            if isinstance(cause, AssayError):
                raise cause from fault
            raise FaultError("mkdocs", one_line(str(fault)), fix="look at site_src and the overlays") from fault


def _text(text: str) -> Markup:
    return escape(shown(text))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MkDocs and its plugins from talking to our terminal; errors come as exceptions."""
    before = {name: (logging.getLogger(name), logging.getLogger(name).level) for name in ("mkdocs", "markdown")}
    for logger, _level in before.values():
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in before.values():
            logger.setLevel(level)


@contextmanager
def _time(as_of: str) -> Iterator[None]:
    before = os.environ.get(EPOCH_VARIABLE)
    os.environ[EPOCH_VARIABLE] = str(epoch(as_of))
    try:
        yield
    finally:
        if before is None:
            del os.environ[EPOCH_VARIABLE]
        else:
            os.environ[EPOCH_VARIABLE] = before
