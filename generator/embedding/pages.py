"""Our pages as files of someone else's site, and their place in its navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from mkdocs.structure.files import File, InclusionLevel, file_sort_key
from mkdocs.utils import nest_paths

from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_APART = (InclusionLevel.NOT_IN_NAV, InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
NEEDED_EXTENSIONS = ("attr_list", "def_list", "tables")
"""Extensions of Markdown that our pages are written with."""


class Source:
    """The folder of our hand-written pages, laid for one build."""

    def __init__(self, folder: Path) -> None:
        """Read `mkdocs.yml` of `folder`, whose engine is not asked: only its navigation and resources count here."""
        self.docs = folder / "docs"
        told = yaml.load((folder / "mkdocs.yml").read_text("utf-8"), Loader=_Plain)  # noqa: S506 - a SafeLoader
        self.nav: list[Any] = told["nav"]
        self.styles: Sequence[str] = tuple(told.get("extra_css", ()))
        scripts = [one["path"] if isinstance(one, dict) else one for one in told.get("extra_javascript", ())]
        self.scripts: Sequence[str] = tuple(scripts)

    def files(self, config: MkDocsConfig, place: str) -> Iterator[File]:
        """Yield our pages and assets as files of the site that `config` makes, below the folder `place`."""
        for path in sorted(self.docs.rglob("*")):
            if not path.is_file():
                continue
            name = path.relative_to(self.docs).as_posix()
            file = File.generated(config, f"{place}/{name}", abs_src_path=str(path))
            if path.suffix == ".md":
                # Pages of the report link to each other by file names, whatever addresses the site has otherwise.
                file.dest_uri = f"{place}/{name.removesuffix('.md')}.html"
                if path.stem == "frame":
                    file.inclusion = InclusionLevel.NOT_IN_NAV
            yield file


def place_in_nav(config: MkDocsConfig, files: Files, nav: list[Any], place: str, title: str) -> None:
    """Put our pages behind those of the user, unless their navigation names some of ours by itself."""
    if config.nav is None:
        pages = [file for file in files.documentation_pages() if file.inclusion not in _APART]
        paths = [file.src_uri for file in sorted(pages, key=file_sort_key)]
        config.nav = nest_paths(path for path in paths if not path.startswith(f"{place}/"))  # type: ignore[no-untyped-call]  # MkDocs leaves it without types
    elif any(path.startswith(f"{place}/") for path in _paths(config.nav)):
        return
    config.nav = [*config.nav, {title: _placed(nav, place)}]


def _placed(nav: list[Any], place: str) -> list[Any]:
    placed: list[Any] = []
    for item in nav:
        ((title, inner),) = item.items()
        placed.append({_(title): _placed(inner, place) if isinstance(inner, list) else f"{place}/{inner}"})
    return placed


def _paths(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list):
        for item in nav:
            yield from _paths(item)
    elif isinstance(nav, dict):
        for inner in nav.values():
            yield from _paths(inner)


class _Plain(yaml.SafeLoader):
    """Reads a mkdocs.yml without running what its tags name."""


def _nothing(*_args: object) -> None:
    """Stand for what a tag means."""


_Plain.add_multi_constructor("", _nothing)
