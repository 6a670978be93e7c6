"""Waivers and acceptances along histories with skewed, missing and future dates, and with entries that are wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.replay import DAY, START, Gathered, gathered, revision

from generator.assurance.exemptions import Exemptions
from generator.assurance.findings import Finding, Level
from generator.declarations.entries import Declarations, Waiver
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CONFIG = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"


def _waiver(expires: str = "2030-01-01", rule: str = "missing-limits", **more: str) -> str:
    told = "".join(f", {key}: {value}" for key, value in more.items())
    return f"waivers:\n- {{rule: {rule}, owner: Platform, reason: old machines, expires: {expires}{told}}}\n"


def _tree(image: int, declared: str = "", **here: str) -> dict[str, str]:
    found = {
        "s/api.yaml": deployment(image=f"shop/api:{image}"),
        "p/api.yaml": deployment(image="shop/api:1", env=here),
    }
    return found | ({".assay/exempt.yaml": declared} if declared else {})


def _read(tmp_path: Path, trees: Sequence[dict[str, str]], days: Sequence[int] = ()) -> Gathered:
    """Gather a history of `trees`, at the given days after the first or a day apart."""
    before: dict[str, bytes] = {}
    revisions = []
    for number, tree in enumerate(trees):
        now = {path: text.encode() for path, text in tree.items()}
        made = revision(number, now, before)
        revisions.append(replace(made, at=START + days[number] * DAY) if days else made)
        before = now
    write_repository(tmp_path / "repository", revisions)
    return gathered(tmp_path / "repository", tmp_path / "evidence", CONFIG)


def _waived(found: Gathered) -> list[int]:
    return [one.findings.waived for one in found.of("staging")]


def test_a_waiver_holds_from_its_commit_to_its_day(tmp_path: Path) -> None:
    """The first commit is of 2024-01-01, and the whole of the day of expiry still counts."""
    waiver = _waiver("2024-01-03")
    found = _read(tmp_path, [_tree(1), *(_tree(image, waiver) for image in (2, 3, 4))])
    assert _waived(found) == [0, 1, 1, 0]
    assert [o.findings.waived + o.findings.note + o.findings.warning for o in found.of("staging")] == [
        found.of("staging")[0].findings.note + found.of("staging")[0].findings.warning
    ] * 4


def test_a_date_that_goes_back_is_judged_by_itself(tmp_path: Path) -> None:
    trees = [_tree(image, _waiver("2024-01-03")) for image in (1, 2, 3)]
    assert _waived(_read(tmp_path, trees, days=(0, 9, 1))) == [1, 0, 1]


def test_a_date_far_ahead_ends_a_waiver_for_its_own_commit_alone(tmp_path: Path) -> None:
    trees = [_tree(image, _waiver()) for image in (1, 2, 3)]
    assert _waived(_read(tmp_path, trees, days=(0, 365 * 60, 2))) == [1, 0, 1]


def test_a_waiver_of_everything_is_named_with_each_finding(tmp_path: Path) -> None:
    found = _read(tmp_path, [_tree(1, _waiver(rule='"*"'))])
    (one,) = found.of("staging")
    assert (one.findings.error, one.findings.warning, one.findings.note) == (0, 0, 0)
    assert one.findings.waived > 1
    rows = found.evidence.summary.environments[0].findings
    assert {row.exempt.owner if row.exempt else "" for row in rows} == {"Platform"}


@pytest.mark.parametrize("broken", ["waivers: {", "waivers: [1]", "waivers:\n- {rule: missing-limits}\n", "\0", "[]"])
def test_a_file_that_is_wrong_waives_nothing_and_stops_nothing(tmp_path: Path, broken: str) -> None:
    found = _read(tmp_path, [_tree(1, broken), _tree(2, broken)])
    assert _waived(found) == [0, 0]
    assert [one for one in found.evidence.summary.unreadable if one.path == ".assay/exempt.yaml"]


def test_an_accepted_item_is_not_pending(tmp_path: Path) -> None:
    accepted = (
        "acceptances:\n- {component: api, field: image, class: pending, owner: Payments, reason: a freeze, "
        "expires: 2030-01-01}\n"
    )
    trees = [_tree(1), _tree(2), _tree(2, accepted, A="1"), _tree(2, B="1")]
    found = _read(tmp_path, trees)
    drift = [one.drift for one in found.of("production")]
    assert [(d.pending, d.accepted) for d in drift if d] == [(0, 0), (0, 1), (1, 0)]


def test_ten_thousand_entries_and_findings_take_no_time() -> None:
    waivers = tuple(Waiver(f"rule-{n}", "Ada", "so", 10**9, component=f"*{n}*") for n in range(1_000))
    exemptions = Exemptions()
    exemptions.set(Declarations(waivers), "c", 0)
    view = exemptions.of("production")
    findings = [Finding(f"rule-{n}", Level.NOTE, "", f"api-{n}", "", "", 0) for n in range(1_000)]
    assert all(view.waived(finding) is not None for finding in findings)
    version = exemptions.version
    for time in range(100_000):
        exemptions.advance(time)
    assert exemptions.version == version
