from __future__ import annotations

from generator.demo.script import ADAEZE, approved, journey, step
from generator.demo.state import State, declare


def test_trailers_are_a_paragraph_of_their_own() -> None:
    one = step("02-12 16:40", ADAEZE, "Go back\n\nIt fails.", says=("Hotfix: yes", approved("Zoë")))
    assert one.message == "Go back\n\nIt fails.\n\nHotfix: yes\nApproved-by: Zoë"
    assert one.at == 1_770_914_400
    assert step("02-12 16:40", ADAEZE, "Go back").message == "Go back"


def test_somebody_else_approves_what_goes_to_production() -> None:
    for what in ("a", "ab", "abc"):
        *before, production = journey("search", "1.0", what, ADAEZE, "02-10 10:00", "02-11 10:00", "02-12 10:00")
        assert not [one for one in before if ":" in one.message.partition("\n")[2]]
        yes = production.message.rpartition("\n")[2]
        assert yes.partition(": ")[2] != production.author
        assert yes.startswith(("Approved-by: ", "Reviewed-by: "))


def test_a_journey_can_go_without_a_trailer() -> None:
    when = ("02-10 10:00", "02-11 10:00", "02-12 10:00")
    *_, production = journey("search", "1.0", "new", ADAEZE, *when, trailer=False)
    assert "\n" not in production.message


def test_entries_follow_one_another_in_the_file_of_their_section() -> None:
    state = declare("waivers", "{rule: b}")(declare("waivers", "{rule: a}")(State()))
    assert state.texts == {".assay/waivers.yaml": "waivers:\n  - {rule: a}\n  - {rule: b}\n"}
