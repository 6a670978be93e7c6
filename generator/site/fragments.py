"""Pieces of pages that many pages share, drawn once: each named by the digest of what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from markupsafe import Markup

    from generator.site.templating import Templates

MOST = 20_000
"""Pieces held at most, some hundred bytes each; beyond that all are forgotten, and drawn again when needed."""


class Fragments:
    """Drawn pieces by template and key. Only pages of one folder depth may share them."""

    def __init__(self, templates: Templates, root: str) -> None:
        """Draw with `templates`, for pages from which `root` leads to the root of the site."""
        self._templates = templates
        self._root = root
        self._drawn: dict[tuple[str, Hashable], Markup] = {}

    def get(self, template: str, key: Hashable, view: Callable[[], object]) -> Markup:
        """Return the piece that `template` draws; `key` must name all that `view()` shows."""
        name = (template, key)
        drawn = self._drawn.get(name)
        if drawn is None:
            if len(self._drawn) >= MOST:
                self._drawn.clear()
            drawn = self._drawn[name] = self._templates.render(template, self._root, view())
        return drawn
