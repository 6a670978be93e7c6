"""Whether a configuration of MkDocs frames marks as it would frame what they stand for.

Ours does. A user's own may bring a plugin that reads what pages say, a template that asks for it, or something that is
no part of the folder it stands in; then MkDocs runs for each report, with what the report says.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from generator.site.sources import data_folder

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

THEME = "material"
_PLUGINS = frozenset({"material/search", "material/offline", "assay-report"})
_EXTENSIONS = frozenset(
    {"abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "md_in_html"}
    | {"meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks"}
)
_FAMILY = "pymdownx."
_READING = frozenset({"pymdownx.b64", "pymdownx.pathconverter", "pymdownx.snippets"})
"""Extensions that look at other files."""
_ELSEWHERE = re.compile(r"!ENV\b|^INHERIT\b", re.MULTILINE)
"""What brings values into a configuration that stand somewhere else."""
_ASKING = re.compile(r"\.content\b|\.toc\b|_date\b|copyright|assay_record")
_TEXTS = "partials/languages"
_OURS = Path("site_src/overrides")


def takes_marks(config: MkDocsConfig, source: Path) -> bool:
    """Return whether MkDocs can be given marks with `config`, loaded from the folder `source`."""
    return (
        config.theme.name == THEME
        and set(config.plugins) <= _PLUGINS
        and not config.hooks
        and not config.extra_templates
        and all(map(_is_plain, config.markdown_extensions))
        and not _ELSEWHERE.search((source / "mkdocs.yml").read_text("utf-8"))
        and _asks_nothing(config.theme.custom_dir, source)
        # The search would cut texts into words by a dictionary.
        and find_spec("jieba") is None
    )


def _is_plain(extension: str) -> bool:
    name = extension.removeprefix("markdown.extensions.")
    return name in _EXTENSIONS or (name.startswith(_FAMILY) and name not in _READING)


def _asks_nothing(folder: str | None, source: Path) -> bool:
    """Return whether the templates in `folder` are within `source`, and ask for nothing that marks stand for.

    Ours ask, and were made for it: their lines may stand in others.
    """
    if folder is None:
        return True
    overrides = Path(folder)
    if not overrides.resolve().is_relative_to(source.resolve()):
        return False
    ours = {line for path in _files(data_folder() / _OURS) for line in path.read_text("utf-8").splitlines()}
    return not any(
        _ASKING.search(line)
        for path in _files(overrides)
        if not path.relative_to(overrides).as_posix().startswith(_TEXTS)
        for line in path.read_text("utf-8", "replace").splitlines()
        if line not in ours
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
