from pathlib import Path

import pytest
from jinja2 import UndefinedError

from generator.site.templating import Templates


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "one.html").write_text("<p title='{{ view }}'>{{ view }}</p>")
    (tmp_path / "two.html").write_text("{{ view.missing }}")
    return Templates([tmp_path])


def test_text_is_escaped(templates: Templates) -> None:
    assert templates.render("one", "", "<b>'\"&") == "<p title='&lt;b&gt;&#39;&#34;&amp;'>&lt;b&gt;&#39;&#34;&amp;</p>"


def test_template_text_in_values_stays_text(templates: Templates) -> None:
    assert "{{ 7*7 }}" in templates.render("one", "", "{{ 7*7 }}")


def test_control_and_direction_characters_are_shown(templates: Templates) -> None:
    assert templates.render("one", "", "a\u202e\x1b") == "<p title='a\\u202e\\x1b'>a\\u202e\\x1b</p>"


def test_what_stands_between_backticks_is_code_and_stays_escaped(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text("{{ view|ticked }}")
    found = Templates([tmp_path]).render("one", "", "`a<b>` of `c` and ` alone\u202e")
    assert found == "<code>a&lt;b&gt;</code> of <code>c</code> and ` alone\\u202e"


def test_undefined_names_fail(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.render("two", "", "text")


def test_the_first_folder_wins(tmp_path: Path) -> None:
    for name in ("own", "ours"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.html").write_text(name)
    assert Templates([tmp_path / "own", tmp_path / "ours"]).render("one", "", "") == "own"
