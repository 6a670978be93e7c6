"""Lists of deployments go on from the former report: the same pages from any cut, and few of them with other keys."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from unit.site.takeaway_context import context_of

from generator.evidence import folding
from generator.evidence.folding import Folds
from generator.evidence.reading import DEPLOYMENTS
from generator.site.context import Context
from generator.site.environments.listing import Listing
from generator.site.environments.pages import environment_pages
from generator.site.sources import template_folders
from generator.site.templating import Templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.site.frames import MassPage

BASE = b"settings"


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    for module in ("names", "environments.listing"):
        monkeypatch.setattr(f"generator.site.{module}.PART", 7)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the deployments that were taken in since the list was last cleared."""
    found: list[str] = []
    add: Callable[..., None] = Listing.add

    def noted(listing: Listing, line: int, record: object) -> None:
        found.append(getattr(record, "id", ""))
        add(listing, line, record)

    monkeypatch.setattr(Listing, "add", noted)
    return found


def cut(evidence: Path, lines: int, folder: Path) -> Context:
    """Return the report of `evidence` as it was after its first deployments."""
    shutil.copytree(evidence, folder)
    text = (evidence / DEPLOYMENTS).read_bytes().splitlines(keepends=True)
    (folder / DEPLOYMENTS).write_bytes(b"".join(text[:lines]))
    return context_of(folder, folder / "diagrams")


def drawn(context: Context, memory: Path | None = None) -> dict[str, tuple[MassPage, str]]:
    """Return each page of the report with its body."""
    folds = Folds(context.evidence, memory, BASE)
    report = Context(context.evidence, context.components, context.index, context.calendar, context.drawn, (), folds)
    templates = Templates(template_folders(()))
    found = {page.path: (page, page.drawn()) for page in environment_pages(report, templates)}
    folds.keep()
    return {path: (page._replace(draw=None), body) for path, (page, body) in found.items()}


def test_from_any_cut_the_pages_are_those_of_a_whole_run(shop_evidence: Path, tmp_path: Path, taken: list[str]) -> None:
    total = len((shop_evidence / DEPLOYMENTS).read_bytes().splitlines())
    for before, lines in pairwise([0, 3, 40, 41, 42, 90, total - 1, total, total]):
        context = cut(shop_evidence, lines, tmp_path / f"{before}-{lines}")
        taken.clear()
        found = drawn(context, tmp_path / "memory")
        assert len(taken) == lines - (before or 0)
        assert found == drawn(context)


def test_one_more_deployment_reaches_the_page_of_its_part_and_that_before(shop_evidence: Path, tmp_path: Path) -> None:
    total = len((shop_evidence / DEPLOYMENTS).read_bytes().splitlines())
    old, new = (drawn(cut(shop_evidence, lines, tmp_path / str(lines))) for lines in (total - 1, total))
    parts = {path for path in new if "/part-" in path}
    other = {path for path in parts if old.get(path) != new[path]}
    keys = {path for path in parts if path not in old or old[path][0].key != new[path][0].key}
    assert other <= keys
    assert len(keys) <= 2 < len(parts)
