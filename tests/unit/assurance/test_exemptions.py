"""Waivers and acceptances: what they match, from when to when they hold, and what becomes of each."""

from __future__ import annotations

from generator.assurance.drift import DriftClass, DriftItem
from generator.assurance.exemptions import Exempt, Exemptions, ExemptionStanding
from generator.assurance.findings import Finding, Level
from generator.declarations.entries import Acceptance, Declarations, Waiver

DAY = 86_400


def _waiver(rule: str = "missing-limits", *, expires: int = 100 * DAY, line: int = 2, **more: str) -> Waiver:
    return Waiver(rule, "Platform", "old machines", expires, path=".assay/w.yaml", line=line, **more)


def _acceptance(component: str = "checkout", *, expires: int = 100 * DAY, **more: str) -> Acceptance:
    return Acceptance(component, "Payments", "until the move", expires, path=".assay/a.yaml", line=3, **more)


def _finding(rule: str = "missing-limits", subject: str = "api", field: str = "server.resources") -> Finding:
    return Finding(rule, Level.WARNING, "has no limits", subject, field, "api.yaml", 4)


def _with(*entries: Waiver | Acceptance, commit: str = "c1", time: int | None = DAY) -> Exemptions:
    found = Exemptions()
    _set(found, *entries, commit=commit, time=time)
    return found


def _set(found: Exemptions, *entries: Waiver | Acceptance, commit: str, time: int | None) -> None:
    waivers = tuple(e for e in entries if isinstance(e, Waiver))
    found.set(Declarations(waivers, tuple(e for e in entries if isinstance(e, Acceptance))), commit, time)


def test_what_is_waived_names_who_answers_and_where() -> None:
    view = _with(_waiver(component="legacy-*", environment="prod*")).of("production")
    assert view.waived(_finding(subject="legacy-cart")) == Exempt(
        "Platform", "old machines", 100 * DAY, ".assay/w.yaml:2"
    )
    assert view.waived(_finding(subject="cart")) is None
    assert view.waived(_finding("missing-probe", "legacy-cart")) is None


def test_another_environment_is_not_exempt() -> None:
    found = _with(_waiver(environment="production"), _acceptance(environment="production"))
    assert found.of("staging").waived(_finding()) is None
    assert found.of("staging").accepted("checkout", "config", "env.X", "config") is None
    assert found.of("production").accepted("checkout", "config", "env.X", "config") is not None


def test_an_acceptance_can_be_of_one_class() -> None:
    view = _with(_acceptance(drift="config", field="env.TIMEOUT")).of("production")
    assert view.accepted("checkout", "config", "server.env.TIMEOUT", "config") is not None
    assert view.accepted("checkout", "config", "server.env.TIMEOUT", "pending") is None


def test_it_ends_with_its_day_by_the_time_of_the_commit() -> None:
    found = _with(_waiver(expires=10 * DAY))
    view = found.of("production")
    found.advance(10 * DAY - 1)
    assert view.waived(_finding()) is not None
    found.advance(10 * DAY)
    assert view.waived(_finding()) is None
    found.advance(None)
    assert view.waived(_finding()) is None, "a commit without a time is judged as the one before it"
    found.advance(9 * DAY)
    assert view.waived(_finding()) is not None, "order is the chain's, and this commit is older than its end"


def test_before_any_time_is_known_it_holds() -> None:
    found = _with(_waiver(expires=1), time=None)
    assert found.of("production").waived(_finding()) is not None


def test_nothing_is_looked_at_again_before_an_end_is_passed() -> None:
    found = _with(_waiver(expires=10 * DAY), _acceptance(expires=20 * DAY))
    version = found.version
    for time in (2 * DAY, DAY, 9 * DAY):
        found.advance(time)
        assert found.version == version
    found.advance(15 * DAY)
    assert found.version > version


def test_the_same_entries_again_are_no_news() -> None:
    found = _with(_waiver())
    version = found.version
    _set(found, _waiver(), commit="c2", time=2 * DAY)
    assert found.version == version
    _set(found, _waiver(line=9), commit="c3", time=3 * DAY)
    exempt = found.of("production").waived(_finding())
    assert exempt is not None
    assert exempt.source == ".assay/w.yaml:9"
    (state,) = found.states(3 * DAY, {"missing-limits"})
    assert (state.since, state.entry.line) == ("c1", 9), "moved in its file, and still the same one"


def test_of_several_the_one_that_lasts_longest_is_named_and_all_are_used() -> None:
    found = _with(_waiver(expires=10 * DAY), _waiver("*", expires=30 * DAY, line=5))
    exempt = found.of("production").waived(_finding())
    assert exempt is not None
    assert exempt.expires == 30 * DAY
    assert [s.matched for s in found.states(2 * DAY, {"missing-limits"})] == [1, 1]


def test_what_becomes_of_each() -> None:
    used, unused = _waiver(line=1), _waiver("missing-probe", line=2)
    ended, typo = _waiver("unpinned-*", expires=5 * DAY, line=3), _waiver("mising-limits", line=4)
    found = _with(used, unused, ended, typo, _acceptance())
    view = found.of("production")
    assert view.waived(_finding()) is not None
    assert view.waived(_finding("unpinned-image")) is not None
    _set(found, used, unused, ended, typo, commit="c2", time=6 * DAY)
    rules = {"missing-limits", "missing-probe", "unpinned-image"}
    standing = [("production", _finding("unpinned-image")), ("staging", _finding("unpinned-image"))]
    states = found.states(6 * DAY, rules, standing)
    assert [(s.kind, s.entry.line, s.state, s.matched, s.standing) for s in states] == [
        ("acceptance", 3, ExemptionStanding.WITHDRAWN, 0, 0),
        ("waiver", 1, ExemptionStanding.IN_FORCE, 1, 0),
        ("waiver", 2, ExemptionStanding.UNUSED, 0, 0),
        ("waiver", 3, ExemptionStanding.EXPIRED, 1, 2),
        ("waiver", 4, ExemptionStanding.UNKNOWN_RULE, 0, 0),
    ]
    assert (states[0].until, states[0].until_time, states[1].until) == ("c2", 6 * DAY, "")


def test_the_report_time_can_pass_an_end() -> None:
    found = _with(_acceptance(expires=5 * DAY))
    item = DriftItem("checkout", "config", "env.X", DriftClass.CONFIG, "1", "2", "c1", DAY)
    (state,) = found.states(5 * DAY, (), (), [("production", item)])
    assert (state.state, state.standing) == (ExemptionStanding.EXPIRED, 1)


def test_brought_back_it_is_another_one() -> None:
    found = _with(_waiver())
    _set(found, commit="c2", time=2 * DAY)
    assert found.of("production").waived(_finding()) is None
    _set(found, _waiver(), commit="c3", time=3 * DAY)
    states = found.states(3 * DAY, {"missing-limits"})
    assert [(s.since, s.until, s.state) for s in states] == [
        ("c1", "c2", ExemptionStanding.WITHDRAWN),
        ("c3", "", ExemptionStanding.UNUSED),
    ]


def test_the_same_thing_in_two_environments_counts_twice() -> None:
    found = _with(_waiver())
    for name in ("staging", "production", "production"):
        assert found.of(name).waived(_finding()) is not None
    (state,) = found.states(None, {"missing-limits"})
    assert state.matched == 2
