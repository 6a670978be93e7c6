"""A triage verdict as a record: names instead of numbers, and what is cut is counted."""

from __future__ import annotations

import msgspec
from support.trails import Driven

from generator.assurance.triage.judging import Cause, cause_of, triage
from generator.evidence.triage import MOST, TriageRecord, triage_record


def _record(*lines: str) -> TriageRecord:
    driven = Driven().run(*lines)
    made = driven.production.deployments[-1]
    cause = cause_of(made) or Cause("incident", "INC-1")
    return triage_record(triage(cause, made, driven.production.trail), "production", "staging")


def test_everything_is_named() -> None:
    found = _record("s/api=A,L:i p/api=A,L:i", "s/api=B,L:d", "p/api=B,L:i", "p/api=A,L:i")
    assert (found.trigger, found.verdict) == ("rollback", "deployment suspected")
    assert (found.failed_from, found.failed_to, found.commit) == ("production-2", "production-2", f"{3:040x}")
    assert found.origin is not None
    assert (found.origin.deployment, found.origin.commit, found.origin.at) == (
        "staging-2",
        f"{2:040x}",
        "1970-01-01T00:02:00Z",
    )
    assert found.last_good is not None
    assert found.last_good.deployment == "production-1"
    assert [(s.component, s.field, s.here, s.upstream) for s in found.settings_differing] == [("api", "L", "i", "d")]
    (row,) = found.components
    assert (row.artifacts, row.settings, row.differing, row.never_in) == (1, 0, 1, "")
    assert msgspec.json.decode(msgspec.json.encode(found), type=TriageRecord) == found


def test_what_never_ran_upstream_is_said_so() -> None:
    found = _record("s/api=A p/api=A", "p/api=B", "p/api=A")
    assert (found.verdict, found.never_in, found.origin) == ("application, unvalidated", "staging", None)


def test_what_is_cut_is_counted_and_artifacts_come_first() -> None:
    settings = ",".join(f"K{n:02}:1" for n in range(MOST + 9))
    found = _record("s/api=A p/api=A", f"p/api=B,{settings}", "p/api=A")
    assert (len(found.fields), found.fields_of) == (MOST, MOST + 10)
    assert found.fields[0].field == "image"
    many = " ".join(f"p/c{n:02}=B" for n in range(MOST + 2))
    wide = _record(many.replace("=B", "=A"), many)
    assert (len(wide.components), wide.components_of, wide.fields_of) == (MOST, MOST + 2, MOST + 2)
