import copy
import dataclasses
from typing import Any

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.evidence.records import ChangeRecord, DeploymentRecord
from generator.evidence.summary import Summary, UnreadableRecord
from generator.site.change_groups import Changes, changes_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.home_view import home_view
from generator.site.index import build_index
from generator.site.methods_view import methods_view
from generator.site.release_limits import FULL
from generator.site.words import Calendar


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("groups")
    evidence = Evidence(write_evidence(folder / "evidence", 12))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def with_summary(context: Context, summary: Summary) -> Context:
    evidence = copy.copy(context.evidence)
    evidence.summary = summary
    return dataclasses.replace(context, evidence=evidence)


def change(name: str, old: str | None = "1", new: str | None = "2", **more: Any) -> ChangeRecord:  # noqa: ANN401 - fields of the record
    values = {"aspect": "config", "field": "env.A", "kind": "forward", "origin": None, "validation": "not assessed"}
    return ChangeRecord(component=name, old=old, new=new, **(values | more))


def artifact(name: str, new: str = "x/app:2") -> ChangeRecord:
    return change(name, "x/app:1", new, aspect="artifact", field="image")


def view(context: Context, *changes: ChangeRecord) -> Changes:
    record = next(r for r in context.evidence.deployments() if r.id == "production-5")
    changed: DeploymentRecord = msgspec.structs.replace(record, changes=changes)
    return changes_view(context, changed, context.index.position[record.id])


def shown_names(changes: Changes) -> list[str]:
    rows = [group for part in changes.parts for group in (*part.first, *part.rest)]
    return [name for row in rows for name in ([m.name for m in row.members] or [row.row.component])]


def test_equal_changes_of_many_components_share_a_row_that_names_them_all(context: Context) -> None:
    names = [f"app-{number:02}" for number in range(53)]
    changes = view(context, *(artifact(name) for name in names))
    (part,) = changes.parts
    (row,) = part.first
    assert (row.heading, row.sample) == ("53 components", "app-00, app-01, app-02 and 50 more")
    assert [member.name for member in row.members] == names
    assert (row.row.old.text, row.row.new.text) == ("1", "2")


@pytest.mark.parametrize(
    "more", [{"new": "3"}, {"old": None}, {"field": "env.B"}, {"kind": "rollback"}, {"validation": "bypass"}]
)
def test_what_differs_in_anything_that_a_row_shows_keeps_its_own(context: Context, more: dict[str, Any]) -> None:
    changes = view(context, change("a"), change("b"), change("c"), change("d", **more))
    assert [len(group.members) for group in changes.parts[0].first] == [3, 0]


def test_two_equal_changes_stay_two_rows(context: Context) -> None:
    assert [group.row.component for group in view(context, change("a"), change("b")).parts[0].first] == ["a", "b"]


def test_artifacts_come_first_and_connections_last(context: Context) -> None:
    link = change("a -> b", None, "reference", aspect="topology", field="connection")
    part = change("b", None, "Deployment", aspect="topology", field="component")
    rows = view(context, link, change("a"), part, artifact("z")).parts[0].first
    assert [row.row.component for row in rows] == ["z", "b", "a", "a -> b"]


def test_long_parts_are_folded_and_lose_nothing(context: Context) -> None:
    changes = [change("cart", field=f"env.F{number:03}") for number in range(40)]
    changes += [artifact("cart", "x/app:9")]
    found = view(context, *changes)
    assert [(part.title, part.counts) for part in found.parts] == [
        ("Artifacts", "1 change of 1 component"),
        ("Settings", "40 changes of 1 component"),
    ]
    settings = found.parts[1]
    assert (len(settings.first), len(settings.rest), settings.rest_words) == (8, 32, "32 more rows")
    assert len(shown_names(found)) == len(changes)


def test_what_a_page_does_not_hold_is_counted(context: Context) -> None:
    changes = [change("cart", field=f"env.F{number:03}") for number in range(FULL.changes + 7)]
    found = view(context, *changes)
    assert found.left == 7
    assert len(shown_names(found)) == FULL.changes


def test_a_release_without_changes_has_no_part(context: Context) -> None:
    assert view(context) == Changes((), 0)


def test_what_was_passed_over_stands_apart_and_once_for_all_environments(context: Context) -> None:
    def unread(environment: str, level: str, at: str) -> UnreadableRecord:
        return UnreadableRecord("slug", "why", environment, "a.yaml", 3, "c" * 40, at, "", level)

    names = [env.name for env in context.summary.environments]
    rows = [unread(name, "unreadable", f"2025-0{9 - at}-01T00:00:00Z") for at, name in enumerate(names)]
    summary = msgspec.structs.replace(context.summary, unreadable=(*rows, unread(names[0], "note", "")))
    methods = methods_view(with_summary(context, summary))
    (fault,), (note,) = methods.faults, methods.notes
    assert fault.environments == ", ".join(names)
    assert fault.when.iso == min(row.at for row in rows)
    assert (note.environments, note.place) == (names[0], "a.yaml:3")


def test_what_stands_in_two_productions_is_said_once_on_the_home_page(context: Context) -> None:
    production = context.productions[0]
    twin = msgspec.structs.replace(production, name="production-2")
    summary = msgspec.structs.replace(context.summary, environments=(*context.summary.environments, twin))
    one, two = home_view(context), home_view(with_summary(context, summary))
    of_both = [notice for notice in two.notices if notice.link.page in {"checks.html#standing", "drift.html"}]
    of_one = [notice for notice in one.notices if notice.link.page in {"checks.html#standing", "drift.html"}]
    assert [notice.says.plain for notice in of_both] == [notice.says.plain for notice in of_one] != []
    assert {notice.where for notice in of_both} == {f"{production.name} and production-2"}
    assert {notice.where for notice in of_one} == {""}
    assert [chart.title for chart in two.charts] == [f"Velocity against rollbacks: {production.name}"]
    assert two.more_charts
    assert one.charts[0].title == "Velocity against rollbacks"
