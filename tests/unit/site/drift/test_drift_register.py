"""The drift register: what its page leaves out stands in the data, acceptances are marked, and the page stays light."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.audit_sums import context_of
from support.replay import Gathered
from unit.site import judged

from generator.evidence.summary import ExemptionRecord
from generator.site.context import Context
from generator.site.drift.acceptances import acceptances
from generator.site.drift.page import drift_view
from generator.site.drift.register import STANDING, sources, write_register
from generator.site.sources import template_folders
from generator.site.templating import Templates

MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def demo_context(demo: Gathered, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(demo.evidence.folder, tmp_path_factory.mktemp("drift"))


class _Other:
    """An evidence folder with another summary."""

    def __init__(self, context: Context, **more: Any) -> None:  # noqa: ANN401 - fields of the summary
        self._evidence = context.evidence
        self.summary = msgspec.structs.replace(context.summary, **more)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the evidence has
        return getattr(self._evidence, name)


def changed(context: Context, **more: Any) -> Context:  # noqa: ANN401 - fields of the summary
    other: Any = _Other(context, **more)
    return Context(other, context.components, context.index, context.calendar, context.drawn)


def data(path: Path) -> list[list[Any]]:
    text = path.read_text("ascii")
    rows: list[list[Any]] = json.loads(text[text.index("=[") + 1 : text.rindex(",")] + "]") if "],\n" in text else []
    return rows


def test_the_register_holds_everything_that_stands_or_ended(demo_context: Context, tmp_path: Path) -> None:
    write_register(demo_context, tmp_path)
    found = {(source.environment, source.what): data(tmp_path / source.file) for source in sources(demo_context)}
    assert all(len(found[one.environment, one.what]) == one.items for one in sources(demo_context))
    for env in demo_context.summary.environments:
        if env.upstream:
            standing = found[env.name, STANDING]
            assert {(row[0], row[2]) for row in standing} == {(row.component, row.field) for row in env.drift}
            states = [row[11] for row in standing]
            assert states.count("accepted") == env.accepted
            assert states.count("expected") == sum(bool(row.expected) for row in env.drift)
            ended = sum(len(rows) for (name, what), rows in found.items() if name == env.name and what != STANDING)
            assert ended == len(list(demo_context.evidence.ended(env.name)))


def test_a_page_of_thousands_of_items_stays_light(demo_context: Context) -> None:
    environments = list(demo_context.summary.environments)
    production = next(env for env in environments if env.production)
    rows = tuple(msgspec.structs.replace(production.drift[at % 5], field=f"env.X{at}") for at in range(5000))
    environments[environments.index(production)] = msgspec.structs.replace(production, drift=rows)
    view = drift_view(changed(demo_context, environments=tuple(environments)))
    (section,) = [section for section in view.sections if section.environment == production.name]
    counting = len(section.rows) + section.left
    assert counting == sum(count for *_, count in section.counts)
    assert counting + section.accepted_total + section.expected_total == len(rows)
    body = Templates(template_folders(())).render("drift", "", view)
    assert len(body.encode()) < MOST_BYTES
    assert "tables/drift.csv" in body


@pytest.mark.parametrize(
    ("expires", "state", "given", "left"),
    [
        ("2026-10-10T00:00:00Z", "in force", "soon", "9 days left"),
        ("2027-10-10T00:00:00Z", "in force", "in force", ""),
        ("2026-09-01T00:00:00Z", "expired", "expired", "29 days ago"),
        ("2026-09-01T00:00:00Z", "withdrawn", "withdrawn", ""),
        ("never", "in force", "in force", ""),
    ],
)
def test_acceptances_that_run_out_are_marked(
    expires: str, state: str, given: str, left: str, demo_context: Context
) -> None:
    record = ExemptionRecord(
        "acceptance", "x", "Ada", "because", expires, state, 1, 1, "a.yaml:1", "e" * 40, "2026-01-01T00:00:00Z"
    )
    exemptions = (record, msgspec.structs.replace(judged.exemptions("")[0], kind="waiver"))
    found = acceptances(changed(demo_context, exemptions=exemptions))
    (row,) = found.rows
    assert (row.state, row.left, row.line.owner) == (given, left, "Ada")
    assert bool(found.sentence) == (given in {"soon", "expired"})


def test_the_page_says_how_much_stands_and_for_how_long(demo_context: Context) -> None:
    view = drift_view(demo_context)
    assert view.sentence.startswith("production differs from staging in 7 things, the oldest of them for 218 days")
    assert view.acceptances.sentence == "One acceptance has run out."
