"""The plugin `assay` of MkDocs and ProperDocs: the report as part of a user's own documentation."""

from __future__ import annotations

import os
import posixpath
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from generator.embedding.options import AssayOptions
from generator.embedding.pages import NEEDED_EXTENSIONS, Source, place_in_nav
from generator.embedding.styles import FRAME, GUEST, OPENING, SCALE, fit_styles
from generator.embedding.watching import stamps, watched
from generator.errors import AssayError
from generator.evidence.reading import Evidence
from generator.pipeline.gathering import gather
from generator.pipeline.look import Look, settled
from generator.pipeline.request import Request
from generator.site.draft import Draft, Stages, draft
from generator.site.frames import HEAD
from generator.site.own import lay_own
from generator.site.resources import wanted
from generator.site.settings import SiteSettings
from generator.site.sources import lay_site_source, text_folders
from generator.site.texts import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from generator.config.schema import Config

log = get_plugin_logger(__name__)
STYLES = "assets/stylesheets"


class AssayPlugin(BasePlugin[AssayOptions]):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook without types
    """Reads the history when the site is built, sets its pages beside the user's, and completes them."""

    def __init__(self) -> None:
        self._work: Path | None = None
        self._seen: object = None
        self._look = Look()
        self._evidence: Path | None = None
        self._draft: Draft | None = None
        self._source: Source | None = None
        self._open = ExitStack()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Make a folder to work in; the plugin lives from here on, through every reload."""
        del command, dirty
        self._work = Path(tempfile.mkdtemp(prefix="assay-"))

    def on_shutdown(self) -> None:
        """Remove what was worked with."""
        self._open.close()
        if self._work is not None:
            shutil.rmtree(self._work, ignore_errors=True)

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the history, unless it stands as it was read last."""
        if self._work is None:
            self.on_startup(command="build", dirty=False)
        with _told():
            evidence = self._read(config)
            settings = self._settings(config)
            self._open.close()
            self._open.enter_context(speaking(settings.language, text_folders(settings.overlays)))
            if evidence is not None:
                self._draw(evidence, settings)
            self._lay(config, settings)
        known = config.markdown_extensions
        config.markdown_extensions = [*known, *(name for name in NEEDED_EXTENSIONS if name not in known)]
        return config

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Add our pages and assets."""
        place = self.config.folder
        taken = sorted(file.src_uri for file in files if file.src_uri.startswith(f"{place}/"))
        if taken:
            reason = f"{taken[0]} stands where the report would: name another `folder` for the plugin assay"
            raise PluginError(reason)
        for file in self._laid.files(config, place):
            files.append(file)
        place_in_nav(config, files, self._laid.nav, place, self.config.title)
        return files

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the placeholders of a page, ours or one of the user's."""
        del config, files
        if "data-assay=" not in html and not self._is_ours(page):
            return html
        with _told():
            filler = self._ready.filler()._replace(opening=OPENING)
            return filler.fill(html, page, self._root(page), ours=self._is_ours(page))

    def on_post_page(self, output: str, /, *, page: Page, config: MkDocsConfig) -> str:
        """Give our pages their styles and scripts, which must not reach those of the user."""
        del config
        content = page.content or ""
        if not self._is_ours(page) and OPENING not in content:
            return output
        root, resources = self._root(page), wanted(content, page.meta.get("loads"))
        styles = [*self._styles(), *(one.style for one in resources if one.style)]
        scripts = [*self._laid.scripts, *(one.script for one in resources if one.script)]
        head = "".join(f'<link rel="stylesheet" href="{escape(root + style)}">' for style in styles)
        foot = "".join(f'<script src="{escape(root + script)}" defer></script>' for script in scripts)
        head += HEAD if page.meta.get("frame") else ""
        return output.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{foot}</body>", 1)

    # After the search has written its index, before a plugin for offline use turns it into a script.
    @event_priority(-50)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Set the pages of which there are many into their frames, and lay the evidence beside them."""
        site, place = Path(config.site_dir), self.config.folder
        with _told():
            report = self._ready
            report.complete(site, config.site_url or "", f"{place}/")
            report.lay_diagrams(site / place, keep=True)
            if self._evidence is not None:
                shutil.copytree(self._evidence, site / place / "evidence", copy_function=shutil.copyfile)

    def on_serve(self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: object) -> LiveReloadServer:
        """Build again when a commit came, or the configuration changed."""
        del builder
        for path in self._watched(config):
            server.watch(str(path))
        return server

    @property
    def _ready(self) -> Draft:
        if self._draft is None:
            raise _missing("history")
        return self._draft

    @property
    def _laid(self) -> Source:
        if self._source is None:
            raise _missing("source")
        return self._source

    def _folder(self, name: str) -> Path:
        if self._work is None:
            raise _missing("folder")
        return self._work / name

    def _root(self, page: Page) -> str:
        """Return the way from a page to the root of the report, ending in `/`; empty where that is its folder."""
        way = posixpath.relpath(self.config.folder, posixpath.dirname(page.file.dest_uri) or ".")
        return "" if way == "." else f"{way}/"

    def _is_ours(self, page: Page) -> bool:
        return page.file.src_uri.startswith(f"{self.config.folder}/")

    def _styles(self) -> list[str]:
        """Return the styles of all our pages: the frame around them is the host's."""
        first = self._laid.styles.index(FRAME) if FRAME in self._laid.styles else 0
        return [*self._laid.styles[:first], GUEST, *(one for one in self._laid.styles[first:] if one != FRAME)]

    def _settings(self, config: MkDocsConfig) -> SiteSettings:
        """Return how the report is to look: as the options say, then as its repository does, in the host's site."""
        overlays = tuple(self._path(config, one) for one in (self.config.overlay,) if one)
        own = settled(self._look, SiteSettings(overlays=overlays), self.config.language, self._folder("look"))
        address = f"{config.site_url.rstrip('/')}/{self.config.folder}/" if config.site_url else ""
        return msgspec.structs.replace(own, url=address, logo=None, favicon=None)

    def _read(self, config: MkDocsConfig) -> Evidence | None:
        """Return the evidence of the history; `None` where it stands as it was read last."""
        state = tuple(stamps(self._watched(config)))
        if self._draft is not None and state == self._seen:
            return None
        folder = self._folder("evidence")
        if self.config.evidence:
            folder = self._path(config, self.config.evidence)
        else:
            shutil.rmtree(folder, ignore_errors=True)
            self._look = gather(self._request(config), folder, _Log()).look
        self._evidence, self._seen = folder, state
        return Evidence(folder)

    def _draw(self, evidence: Evidence, settings: SiteSettings) -> None:
        diagrams = self._folder("diagrams")
        shutil.rmtree(diagrams, ignore_errors=True)
        jobs = os.cpu_count() or 1
        self._draft = draft(evidence, diagrams, settings, jobs=jobs, dot=None, stages=Stages(lambda: 0.0))

    def _lay(self, config: MkDocsConfig, settings: SiteSettings) -> None:
        """Lay our pages and resources, fitted to the theme of the site."""
        source = self._folder("source")
        shutil.rmtree(source, ignore_errors=True)
        lay_site_source(settings.overlays, source, settings.language)
        lay_own(source, settings)
        fit_styles(source / "docs" / STYLES, 1 if _is_material(config) else SCALE)
        self._source = Source(source)

    def _request(self, config: MkDocsConfig) -> Request:
        return Request(
            self._path(config, self.config.repository),
            config=self._path(config, self.config.config) if self.config.config else None,
            cache=self._path(config, self.config.cache) if self.config.cache else None,
        )

    def _path(self, config: MkDocsConfig, name: str) -> Path:
        base = Path(config.config_file_path).parent if config.config_file_path else Path()
        return base / name

    def _watched(self, config: MkDocsConfig) -> Sequence[Path]:
        """Return the files and folders that the report follows from."""
        if self.config.evidence:
            return (self._path(config, self.config.evidence),)
        named = self._path(config, self.config.config) if self.config.config else None
        return watched(self._path(config, self.config.repository), named)


class _Log:
    """Tells the stages of a run to the log of the engine."""

    def stage(self, name: str, detail: str = "") -> None:
        log.debug("%s %s", name, detail)

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None:
        del reasons, config
        log.info("Layout: %s", source or "detected")

    def count(self, done: int, total: int | None) -> None:
        del done, total

    def rendering(self, rendered: int, found: int) -> None:
        del rendered, found


def _is_material(config: MkDocsConfig) -> bool:
    """Return whether the site's theme is Material, or one made of it."""
    return any(
        Path(folder).name == "templates" and "material" in Path(folder).parent.name for folder in config.theme.dirs
    )


def _missing(what: str) -> PluginError:
    return PluginError(f"the plugin assay has no {what} yet: another plugin asked for pages before the configuration")


@contextmanager
def _told() -> Iterator[None]:
    """Let our errors reach the user as those of a plugin: one line each, and no traceback."""
    try:
        yield
    except AssayError as fault:
        raise PluginError(str(fault)) from fault
