"""What a release page says beside its changes: how it is known, gates, results, waivers, triage, and the way back."""

import re
from html import unescape
from pathlib import Path

import pytest

from generator.evidence.reading import Evidence
from generator.evidence.records import DeploymentRecord

HOTFIX, ROLLBACK, FAILED_TESTS, WAIVED = 6, 9, 4, 20
LARGEST = 60_000
"""Bytes of a release page."""


def page(site: Path, number: int) -> str:
    return (site / "releases" / f"production-{number}.html").read_text("utf-8")


def section(site: Path, number: int, name: str) -> str:
    found = re.search(rf'<h2 id="{name}">.*?</section>', page(site, number), re.DOTALL)
    assert found, name
    return found[0]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<wbr>|<[^>]+>", lambda m: "" if m[0] == "<wbr>" else " ", html)).split())


def record(site: Path, number: int) -> DeploymentRecord:
    return next(d for d in Evidence(site / "evidence").deployments() if d.id == f"production-{number}")


def test_the_verdict_comes_first_and_the_rest_after_it(shop_site: Path) -> None:
    html = page(shop_site, HOTFIX)
    order = [html.index(mark) for mark in ('class="verdict"', 'class="summary"', 'id="changes"', 'id="gates"')]
    order += [html.index(f'id="{name}"') for name in ("validation", "drift", "failed", "bring-back", "evidence")]
    assert order == sorted(order)
    assert '<p class="verdict">Hotfix: ' in html


def test_what_was_declared_stands_beside_what_the_values_show(shop_site: Path) -> None:
    told = plain(page(shop_site, HOTFIX))
    assert "the values alone show forward" in told
    assert "Hotfix yes trailer The trailer declares a hotfix." in told
    assert "Incidents INC-6" in told
    assert "the values alone show" not in plain(page(shop_site, WAIVED))


def test_each_gate_has_its_outcome_reason_and_owner(shop_site: Path) -> None:
    html = section(shop_site, HOTFIX, "gates")
    outcomes = re.findall(r'class="outcome outcome-([a-z-]+)"', html)
    assert outcomes == ["missing", "passed", "not-assessed"]
    assert "approval Looked at missing No trailer names anybody. Release manager" in plain(html)
    assert "1 of 3 passed, 1 missing (approval), 1 not assessed (freeze)" in plain(page(shop_site, HOTFIX))


def test_imported_results_show_their_counts_and_the_worst_of_them(shop_site: Path) -> None:
    html = section(shop_site, FAILED_TESTS, "validation")
    assert re.findall(r'class="outcome outcome-([a-z-]+)"', html) == ["failed", "missing"]
    told = plain(html)
    assert "215 passed, 17 failed" in told
    assert "the worst 10 of 17" in told
    assert told.count("expected ") == 10
    assert "7 more stand in the evidence" in told
    assert "it was expected, and is not there" in told


def test_a_waived_finding_is_marked_and_not_counted(shop_site: Path) -> None:
    html = section(shop_site, WAIVED, "validation")
    assert 'state-waived">waived</span></td>' in html
    assert "by Platform until 2030-12-31: Measured in autumn" in plain(html)
    assert record(shop_site, WAIVED).findings.warning == 1
    assert "1 warning, 1 waived" in plain(page(shop_site, WAIVED))
    assert 'href="../releases/production-1.html">Release 1</a>' in html


def test_a_waiver_that_begins_makes_no_finding_new(shop_site: Path) -> None:
    html = page(shop_site, 15)
    assert "state-waived" in html
    assert "1 new" not in plain(html)


def test_triage_names_range_origin_fields_and_the_last_good_version(shop_site: Path) -> None:
    html = section(shop_site, ROLLBACK, "failed")
    told = plain(html)
    assert "What failed" in told
    assert "deployment suspected cart ran elsewhere with other settings." in told
    assert "A rollback took it back." in told
    assert 'href="../releases/production-8.html">Release 8</a>' in html
    assert 'href="../releases/production-7.html">Release 7</a>' in html
    assert "it began before what is kept" in told
    assert "staging-2" in told
    assert "cart env.POOL config 40 5" in told
    assert "2 more components" in told
    assert f"assay show production@{record(shop_site, 7).digest[:16]}" in told
    assert "never in" not in told


def test_what_never_ran_upstream_is_named(shop_site: Path) -> None:
    told = plain(section(shop_site, HOTFIX, "failed"))
    assert "Incident INC-6 is linked to it." in told
    assert "never in staging" in told


def test_a_release_that_nothing_is_known_against_has_no_triage(shop_site: Path) -> None:
    assert 'id="failed"' not in page(shop_site, WAIVED)


def test_a_culprit_names_the_release_that_took_it_back(shop_site: Path) -> None:
    told = plain(page(shop_site, ROLLBACK - 1))
    assert f"Taken back at least in part, by Release {ROLLBACK}" in told


def test_the_way_back_is_exact(shop_site: Path) -> None:
    now = record(shop_site, ROLLBACK)
    html = section(shop_site, ROLLBACK, "bring-back")
    lines = unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)[0]).splitlines()
    assert lines == [
        f"git worktree add --detach ../production-{now.digest[:12]} {now.commit.id}",
        f"git -C ../production-{now.digest[:12]} ls-files -- deploy/production",
        f"assay show production@{now.digest}",
    ]
    assert "14 artifacts to pull" in plain(html)
    assert "cart harbor.example/shop/cart:" in plain(html)


@pytest.mark.parametrize("name", ["shop_site", "hostile_site"])
def test_no_release_page_is_heavy(name: str, request: pytest.FixtureRequest) -> None:
    site = request.getfixturevalue(name)
    sizes = {path.name: path.stat().st_size for path in (site / "releases").glob("production-*.html")}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
