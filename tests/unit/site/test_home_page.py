"""Home: sentences for those who ask, what comes next, and what became of the last rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.evidence.records import ChangeRecord
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.home import rollback
from generator.site.home.cards import RUNS
from generator.site.home_view import MOST_CARDS, home_view
from generator.site.index import build_index
from generator.site.names import next_page
from generator.site.words import Calendar

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary

RELEASES = 24


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("home")
    evidence = Evidence(write_evidence(folder / "evidence", RELEASES))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def edited(context: Context, *environments: EnvironmentSummary) -> Context:
    staging = context.summary.environments[0]
    summary = msgspec.structs.replace(context.summary, environments=(staging, *environments))
    evidence = Evidence.unfinished(context.evidence.folder, summary)
    return Context(evidence, context.components, context.index, context.calendar, {})


def test_a_production_is_told_in_sentences(context: Context) -> None:
    (card,) = home_view(context).cards
    told = [sentence.plain for sentence in card.says]
    count = context.productions[0].components
    assert told[0].startswith(f"Production runs {count} components, last changed ")
    assert " before this report by a " in told[0]
    assert len(told) >= 3
    assert all(text.endswith(".") for text in told)


def test_every_kind_of_deployment_has_its_sentence() -> None:
    assert {"initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "gap"} == RUNS.keys()


def test_where_nothing_is_compared_nothing_is_said_to_wait(context: Context) -> None:
    env = msgspec.structs.replace(context.productions[0], drift=(), drift_not_assessed="Staging was removed.")
    (card,) = home_view(edited(context, env)).cards
    told = " ".join(sentence.plain for sentence in card.says)
    assert "is not assessed" in told
    assert "Nothing waits" not in told
    assert {one.term: one.tone for one in card.verdicts}["drift"] == "unknown"


def test_what_waits_leads_to_the_next_release(context: Context) -> None:
    (group,) = home_view(context).coming
    assert group.page == next_page("production")
    assert group.total == len(group.rows) + group.left
    aspects = [row.aspect != "artifact" for row in group.rows]
    assert aspects == sorted(aspects)


def test_many_productions_stay_short(context: Context) -> None:
    production = context.productions[0]
    twins = [msgspec.structs.replace(production, name=f"production-{at}") for at in range(2, MOST_CARDS + 3)]
    view = home_view(edited(context, production, *twins))
    assert len(view.cards) == MOST_CARDS + 2
    assert all(card.tiles is None for card in view.cards)
    assert [chart.title for chart in view.charts] == ["Velocity against rollbacks: production"]
    assert not any(chart.spec for chart in view.charts)
    assert view.more_charts


def test_the_last_rollback_tells_what_became_of_it(context: Context) -> None:
    (story,) = home_view(context).rollbacks
    assert story.row.kind == "rollback"
    position = context.index.position[context.productions[0].last_rollback]
    record = rollback.record_of(context, position)
    assert record.id == context.productions[0].last_rollback
    back = [change for change in record.changes if change.kind == "rollback"]
    assert story.became
    later = [
        row
        for at in context.index.by_component[("production", back[0].component)]
        if at > position
        for row in rollback.record_of(context, at).changes
        if (row.component, row.field) == (back[0].component, back[0].field)
    ]
    if later:
        assert story.became[0].release.page
    else:
        assert story.became[0].text.endswith("since.")
        assert story.became[0].release.page == ""


def _change(component: str, new: str | None, *, aspect: str = "artifact", kind: str = "rollback") -> ChangeRecord:
    return msgspec.convert(
        {"component": component, "aspect": aspect, "field": "image", "old": "a:2", "new": new, "kind": kind}
        | {"origin": None},
        ChangeRecord,
    )


@pytest.mark.parametrize(("new", "kind", "aspect", "text"), [
    ("a:3", "forward", "artifact", "cart went forward again, to 3."),
    ("a:2", "redo", "artifact", "cart went forward again to 2, which had been here before."),
    ("a:0", "rollback", "artifact", "cart went back further, to 0."),
    (None, "forward", "artifact", "cart was removed."),
    ("x", "forward", "config", "image of cart was changed again."),
])  # fmt: skip
def test_what_came_after_is_said_by_its_kind(
    context: Context, new: str | None, kind: str, aspect: str, text: str
) -> None:
    record = msgspec.structs.replace(
        rollback.record_of(context, 1), changes=(_change("cart", new, kind=kind, aspect=aspect),)
    )
    back = _change("cart", "a:1", aspect=aspect)
    told = rollback._next(context, context.index.releases[0].at, back, [1], {1: record})  # noqa: SLF001 - one step
    assert told[1].text == text
    assert told[1].release.page == "releases/production-2.html"
    stays = rollback._next(context, "", back, [], {})  # noqa: SLF001 - as above
    assert stays[1].text in {"cart has stayed at 1 since.", "image of cart has stayed as it was set."}
