"""Style sheets of the report, fitted to a site whose theme is not ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.embedding.styles import FRAME, GUEST, bound, fit_styles, scaled
from generator.site.trimmed_styles import GROUPS, rules, selectors

DOCS = Path(__file__).parents[3] / "site_src/docs"
STYLES = DOCS / "assets/stylesheets"
HOME = re.compile(r":is\(\.assay, #assay\)")


def all_selectors(css: str) -> list[str]:
    """Return every selector of a style sheet, those in groups too."""
    found: list[str] = []
    for prelude, body in rules(css):
        head = prelude.strip()
        if body is None or (head.startswith("@") and not head.startswith(GROUPS)):
            continue
        found += all_selectors(body) if head.startswith("@") else [one.strip() for one in selectors(head)]
    return found


@pytest.mark.parametrize(
    ("css", "said"),
    [
        (".card { a: b }", ":is(.assay, #assay) .card { a: b }\n"),
        (".assay .card, td { a: b }", ".assay:is(.assay, #assay) .card, :is(.assay, #assay) td { a: b }\n"),
        ("/* p { } */ p:is(.a, .b) { a: b }", ":is(.assay, #assay) p:is(.a, .b) { a: b }\n"),
        (':root, [data-bs-theme="dark"] { --a: b }', ':root, [data-bs-theme="dark"] { --a: b }\n'),
        (
            '[data-bs-theme="dark"] .assay .on-light { a: b }',
            '[data-bs-theme="dark"] .assay:is(.assay, #assay) .on-light { a: b }\n',
        ),
        ("@media print { .card { a: b } }", "@media print {\n:is(.assay, #assay) .card { a: b }\n}\n"),
        ("@page { margin: 0 }", "@page { margin: 0 }\n"),
        (".assay-wide { a: b }", ":is(.assay, #assay) .assay-wide { a: b }\n"),
    ],
)
def test_every_rule_is_bound_to_our_element(css: str, said: str) -> None:
    """What a host's pages are made of can't be met by ours; tokens stand where they stood."""
    assert re.sub(r" +", " ", bound(css)) == said


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("margin: 0.4rem -0.28rem 2rem", "margin: 0.5rem -0.35rem 2.5rem"),
        ("font: 0.64rem/1.4 x", "font: 0.8rem/1.4 x"),
        ("--x-2rem: .4rem; color: #1rem", "--x-2rem: 0.5rem; color: #1rem"),
        ("width: calc(100% - 1.2rem)", "width: calc(100% - 1.5rem)"),
        ("width: 1em", "width: 1em"),
    ],
)
def test_sizes_follow_what_a_rem_is_in_the_theme(css: str, said: str) -> None:
    """A `rem` of Material is a quarter larger than that of other themes."""
    assert scaled(css, 1.25) == said


def test_no_style_of_ours_reaches_what_is_the_hosts(tmp_path: Path) -> None:
    """Of all that our pages load, only tokens are set outside of our element."""
    for path in STYLES.glob("*.css"):
        if path.name not in {"print.css", "theme.css"}:
            (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    fit_styles(tmp_path, 1)
    free = {
        (path.name, one)
        for path in tmp_path.glob("*.css")
        for one in all_selectors(path.read_text("utf-8"))
        if not HOME.search(one)
    }
    assert {name for name, _ in free} == {"tokens.css"}
    assert not {one for _, one in free if one.startswith(".")}


def test_no_style_leans_on_the_element_of_a_theme() -> None:
    """But for the frame and paper, which are of our own site alone."""
    assert (STYLES / FRAME.rpartition("/")[2]).is_file()
    assert (STYLES / GUEST.rpartition("/")[2]).is_file()
    leaning = [
        path.name
        for path in sorted(STYLES.glob("*.css"))
        if path.name not in {"theme.css", "print.css"} and re.search(r"\.md-", path.read_text("utf-8"))
    ]
    assert leaning == []
