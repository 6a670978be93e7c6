"""Words of the glossary in our own texts: every one leads to an entry, and no text of a repository can."""

from __future__ import annotations

import re
from pathlib import Path

from generator.site.terms import MARK, glossed, said, said_count
from generator.site.tiles import _TERMS

ROOT = Path(__file__).parents[3]
ENTRY = re.compile(r"\{#([a-z-]+)\}")
MARKED = re.compile(rf"(?<![\w\]]){MARK.pattern}")
"""A mark in a source; code such as `views[name](context)` is none."""


def entries() -> list[str]:
    return ENTRY.findall((ROOT / "site_src/docs/glossary.md").read_text("utf-8"))


def test_a_term_leads_to_its_entry() -> None:
    link = '<a class="term" href="../glossary.html#rollback">rollback</a>'
    assert glossed(said("A [rollback](rollback) of %(name)s.", name="cart"), "../") == f"A {link} of cart."
    assert said("A [rollback](rollback) of %(name)s.", name="cart").plain == "A rollback of cart."


def test_values_are_escaped_and_never_links() -> None:
    text = glossed(said("%(name)s [waits](pending).", name="<b>[x](rollback) 100%"), "")
    assert text == ('&lt;b&gt;[x](rollback) 100% <a class="term" href="glossary.html#pending">waits</a>.')


def test_counts_choose_their_form() -> None:
    assert said_count("%(number)s [gate](gate)", "%(number)s [gates](gate)", 1200).plain == "1,200 gates"
    assert glossed("100 % of [gates](gate)", "").startswith("100 % of <a")


def test_every_term_has_an_entry_of_its_own() -> None:
    known = entries()
    assert len(known) == len(set(known))
    sources = [*(ROOT / "generator/site").rglob("*.py"), *(ROOT / "templates").glob("*.html")]
    marked = {
        entry for path in sources if path.name != "terms.py" for _word, entry in MARKED.findall(path.read_text("utf-8"))
    }
    placed = {
        entry
        for path in (ROOT / "templates").glob("*.html")
        for entry in re.findall(r'mark\.term\("([a-z-]+)"', path.read_text("utf-8"))
    }
    assert {"rollback", "drift", "gate"} <= marked
    assert (marked | placed | _TERMS) - set(known) == set()


def test_every_word_of_the_glossary_can_be_led_to() -> None:
    text = (ROOT / "site_src/docs/glossary.md").read_text("utf-8")
    terms = re.findall(r"^(.+)\n:   ", text, flags=re.MULTILINE)
    assert all(ENTRY.search(term) for term in terms)
