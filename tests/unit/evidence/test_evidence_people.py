from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.evidence.people import ADDRESSLESS, NAMELESS, People
from generator.evidence.redaction import Erased, Redaction, fingerprint, name_words

if TYPE_CHECKING:
    from generator.evidence.people import Mode

KNOWN = (("Priya Raman", "p@x.example"), ("P. Raman", "P@X.example"), ("Will", "w@x.example"), ("ci[bot]", ""))
COMMIT = {"id": "1", "committed_at": "", "subject": "Will and Priya Raman, p@x.example", "author": "Priya Raman"}


def people(mode: Mode, erased: Erased | None = None) -> People:
    found = People(mode, lambda: b"key", erased)
    found.learn(KNOWN)
    return found


def test_a_commit_under_a_pseudonym() -> None:
    shown = people("pseudonyms").record(COMMIT | {"committer": "P. Raman"})
    assert re.fullmatch(r"person-[0-9a-f]{10}", shown["author"])
    assert "committer" not in shown, "the same person"
    one, other = re.findall(r"person-[0-9a-f]{10}", shown["subject"])
    assert one != other == shown["author"]
    assert shown["subject"].endswith(f", {ADDRESSLESS}")


def test_a_commit_without_people() -> None:
    shown = people("none").record(COMMIT)
    assert shown["author"] == ""
    assert shown["subject"] == f"{NAMELESS} and {NAMELESS}, {ADDRESSLESS}"


def test_names_stay_where_they_are_shown_and_addresses_do_not() -> None:
    found = people("names")
    assert found.record(COMMIT) == COMMIT | {"subject": f"Will and Priya Raman, {ADDRESSLESS}"}
    assert found.person("Priya Raman <p@x.example>") == "Priya Raman"
    assert found.person("p@x.example") == "p"
    assert not found.touches(b'{"image":"shop/api@sha256:00"}'), "most lines are written as they are"
    assert found.touches(b'{"owner":"p@x.example"}')


@pytest.mark.parametrize(
    "record",
    [
        {"component": "Will", "field": "Will", "environment": "Will", "id": "Will", "kind": "Will", "path": "Will/a"},
        {"subject": "Will", "rule": "x", "message": "m"},
        {"by": "environment", "unit": "all", "subject": "Will"},
        {"rules": [{"title": "Will", "why": "Will"}]},
        {"value": "Will", "drift": "config"},
    ],
)
def test_what_names_a_thing_is_not_taken_for_somebody_of_that_name(record: dict[str, object]) -> None:
    assert people("pseudonyms").record(record) == record


def test_services_bots_and_teams_are_not_people() -> None:
    found = people("pseudonyms")
    for name in ("ci[bot]", "GitHub", "@shop/payments", "an unread signature"):
        assert found.person(name) == name
    assert found.record({"team": "payments"}) == {"team": "payments"}
    assert found.record({"team": "@priya"})["team"].startswith("person-")
    assert found.record({"team": "o@x.example", "by": "team"})["team"].startswith("person-")


def test_an_owner_of_a_role_is_a_text_and_of_a_waiver_a_person() -> None:
    found = people("none")
    assert found.record({"owner": "Release management", "outcome": "passed"})["owner"] == "Release management"
    assert found.record({"owner": "Karen", "expires": "2030"})["owner"] == NAMELESS


def test_an_address_of_many_names_is_nobodys_own() -> None:
    found = People("pseudonyms", lambda: b"key")
    found.learn([(f"Person Number{n}", "team@x.example") for n in range(6)])
    assert len({found.pseudonym(f"Person Number{n}") for n in range(6)}) == 6


def test_a_pseudonym_depends_on_the_key_and_is_shown_as_it_is() -> None:
    first, other = people("pseudonyms"), People("pseudonyms", lambda: b"other")
    assert first.pseudonym("Ada") != other.pseudonym("Ada")
    assert first.person(first.pseudonym("Ada")) == first.pseudonym("Ada")


def test_what_was_erased_is_shown_in_no_mode() -> None:
    gone = Redaction("redaction-1", "person", fingerprint(name_words("Priya Raman"), b"", "d"), "r", "", 1, {})
    for mode in ("names", "pseudonyms", "none"):
        shown = people(mode, Erased([gone], b"", {1: "d"})).record(COMMIT)
        assert shown["author"] == "[redacted redaction-1]"
        assert "[redacted redaction-1]" in shown["subject"]
