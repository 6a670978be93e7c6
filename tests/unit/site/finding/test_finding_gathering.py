from __future__ import annotations

from unit.site.finding.found import newest

from generator.site.finding.gathering import Terms, id_term


def found(gathered: Terms) -> list[list[str]]:
    return [gathered.line(term).split("\t") for _key, term in gathered.sorted()]


def test_a_term_leads_to_each_of_its_entries_once_by_kind() -> None:
    gathered = Terms()
    gathered.add(2, 3, ["cart", "cart"])
    gathered.add(2, 9, ["cart"])
    gathered.add(2, 9, ["cart", "api"])
    gathered.add(0, 1, ["cart"])
    lines = found(gathered)
    assert [line[0] for line in lines] == ["api", "cart"]
    assert [newest(text) for text in lines[1][1:]] == [[1], [], [3, 9], []]


def test_later_entries_are_told_with_those_that_a_term_had() -> None:
    before, after = Terms(), Terms()
    before.add(2, 3, ["cart"])
    after.add(2, 9, ["cart"])
    after.add(1, 0, ["cart"])
    line = after.line("cart", before.line("cart")).split("\t")
    assert [newest(text) for text in line[1:]] == [[], [0], [3, 9], []]


def test_terms_stand_in_the_order_of_javascript() -> None:
    gathered = Terms()
    # Beyond the first plane a character is two units, the first of which comes before some of that plane.
    gathered.add(0, 0, ["\uff21", "\U0001d4d0", "z"])
    assert [line[0] for line in found(gathered)] == ["z", "\U0001d4d0", "\uff21"]


def test_commits_and_digests_are_found_by_their_first_digits() -> None:
    assert id_term("01" * 32) == ("01" * 8,)
    assert [id_term(name) for name in ("no hexadecimal name", "", "FF" * 20, "0 " * 20, "abcd")] == [()] * 5
