"""Go or no-go in a sentence."""

from __future__ import annotations

import pytest

from generator.evidence.next_release import NextGate, NextRecord, Says
from generator.evidence.records import ChangeRecord
from generator.pipeline.next_gates import told
from generator.site.next_release.sentence import next_verdict, would_come
from generator.site.words import Calendar

AS_OF = "2026-08-21T12:00:00Z"
CALENDAR = Calendar(AS_OF)
PASSED = NextGate("quiet days", "freeze", "passed", "")
SOAK = NextGate(
    "soak", "soak", "too early", "", passes_at="2026-08-22T10:00:00Z", so_far_seconds=7200, needed_seconds=86_400
)


def gate(name: str, outcome: str) -> NextGate:
    return NextGate(name, "result", outcome, "")


def waits(*gates: NextGate) -> NextRecord:
    return NextRecord("production", "staging", AS_OF, "c" * 40, "waits", says=told(gates), gates=gates)


@pytest.mark.parametrize(
    ("gates", "tone", "text"),
    [
        ((PASSED,), "go", "Go: the only gate would pass."),
        ((PASSED, gate("a", "passed")), "go", "Go: 2 of 2 gates would pass."),
        ((gate("approval", "missing"), PASSED), "no-go", "No-go: gate approval is missing."),
        (
            (gate("approval", "missing"), SOAK, gate("b", "failed"), gate("c", "failed")),
            "no-go",
            (
                "No-go: gates b and c would fail; gate approval is missing; soak 2 h of 24 h so far, "
                "passes from Sat 2026-08-22 10:00 UTC."
            ),
        ),
        ((SOAK, PASSED), "early", "Not yet: soak 2 h of 24 h so far, passes from Sat 2026-08-22 10:00 UTC."),
        (
            (gate("signed", "not assessed"), PASSED),
            "open",
            "Open: 1 of 2 gates would pass; gate signed can't be told.",
        ),
        ((), "open", "Nothing stands against it, since no gate looks at it."),
        ((NextGate("a", "approval", "not assessed", "", asked=False), PASSED), "go", "Go: the only gate would pass."),
    ],
)
def test_the_verdict_names_what_stands_in_the_way(gates: tuple[NextGate, ...], tone: str, text: str) -> None:
    assert next_verdict(waits(*gates), CALENDAR) == (tone, text)


@pytest.mark.parametrize("says", ["go", "no-go"])
def test_where_nothing_waits_gates_say_nothing(says: Says) -> None:
    record = NextRecord("production", "staging", AS_OF, "", "nothing", says=says)
    assert next_verdict(record, CALENDAR).text.startswith("Nothing waits")
    unknown = NextRecord("production", "staging", AS_OF, "", "not assessed", "staging was removed.")
    assert next_verdict(unknown, CALENDAR) == ("unknown", "Not assessed: staging was removed.")


def change(name: str, old: str, new: str, aspect: str = "artifact", field: str = "image") -> ChangeRecord:
    return ChangeRecord(name, aspect, field, old, new, "forward", None)  # type: ignore[arg-type]  # one of the aspects


def test_what_would_come_is_one_sentence() -> None:
    record = waits()

    def with_(*changes: ChangeRecord) -> NextRecord:
        return NextRecord("p", "s", AS_OF, "", "waits", changes=changes)

    assert would_come(record) == ""
    assert would_come(with_(change("cart", "x/cart:1", "x/cart:2"))) == "cart would go from 1 to 2."
    many = [change(f"c{n}", "x/c:1", "x/c:2") for n in range(6)]
    assert would_come(with_(*many)) == "6 components would change, in 6 values."
    setting = change("cart", "1", "2", "config", "env.A")
    link = change("cart -> db", "reference", "", "topology", "connection")
    assert would_come(with_(change("cart", "x/cart:1", "x/cart:2"), setting, link)) == "cart would change, in 2 values."
