"""A theme's styles and scripts without what a site never uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.site.slimming import PATCHES, packed, packed_script, slim
from generator.site.trimmed_styles import named_words, packed_style, trimmed

if TYPE_CHECKING:
    from pathlib import Path

NAMED = named_words("card note md-nav default")


@pytest.mark.parametrize(("css", "kept"), [
    (".card{a:b}", ".card{a:b}"),
    (".tabbed{a:b}", ""),
    (".card,.tabbed{a:b}", ".card{a:b}"),
    (".card .tabbed{a:b}.note{c:d}", ".note{c:d}"),
    (".card:not(.tabbed){a:b}", ".card:not(.tabbed){a:b}"),
    (":is(.tabbed,.card) p{a:b}", ":is(.tabbed,.card) p{a:b}"),
    ("@media print{.tabbed{a:b}}", ""),
    ("@media print{.tabbed{a:b}.card{c:d}}", "@media print{.card{c:d}}"),
    ("@keyframes x{from{a:b}to{c:d}}", "@keyframes x{from{a:b}to{c:d}}"),
    ('@charset "UTF-8";p{a:b}', '@charset "UTF-8";p{a:b}'),
    ('p{content:"}.x{"}.tabbed{a:b}', 'p{content:"}.x{"}'),
    ("p{a:url(data:x;{})}h1{b:c}", "p{a:url(data:x;{})}h1{b:c}"),
    ("[data-md-color-scheme=default]{a:b}[data-md-color-primary=pink]{c:d}", "[data-md-color-scheme=default]{a:b}"),
    ("[dir=default] .card{a:b}[dir=rtl] .card{c:d}", "[dir=default] .card{a:b}"),
    (':root{--one:url("x{");--two:url("y")}p{a:var(--two)}', ':root{--two:url("y")}p{a:var(--two)}'),
    ("p{a:b}/*# sourceMappingURL=x.map */", "p{a:b}"),
])  # fmt: skip
def test_a_rule_stays_where_a_page_could_meet_it(css: str, kept: str) -> None:
    assert trimmed(css, NAMED) == kept


def test_trimming_twice_changes_nothing_more() -> None:
    css = ".card,.x{a:b}@media print{.note{c:d}.y{e:f}}:root{--v:url('z')}"
    assert trimmed(trimmed(css, NAMED), NAMED) == trimmed(css, NAMED)


def test_a_page_is_packed_but_for_what_is_set_as_it_stands() -> None:
    page = "<ul>\n  <li>a</li>\n</ul>\n<pre><b>x</b>\n  <i>y</i></pre>\n  <p>z</p>"
    assert packed(page) == "<ul> <li>a</li> </ul>\n<pre><b>x</b>\n  <i>y</i></pre>\n  <p>z</p>"


@pytest.mark.parametrize(("css", "kept"), [
    ("/* why */\n.a,\n.b > c {\n  d: e f;\n  g: calc(1px + 2px);\n}\n", ".a,.b > c{d: e f;g: calc(1px + 2px);}"),
    ("a { b: c } /* x\n y */\n\n@media (d) {\n e { f: g }\n}", "a{b: c}@media (d){e{f: g}}"),
    ("/*! theirs */ a { b: c }", "/*! theirs */ a{b: c}"),
    ("a { b: '/* no  comment; { */' }", "a{b: '/* no  comment; { */'}"),
    ('a { b: "x\\"  /*"; c: url(data:image/svg+xml;x,y  z) }', 'a{b: "x\\"  /*";c: url(data:image/svg+xml;x,y  z)}'),
])  # fmt: skip
def test_a_style_is_packed_but_for_its_texts(css: str, kept: str) -> None:
    assert packed_style(css) == kept
    assert packed_style(kept) == kept


@pytest.mark.parametrize(("script", "kept"), [
    ("/* Why,\n   and how. */\n{\n  // so\n  a();  // b\n\n  c();\n}\n", "{\na();  // b\nc();\n}\n"),
    ("/*! theirs */\na();\n", "/*! theirs */\na();\n"),
    ("/* one */ a(); /* two */\nb();\n", "/* one */ a(); /* two */\nb();\n"),
    ('  a("// no comment");\n  b = `//`;\n', 'a("// no comment");\nb = `//`;\n'),
    ("a = `x\n  // text\n  y`;\n  b();\n", "a = `x\n  // text\n  y`;\n  b();\n"),
    ("a = 'x\\\n  // text';\n", "a = 'x\\\n  // text';\n"),
])  # fmt: skip
def test_a_script_is_packed_but_for_texts_over_lines(script: str, kept: str) -> None:
    assert packed_script(script) == kept


def test_a_site_loses_what_no_page_names(tmp_path: Path) -> None:
    site, templates = tmp_path / "site", tmp_path / "templates"
    for folder in (site / "assets/stylesheets", site / "assets/javascripts", templates):
        folder.mkdir(parents=True)
    (site / "index.html").write_text('<p class="md-nav">a</p>')
    (templates / "x.html").write_text('<p class="tone-{{ tone }} drawn">a</p>')
    (site / "assets/stylesheets/main.1.min.css").write_text(".md-nav{a:b}.drawn{c:d}.md-nav--open{e:f}.md-code__x{g:h}")
    (site / "assets/stylesheets/main.1.min.css.map").write_text("{}")
    script = f'{PATCHES[0][0]};"md-nav--open md-code__x"\n//# sourceMappingURL=b.map\n'
    (site / "assets/javascripts/bundle.1.min.js").write_text(script)
    slim(site, [templates])
    assert (site / "assets/stylesheets/main.1.min.css").read_text() == ".md-nav{a:b}.drawn{c:d}.md-nav--open{e:f}"
    assert not (site / "assets/stylesheets/main.1.min.css.map").exists()
    assert (site / "assets/javascripts/bundle.1.min.js").read_text() == '!1;"md-nav--open md-code__x"\n'


def test_a_direction_of_writing_that_only_the_theme_asks_for_is_left_out(tmp_path: Path) -> None:
    for folder in ("assets/stylesheets", "assets/javascripts"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "index.html").write_text('<body dir="ltr">a</body>')
    (tmp_path / "assets/javascripts/bundle.1.min.js").write_text('"rtl"===document.dir')
    (tmp_path / "assets/stylesheets/main.1.min.css").write_text("[dir=ltr] p{a:b}[dir=rtl] p{c:d}")
    (tmp_path / "assets/stylesheets/own.css").write_text("p {\n  a: b;\n}\n")
    slim(tmp_path, [])
    assert (tmp_path / "assets/stylesheets/main.1.min.css").read_text() == "[dir=ltr] p{a:b}"
    assert (tmp_path / "assets/stylesheets/own.css").read_text() == "p{a: b;}"
