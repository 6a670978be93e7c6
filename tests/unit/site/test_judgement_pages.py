"""The pages of all failures, of drift and of checks: what they say, and what they add up to."""

import re
from html import unescape
from pathlib import Path

import msgspec
import pytest
from unit.site import judged
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.site.checks_view import checks_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.drift.page import drift_view
from generator.site.exempt_view import exemptions_view
from generator.site.home_view import home_view
from generator.site.index import build_index
from generator.site.triage_page import triage_page
from generator.site.triage_view import triage_view
from generator.site.words import Calendar, last_day, quarter

RELEASES = 60


@pytest.fixture(scope="module")
def context(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    evidence = Evidence(shop_evidence)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path_factory.mktemp("judged") / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def test_failures_are_counted_by_verdict_trigger_and_quarter(context: Context) -> None:
    view = triage_page(context)
    failed = [d for d in context.evidence.deployments() if d.triage]
    assert view.total == len(failed) == len(view.rows)
    assert [row.name for row in view.verdicts] == ["application, unvalidated", "deployment suspected"]
    rollbacks = sum(d.kind == "rollback" for d in failed)
    assert [row.counts for row in view.verdicts] == [(0, view.total - rollbacks), (rollbacks, 0)]
    assert view.gated == sum(row.gated for row in (*view.verdicts, *view.quarters)) == 0
    assert sum(row.total for row in view.quarters) == view.total
    assert [row.name for row in view.quarters] == sorted({quarter(d.commit.committed_at) for d in failed}, reverse=True)


def test_failures_stand_newest_first_and_lead_to_their_release(context: Context) -> None:
    rows = triage_page(context).rows
    assert [row.when.iso for row in rows] == sorted((row.when.iso for row in rows), reverse=True)
    assert all(row.deployment.page.startswith("releases/production-") for row in rows)
    assert rows[-1].trigger == "incident INC-6"
    assert rows[-1].good is not None


def test_more_failures_than_a_page_holds_are_counted(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = triage_page(context)
    monkeypatch.setattr("generator.site.triage_page.MOST_FAILURES", 3)
    view = triage_page(context)
    assert view.rows == whole.rows[:3]
    assert (view.total, view.left) == (whole.total, whole.total - 3)
    assert view.verdicts == whole.verdicts


def test_whose_failures_were_is_one_sentence(context: Context) -> None:
    view = triage_page(context)
    suspected = view.verdicts[1].total
    others = view.verdicts[0].total
    assert view.share == (
        f"Of {view.total} failures {suspected} were the deployment's, or are suspected to be"
        f" ({round(100 * suspected / view.total)} %). Apart from that: {others} the application's."
    )


def test_a_failed_range_of_one_release_leaves_its_fields_to_what_changed(context: Context) -> None:
    record = next(d for d in context.evidence.deployments() if d.triage)
    other = triage_view(context, record, record.triage or "", 5)
    culprit = context.objects.triage(record.environment, record.triage or "").failed_from
    same = triage_view(context, msgspec.structs.replace(record, id=culprit), record.triage or "", 5)
    assert (len(other.fields), other.fields_left, other.itself) == (1, 1, False)
    assert (same.fields, same.fields_left, same.itself) == ((), 0, True)


def test_tables_of_a_verdict_count_what_they_leave_out(context: Context) -> None:
    record = next(d for d in context.evidence.deployments() if d.triage)
    view = triage_view(context, record, record.triage or "", 0)
    assert (view.components, view.components_left) == ((), 3)
    assert (view.differing, view.differing_left) == ((), 1)


def test_what_never_failed_says_so(context: Context) -> None:
    clean = triage_page(context).clean
    assert len(clean) == 1
    assert clean[0].startswith("Nothing failed in staging: no rollback and no incident in ")
    assert clean[0].endswith("and no gate guards it.")


def test_the_register_tells_what_counts_from_what_may_stand(context: Context) -> None:
    (section,) = drift_view(context).sections
    assert section.accepted_total == len(section.accepted) == 1
    assert section.accepted[0].acceptance is not None
    assert section.accepted[0].acceptance.until == "2030-12-31"
    assert all(row.acceptance is None and not row.expected for row in section.rows)
    env = context.summary.environments[1]
    assert len(section.rows) + 1 == len(env.drift) == sum(count for *_, count in section.counts) + 1
    ages = [row.age_seconds for row in section.rows]
    assert ages == sorted(ages, reverse=True)


def test_the_register_compares_sites_and_what_runs(context: Context) -> None:
    (section,) = drift_view(context).sections
    assert section.site is not None
    assert section.live is not None
    assert (section.site.against, section.site.counts) == ("production-1", "1 config")
    assert [row.expected for row in section.site.expected] == ["own region"]
    assert (section.live.source, section.live.components) == ("live/prod.yaml", "12 components")
    assert [row.component for row in section.live.rows] == ["search"]
    assert [row.component for row in section.live.accepted] == ["admin"]
    assert section.live.not_assessed == ("Job/x has no counterpart",)


def test_ended_items_are_the_newest_and_all_are_counted(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.drift.page.SHARED", 15)
    (section,) = drift_view(context).sections
    assert section.ended_total == RELEASES - 1
    assert [row.field for row in section.ended] == [f"env.E{RELEASES - at}" for at in range(5)]


def test_the_numbers_of_drift_have_ages(context: Context) -> None:
    (section,) = drift_view(context).sections
    count, age = section.charts
    assert count.columns[-2:] == ("Total", "Accepted")
    assert age.columns[-2:] == ("Median age", "Oldest")
    assert all(len(row) == len(chart.columns) for chart in section.charts for row in chart.rows)


def test_declarations_to_look_at_come_first(context: Context) -> None:
    view = exemptions_view(context)
    assert [row.state for row in view.rows] == ["expired", "unknown rule", "unused", "in force", "withdrawn"]
    assert view.counts == "1 expired, 1 unknown rule, 1 unused, 1 in force, 1 withdrawn"
    assert view.rows[0].effect == "2 findings so far, 2 now"
    assert view.rows[-1].withdrawn is not None


def test_checks_stand_in_their_families_with_their_settings(context: Context) -> None:
    view = checks_view(context)
    assert [family.name for family in view.families] == ["resilience", "configuration", "supply"]
    rules = {rule.rule.id: rule for family in view.families for rule in family.rules}
    assert rules["no-limits"].setting == "note"
    assert (rules["owner-label"].setting, rules["owner-label"].origin) == ("off", "own rule")
    assert rules["rego-deny"].origin == "policy"
    assert (view.total, view.off) == (4, 1)


def test_what_checks_found_adds_up(context: Context) -> None:
    ((name, rows),) = checks_view(context).counts
    assert name == "production"
    assert [row.rule for row in rows] == ["no-limits", "mutable-tag"]
    assert all(row.opened == row.fixed + row.standing + row.waived for row in rows)
    assert rows[0].level == "note"


def test_waived_findings_stand_apart(context: Context) -> None:
    standing = {part.environment: part for part in checks_view(context).standing}["production"]
    assert [row.subject for row in standing.waived] == ["admin"]
    assert standing.waived_total == 1
    assert all(row.waiver is None for row in standing.rows)


def test_the_home_page_names_what_needs_attention(context: Context) -> None:
    view = home_view(context)
    newest = context.index.releases[-1]
    assert newest.gates_missing == 1
    told = [(notice.tone, notice.says.plain) for notice in view.notices]
    assert told[0] == ("fails", "1 error stands: mutable-tag.")
    assert ("waits", "1 warning stands: no-limits.") in told
    assert ("unknown", "Of 1 gate nothing says that it passed: approval.") in told
    assert ("unknown", "1 waiver or acceptance has expired.") in told
    assert ("unknown", "1 waiver names a check that does not exist.") in told
    assert ("unknown", "Nothing fits 1 waiver or acceptance.") in told
    tones = [tone for tone, _ in told]
    assert tones == sorted(tones, key=["fails", "waits", "unknown", "calm"].index)
    assert [story.verdict for story in view.rollbacks] == ["deployment suspected"]
    verdicts = {one.term: (one.tone, one.text) for card in view.cards for one in card.verdicts}
    assert verdicts["gate"] == ("unknown", "1 missing, 1 not assessed")
    assert verdicts["finding"] == ("fails", "1 error and 1 warning, 1 waived")


def test_a_failed_gate_comes_before_missing_ones(tmp_path: Path) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 24))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path / "diagrams"))
    context = Context(evidence, components, index, Calendar(evidence.summary.as_of), {})
    told = [notice.says.plain for notice in home_view(context).notices]
    failed = told.index("The newest release did not pass 1 gate: tests.")
    missing = next(at for at, text in enumerate(told) if text.startswith("Of 1 gate nothing says"))
    assert failed < missing


