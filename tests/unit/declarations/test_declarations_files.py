"""Declaration files: every section, and a line and a fix for everything that can't be taken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.declarations.entries import Acceptance, Approval, Declarations, Incident, Override, Waiver
from generator.declarations.files import LONGEST, OVERRIDE_KINDS, parse_declarations
from generator.timeline.kinds import Kind

ALL = b"""\
waivers:
  - {rule: missing-limits, component: "legacy-*", field: "*", environment: production, owner: Platform,
     reason: They go in spring, expires: 2026-12-31}
acceptances:
  - {component: checkout, field: env.TIMEOUT, class: config, environment: production, owner: Payments,
     reason: Slower bank, expires: "2026-12-31"}
overrides:
  - {commit: 1A2B3C4D, environment: production, kind: hotfix, owner: Ada, reason: Night shift}
incidents:
  - {id: INC-7, commit: 1a2b3c4d, environment: production, title: No carts, fixed_by: production-12}
approvals:
  - {commit: 1a2b3c4d, by: Grace Example, at: "2026-08-21T18:00:00+02:00", gate: approval}
"""
NEW_YEAR = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())


def _read(text: str | bytes) -> tuple[Declarations, list[tuple[str, int, str, str]]]:
    found, problems = parse_declarations(text if isinstance(text, bytes) else text.encode(), "said.yaml")
    assert {problem.place.path for problem in problems} <= {"said.yaml"}
    return found, [(problem.code, problem.place.line, problem.reason, problem.fix) for problem in problems]


def test_all_sections_are_read() -> None:
    found, problems = _read(ALL)
    assert problems == []
    path = "said.yaml"
    assert found == Declarations(
        (Waiver("missing-limits", "Platform", "They go in spring", NEW_YEAR, "legacy-*", "*", "production", path, 2),),
        (Acceptance("checkout", "Payments", "Slower bank", NEW_YEAR, "env.TIMEOUT", "config", "production", path, 5),),
        (Override("1a2b3c4d", "hotfix", "Ada", "Night shift", "production", path, 8),),
        (Incident("INC-7", "1a2b3c4d", "production", "No carts", "production-12", path, 10),),
        (Approval("1a2b3c4d", "Grace Example", "*", 1_787_328_000, "approval", "", path, 12),),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "waivers:\n", "waivers: []\nincidents: ~\n", "---\n---\n"])
def test_nothing_said_is_no_error(text: str) -> None:
    assert _read(text) == (Declarations(), [])


WAIVER = "rule: r, owner: o, reason: w"
FAULTS = {
    "a file that is a list": ("- rule: r\n", "section", 1, "no mapping of sections"),
    "a section that is none": ("waiver: []\n", "section", 1, "`waiver` is no section"),
    "a section that is no list": ("\nwaivers: {rule: r}\n", "section", 2, "`waivers` is no list"),
    "an entry that is no mapping": ("waivers:\n  - missing-limits\n", "entry", 2, "no mapping"),
    "a misspelt key": (f"waivers:\n- {{{WAIVER}, expires: 2026-01-01,\n   enviroment: x}}", "key", 3, "`enviroment`"),
    "a key that is a list": (f"waivers: [{{{WAIVER}, expires: [2026-01-01]}}]", "value", 1, "no single value"),
    "no owner": ("waivers: [{rule: r, reason: w, expires: 2026-01-01}]", "missing", 1, "without `owner`"),
    "an empty reason": ("waivers: [{rule: r, owner: o, reason: ' ', expires: 2026-01-01}]", "missing", 1, "`reason`"),
    "no expiry": (f"waivers: [{{{WAIVER}}}]", "missing", 1, "without `expires`"),
    "a day that is none": (f"waivers: [{{{WAIVER}, expires: 2026-02-30}}]", "value", 1, "`2026-02-30` is no date"),
    "a day without its month": (f"waivers: [{{{WAIVER}, expires: next year}}]", "value", 1, "is no date"),
    "a day in week numbers": (f"waivers: [{{{WAIVER}, expires: 2026-W01}}]", "value", 1, "is no date"),
    "the last day of all": (f"waivers: [{{{WAIVER}, expires: 9999-12-31}}]", "value", 1, "is no date"),
    "an acceptance without component": (
        "acceptances: [{owner: o, reason: w, expires: 2026-01-01}]",
        "missing",
        1,
        "without `component`",
    ),
    "a kind that is none": ("overrides: [{commit: abcdef0, kind: hotfx, owner: o, reason: w}]", "value", 1, "`hotfx`"),
    "a commit of six digits": ("incidents: [{id: I, commit: abcdef}]", "value", 1, "`abcdef` names no commit"),
    "a branch for a commit": ("approvals: [{commit: main, by: b}]", "value", 1, "`main` names no commit"),
    "a time without a zone": (
        "approvals: [{commit: abcdef0, by: b, at: 2026-08-21T16:00:00}]",
        "value",
        1,
        "is no time",
    ),
    "a value without end": (f"waivers: [{{rule: {'r' * (LONGEST + 1)}, owner: o}}]", "value", 1, "has 501 characters"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_cant_be_taken_is_told_with_its_line_and_a_fix(case: str) -> None:
    text, code, line, reason = FAULTS[case]
    found, problems = _read(text)
    assert found == Declarations(), "an entry counts as a whole or not at all"
    told = [(problem[0], problem[1]) for problem in problems if reason in problem[2]]
    assert told == [(f"declaration-{code}", line)], problems
    assert all(fix for *_, fix in problems)


def test_one_bad_entry_leaves_the_others_and_every_error_is_told() -> None:
    found, problems = _read(f"""\
waivers:
  - {{{WAIVER}, expires: 2026-01-01}}
  - {{rule: r, expires: soon}}
  - {{{WAIVER}, expires: 2026-01-02}}
""")
    assert [waiver.line for waiver in found.waivers] == [2, 4]
    assert [problem[1] for problem in problems] == [3, 3, 3]


def test_what_stands_before_a_broken_document_is_kept() -> None:
    found, problems = _read(f"waivers: [{{{WAIVER}, expires: 2026-01-01}}]\n---\nincidents: [\n")
    assert len(found.waivers) == 1
    assert [problem[0] for problem in problems] == ["yaml-syntax"]


def test_json_is_read_as_well() -> None:
    data = b'{"incidents": [{"id": "INC-1", "commit": "abcdef0"}]}'
    found, problems = parse_declarations(data, "said.json")
    assert (len(found.incidents), problems) == (1, ())


def test_a_day_counts_to_its_end_and_a_day_of_approval_from_its_start() -> None:
    (found,) = _read(f"waivers: [{{{WAIVER}, expires: 1970-01-01}}]")[0].waivers
    assert found.expires == 86_400
    (approval,) = _read("approvals: [{commit: abcdef0, by: b, at: 1970-01-02}]")[0].approvals
    assert approval.at == 86_400


def test_control_characters_do_not_travel() -> None:
    (waiver,) = _read('waivers: [{rule: r, owner: "a\\eb\\nc", reason: w, expires: 2026-01-01}]')[0].waivers
    assert waiver.owner.isprintable()


def test_the_kinds_that_can_be_said_are_those_of_deployments() -> None:
    assert set(OVERRIDE_KINDS) == {kind.value for kind in Kind} - {"gap"}
