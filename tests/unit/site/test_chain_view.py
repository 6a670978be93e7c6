"""The chain of bundles on pages, and what became of what the history has no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.history_cases import CONFIG, release, shop
from support.plain_git import git
from support.replay import Gathered, gathered

from generator.site import chain_view as module
from generator.site.audit.views import audit_view
from generator.site.chain_view import broken_view, chain_view
from generator.site.checks_view import checks_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.sources import template_folders
from generator.site.templating import Templates
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Gathered]:
    """Return four bundles: a first one, one more release, the newest three releases lost, two of them back."""
    place = tmp_path_factory.mktemp("bundles")
    repository = shop(place / "repository")
    git(repository, "branch", "former")
    found = [gathered(repository, place / "1", CONFIG)]
    release(repository, "4")
    found.append(gathered(repository, place / "2", CONFIG, previous=place / "1"))
    git(repository, "reset", "--quiet", "--hard", "HEAD~6")
    git(repository, "tag", "--force", "v1", "former")
    release(repository, "two")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    # The last of the lost versions comes again, by a commit of its own.
    git(repository, "tag", "--delete", "v4", "light-4")
    release(repository, "4")
    found.append(gathered(repository, place / "3", CONFIG, previous=place / "2"))
    git(repository, "reset", "--quiet", "--hard", "former")
    found.append(gathered(repository, place / "4", CONFIG, previous=place / "3"))
    return found


def _context(found: Gathered, place: Path) -> Context:
    evidence = found.evidence
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(place / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def test_the_first_bundle_says_so(bundles: list[Gathered], tmp_path: Path) -> None:
    view = chain_view(_context(bundles[0], tmp_path))
    assert (view.sequence, view.earlier, view.broken) == (1, (), None)
    assert "the first of its chain" in view.said


def test_earlier_bundles_are_listed_the_newest_first(
    bundles: list[Gathered], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = _context(bundles[2], tmp_path)
    view = chain_view(context)
    assert [row.sequence for row in view.earlier] == [2, 1]
    assert view.said.startswith("This bundle is number 3 of its chain: it follows 2 ")
    assert all(row.digest.full and row.commit.full and row.as_of.iso and row.version for row in view.earlier)
    monkeypatch.setattr(module, "MOST_BUNDLES", 1)
    view = chain_view(context)
    assert ([row.sequence for row in view.earlier], view.earlier_left) == ([2], 1)


def test_where_everything_stands_nothing_is_broken(bundles: list[Gathered], tmp_path: Path) -> None:
    context = _context(bundles[1], tmp_path)
    assert chain_view(context).broken is None
    assert audit_view(context).broken is None
    text = Templates(template_folders(())).render("chain", "", chain_view(context))
    assert "Git still has everything" in text


def test_what_became_of_what_vanished_is_told(bundles: list[Gathered], tmp_path: Path) -> None:
    view = broken_view(_context(bundles[2], tmp_path))
    assert view is not None
    told = {row.id: (row.became.split(":")[0].split(",")[0], row.link.text) for row in view.vanished}
    assert told["production-4"] == ("the same environment version stands in the history", "Release 3")
    assert told["production-3"] == ("nothing", "")
    assert told["staging-4"][1] == "staging-3"
    later = broken_view(_context(bundles[3], tmp_path))
    assert later is not None
    back = {row.id: row.became for row in later.vanished if row.bundle == 2}
    assert back["production-3"] == "its commit is back in the history"


def test_breaks_lead_to_the_help_of_their_rule(bundles: list[Gathered], tmp_path: Path) -> None:
    context = _context(bundles[2], tmp_path)
    view = broken_view(context)
    assert view is not None
    assert {row.rule for row in view.breaks} == {"tag-moved", "branch-rewritten", "release-vanished"}
    anchors = {one.anchor for family in checks_view(context).families for one in family.rules}
    assert {row.anchor for row in view.breaks} <= anchors
    assert all(row.bundle == 2 for row in view.breaks)


def test_checks_list_findings_on_the_history_and_count_them(bundles: list[Gathered], tmp_path: Path) -> None:
    view = checks_view(_context(bundles[2], tmp_path))
    assert len(view.history) == len(bundles[2].evidence.summary.history_findings) > 3
    (family,) = [one for one in view.families if one.name == "history"]
    assert family.standing == len(view.history)
    assert all(not one.waive for one in family.rules)


def test_pages_show_it(bundles: list[Gathered], tmp_path: Path) -> None:
    context, templates = _context(bundles[2], tmp_path), Templates(template_folders(()))
    old = bundles[1].of("production")[-1].commit.id
    for name, view in (("chain", chain_view(context)), ("audit", audit_view(context))):
        text = templates.render(name, "../", view)
        assert f'title="{old}"' in text, name
        assert 'href="../releases/production-3.html"' in text, name
        assert "What the history has no more" in text, name
