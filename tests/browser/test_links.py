"""Every link of the demo's site leads somewhere; those of real histories are followed in `tests/real`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.links import dead_links

if TYPE_CHECKING:
    from pathlib import Path


def test_no_link_of_the_demo_is_dead(demo_site: Path) -> None:
    dead, total = dead_links(demo_site)
    assert dead == []
    assert total > 5000


def test_a_dead_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html">b</a><a href="#c">c</a><a href="a.html#d">d</a><p id="d">', "utf-8"
    )
    dead, total = dead_links(tmp_path)
    assert [line.split(" ")[0] for line in dead] == ["a.html:", "a.html:"]
    assert total == 3
