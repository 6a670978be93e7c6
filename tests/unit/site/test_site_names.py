import re

import pytest

from generator.site.names import month_page, page_name, release_page, topology_page


@pytest.mark.parametrize("name", ["production-12", "eu.production-3", "a" * 64])
def test_plain_ids_are_their_own_names(name: str) -> None:
    assert page_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a/b-1", "", "..", "index", "Frame", "month-2026-08", "<script>", "é-1", "x" * 300, "a b"],
)
def test_other_ids_become_safe_names_that_stay_apart(name: str) -> None:
    found = page_name(name)
    assert re.fullmatch(r"[A-Za-z0-9-]{1,60}", found)
    assert found != page_name(name + "x")


def test_pages_stand_in_their_folders() -> None:
    assert release_page("production-1") == "releases/production-1.html"
    assert month_page("") == "releases/month-undated.html"
    assert topology_page("ab") == "topologies/ab.html"
