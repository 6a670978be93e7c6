"""Rows of versions that are over are drawn once, those that stand in every report, and pages come out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.site.takeaway_context import context_of

from generator.evidence.folding import Folds
from generator.site.components.pages import component_pages
from generator.site.context import Context
from generator.site.sources import template_folders
from generator.site.templating import Templates
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from markupsafe import Markup


class Counting(Templates):
    """Templates that count rows of versions."""

    def __init__(self) -> None:
        super().__init__(template_folders(()))
        self.rows = 0

    def render(self, name: str, root: str, view: object) -> Markup:
        if name == "version-rows":
            assert isinstance(view, tuple)
            self.rows += len(view[0])
        return super().render(name, root, view)


def test_rows_of_what_is_over_are_drawn_once(shop_evidence: Path, tmp_path: Path) -> None:
    plain = context_of(shop_evidence, tmp_path / "drawn")

    def pages(folds: Folds | None) -> tuple[dict[str, str], int]:
        context = Context(
            plain.evidence, plain.components, plain.index, Calendar(plain.summary.as_of), plain.drawn, kept_folds=folds
        )
        templates = Counting()
        found = {page.path: str(page.drawn()) for page in component_pages(context, templates)}
        context.folds.keep()
        return found, templates.rows

    lanes = [lane for history in plain.histories.values() for lane in history.lanes]
    stays = [stay for lane in lanes for stay in lane.stays]
    standing = sum(stay.end is None for stay in stays)
    whole, every = pages(None)
    assert len(stays) == every
    assert 0 < standing < every
    memory = tmp_path / "memory"
    assert pages(Folds(plain.evidence, memory)) == (whole, every)
    assert pages(Folds(plain.evidence, memory)) == (whole, standing)
    assert pages(Folds(plain.evidence, memory, b"other")) == (whole, every)
