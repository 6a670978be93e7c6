"""Templates are compiled once for each state of the code, and what is kept of them decides nothing."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from jinja2 import TemplateSyntaxError

from generator.evidence.stamps import COMPILED, folder_stamp
from generator.site import compiled
from generator.site.precompile import precompile
from generator.site.sources import our_templates, text_folders
from generator.site.templating import Templates
from generator.site.texts import speaking

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that takes the place of our templates; compiled ones are wanted."""
    place = tmp_path / "templates"
    place.mkdir()
    (place / "one.html").write_text("<p>{{ view }}</p>", "utf-8")
    monkeypatch.setattr("generator.site.templating.our_templates", lambda: place)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return place


def _kept(folder: Path) -> list[Path]:
    return sorted((folder / COMPILED).glob("*")) if (folder / COMPILED).is_dir() else []


def _refuse_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **named: object) -> object:
        message = f"compiled anew: {args} {named}"
        raise TemplateSyntaxError(message, 1)

    monkeypatch.setattr("jinja2.Environment._parse", refuse)


def test_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Templates([folder]).render("one", "", 1) == "<p>1</p>"
    assert len(_kept(folder)) == 1
    _refuse_to_compile(monkeypatch)
    assert Templates([folder]).render("one", "", 2) == "<p>2</p>"


@pytest.mark.parametrize("change", ["source", "code", "damage", "cut"])
def test_is_compiled_anew_where_anything_differs(folder: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Templates([folder]).render("one", "", 1)
    (kept,) = _kept(folder)
    if change == "source":
        (folder / "one.html").write_text("<b>{{ view }}</b>", "utf-8")
    elif change == "code":
        monkeypatch.setattr(compiled, "code_stamp", lambda: b"another state")
    elif change == "damage":
        data = bytearray(kept.read_bytes())
        data[-1] ^= 1
        kept.write_bytes(data)
    else:
        kept.write_bytes(kept.read_bytes()[:-7])
    with monkeypatch.context() as without:
        _refuse_to_compile(without)
        with pytest.raises(TemplateSyntaxError, match="compiled anew"):
            Templates([folder]).render("one", "", 1)
    expected = "<b>1</b>" if change == "source" else "<p>1</p>"
    assert Templates([folder]).render("one", "", 1) == expected
    _refuse_to_compile(monkeypatch)
    assert Templates([folder]).render("one", "", 1) == expected


def test_nothing_is_kept_of_a_folder_of_somebody_else(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "overlay" / "templates"
    shutil.copytree(folder, other)
    assert Templates([other, folder]).render("one", "", 1) == "<p>1</p>"
    assert not _kept(other)
    assert not _kept(folder)


def test_nothing_is_kept_where_python_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert Templates([folder]).render("one", "", 1) == "<p>1</p>"
    assert not _kept(folder)


def test_all_are_compiled_ahead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by a builder of images, for a user who may write nothing."""
    monkeypatch.setattr("generator.site.sources.our_templates", lambda: folder)
    (folder / "other.html").write_text("<i>{{ view }}</i>", "utf-8")
    precompile()
    assert len(_kept(folder)) == 2
    _refuse_to_compile(monkeypatch)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [Templates([folder]).render(name, "", 1) for name in ("one", "other")] == ["<p>1</p>", "<i>1</i>"]


def test_what_is_kept_is_no_part_of_the_folder(folder: Path) -> None:
    before = folder_stamp(folder)
    Templates([folder]).render("one", "", 1)
    assert _kept(folder)
    assert folder_stamp(folder) == before


def test_no_template_is_compiled_otherwise_in_another_language() -> None:
    """A filter of a constant would be worked out when a template is compiled, in the language of that build."""
    found = []
    for language in ("en", "de"):
        with speaking(language, text_folders(())):
            environment = Templates([our_templates()])._environment  # noqa: SLF001 - no template shows how it is compiled
            names = sorted(path.name for path in our_templates().glob("*.html"))
            found.append({name: environment.compile(_source(name), name, raw=True) for name in names})
    assert len(found[0]) > 40
    assert found[0] == found[1]


def _source(name: str) -> str:
    return (our_templates() / name).read_text("utf-8")
