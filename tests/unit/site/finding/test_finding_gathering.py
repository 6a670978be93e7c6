from __future__ import annotations

from unit.site.finding.found import steps

from generator.site.finding.gathering import Ids, Terms


def test_a_term_leads_to_each_of_its_entries_once_by_kind() -> None:
    gathered = Terms()
    gathered.add(2, 3, ["cart", "cart"])
    gathered.add(2, 9, ["cart"])
    gathered.add(2, 9, ["cart", "api"])
    gathered.add(0, 1, ["cart"])
    found = [line.split("\t") for line in gathered.lines()]
    assert [line[0] for line in found] == ["api", "cart"]
    assert [steps(text) for text in found[1][1:]] == [[1], [], [3, 9], []]


def test_terms_stand_in_the_order_of_javascript() -> None:
    gathered = Terms()
    # Beyond the first plane a character is two units, the first of which comes before some of that plane.
    gathered.add(0, 0, ["\uff21", "\U0001d4d0", "z"])
    assert [line.split("\t")[0] for line in gathered.lines()] == ["z", "\U0001d4d0", "\uff21"]


def test_commits_and_digests_stand_by_their_first_digits() -> None:
    gathered = Ids()
    gathered.add("ff" * 20, 2, 70_000)
    gathered.add("01" * 32, 3, 5)
    gathered.add("no hexadecimal name", 3, 6)
    gathered.add("", 3, 7)
    assert list(gathered.lines()) == [f"{'01' * 8}\t3\t5", f"{'ff' * 8}\t2\t70000"]
