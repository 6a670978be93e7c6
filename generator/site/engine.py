"""The one run of MkDocs: our own configuration, in this process, quiet, and with a time that is not the clock's."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from markupsafe import Markup, escape

from generator.errors import AssayError, FaultError, one_line
from generator.site.resources import wanted
from generator.site.words import Calendar, epoch, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

    from generator.evidence.summary import Summary
    from generator.site.plugin import ReportPlugin
    from generator.site.settings import SiteSettings

PLUGIN = "assay-report"
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def load_configuration(source: Path, target: Path, summary: Summary, settings: SiteSettings) -> MkDocsConfig:
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
    config.theme["language"] = settings.language
    config.site_description = _text(f"Release evidence of {summary.title}")
    origin = Markup("a repository without commits")
    if summary.commit.id:
        when = Calendar("").moment(summary.as_of).text
        origin = Markup("{} at commit <code>{}</code>").format(when, shown(summary.commit.id[:12]))
    config.copyright = Markup("Report of {}, made by Assay {}").format(origin, shown(summary.version))
    config.extra["assay_wanted"] = wanted
    config.extra["assay_limited"] = _text(summary.coverage.limited)
    return config


def report_plugin(config: MkDocsConfig) -> ReportPlugin:
    """Return our plugin in the loaded configuration; raises `FaultError` where it is not among the plugins."""
    plugin = config.plugins.get(PLUGIN)
    if plugin is None:
        raise FaultError("plugins", f"mkdocs.yml does not name the plugin {PLUGIN}", fix="add it under plugins")
    return cast("ReportPlugin", plugin)


def run_mkdocs(config: MkDocsConfig, as_of: str) -> None:
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
    for logger, _ in before.values():
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