def test_topology_pages_tell_the_way_back(shop_site: Path) -> None:
    releases = [d for d in Evidence(shop_site / "evidence").deployments() if d.environment == "production"]
    last = releases[-1]
    html = unescape((shop_site / "topologies" / f"{last.digest}.html").read_text("utf-8"))
    first = next(d for d in releases if d.digest == last.digest)
    assert f"git worktree add --detach ../production-{last.digest[:12]} {first.commit.id}" in html
    assert re.search(r"<summary>1\d artifacts to pull</summary>", html)


def test_a_history_without_failures_says_so(context: Context) -> None:
    context.index.failures, held = [], context.index.failures
    try:
        view = triage_page(context)
    finally:
        context.index.failures = held
    assert (view.total, view.share, view.rows) == (0, "", ())
    assert len(view.clean) == 2


@pytest.mark.parametrize(
    ("iso", "day"), [("2031-01-01T00:00:00Z", "2030-12-31"), ("", "unknown"), ("0001-01-01T00:00:00Z", "unknown")]
)
def test_the_last_day_is_the_one_before_it_counts_again(iso: str, day: str) -> None:
    assert last_day(iso) == day


def test_records_are_told_apart_by_their_digest() -> None:
    objects = judged.Objects()
    one, two = judged.gates(objects, 1, ""), judged.gates(objects, 3, "")
    assert one.object != two.object
    assert msgspec.json.decode(objects.lines["gates"][one.object])["digest"] == one.object
