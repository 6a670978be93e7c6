"""The past in a browser: what its scripts tell against the evidence, the matrix at a date, and any two versions."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from support.past_scripts import PastScripts

from generator.evidence.reading import Evidence
from generator.evidence.version_views import shown_difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.conftest import Look

pytestmark = pytest.mark.browser

READY = "document.querySelector('.past-controls')?.hidden === false"
STATES = """async (name) => {
    const history = await assayHistory.load(name);
    await history.named();
    const states = [];
    for (const { index } of history.deployments) {
        const { components, connections, commit, digest } = await history.stateAt(index);
        states.push({ commit, digest, short: history.deployments[index].commit,
            since: [...components.values()].map((c) => c.since),
            nodes: [...components.values()].map((c) => [c.id, c.role, c.kind, c.digest, c.version,
                [...c.fields.values()].map((f) => [f.aspect, f.field, f.value])]),
            edges: [...connections.values()].map((c) => [c.source, c.target, c.port, c.how]) });
    }
    return states;
}"""
STANDINGS = """async () => {
    const found = {};
    const states = new Map();
    const environments = await assayHistory.environments();
    for (const { name, deployments } of environments) {
        states.set(name, await (await assayHistory.load(name)).stateAt(deployments - 1));
    }
    for (const { name, upstream } of environments.filter((one) => one.upstream)) {
        for (const one of states.get(name).components.values()) {
            if (one.role === "component") found[`${name} ${one.id}`] = assayHistory.standing(one, states.get(upstream));
        }
    }
    return found;
}"""


def until(one: Look, holds: str) -> None:
    """Wait until an expression holds; the pages' own policy forbids the browser to build one from a text."""
    for _ in range(600):
        if one.page.evaluate(holds):
            return
        one.page.wait_for_timeout(25)
    pytest.fail(f"never: {holds}")


def opened(look: Callable[..., Look], address: str, **options: Any) -> Look:  # noqa: ANN401 - playwright's own
    one = look(**options)
    one.page.goto(address)
    until(one, READY)
    return one


def cells(one: Look) -> dict[tuple[str, str], str]:
    """Return (component, environment) → version as the matrix shows it."""
    script = """() => {
        const text = (place, what) => place.querySelector(what)?.textContent ?? '';
        const heads = [...document.querySelectorAll('.past-main thead th')].map((th) => text(th, 'button'));
        const rows = [...document.querySelectorAll('.past-main tbody tr:not([hidden])')];
        return rows.flatMap((row) => [...row.cells].slice(1).map(
            (cell, at) => [text(row.cells[0], 'a'), heads[at + 1], text(cell, 'a')]));
    }"""
    return {(component, name): version for component, name, version in one.page.evaluate(script)}


def in_force(evidence: Evidence, environment: str, time: str) -> int:
    """Return the index of the last deployment at or before a time; -1 where there was none."""
    own = [d for d in evidence.deployments() if d.environment == environment]
    return max((n for n, d in enumerate(own) if d.commit.committed_at <= time), default=-1)


def test_every_state_in_the_browser_is_that_of_the_evidence(
    demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    one = opened(look, f"{demo_address}matrix.html")
    evidence = Evidence(demo_site / "evidence")
    components = evidence.components()
    for environment in evidence.summary.environments:
        states = one.page.evaluate(STATES, environment.name)
        own = [d for d in evidence.deployments() if d.environment == environment.name]
        walk = evidence.topologies(environment.name)
        scripts = PastScripts(demo_site / "assets/history" / environment.name)
        assert len(states) == len(own)
        for index, (state, deployment) in enumerate(zip(states, own, strict=True)):
            walk.advance(deployment.digest)
            records = [components[e.component] for e in walk.entries.values() if e.component]
            nodes = {n[0]: (n[1], n[2], n[3], sorted(map(tuple, n[5]))) for n in state["nodes"]}
            assert nodes == {r.id: (r.role, r.kind, r.digest[:16], sorted(r.fields)) for r in records}
            edges = [e for e in walk.entries.values() if not e.component]
            assert sorted(map(tuple, state["edges"])) == sorted((e.source, e.target, e.port, e.how) for e in edges)
            assert (state["commit"], state["digest"]) == (deployment.commit.id, deployment.digest)
            assert state["short"] == deployment.commit.id[:12]
            told = scripts.at(index)
            assert {n[0]: s for n, s in zip(state["nodes"], state["since"], strict=True)} == told.since
    assert one.seen.everything == []


def test_the_newest_standings_are_those_of_the_summary(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/matrix.html")
    environments = Evidence(demo_site / "evidence").summary.environments
    known = {f"{e.name} {c.component}": c.standing for e in environments if e.upstream for c in e.cells}
    assert one.page.evaluate(STANDINGS) == known


def test_the_matrix_shows_what_stood_at_a_date_and_the_address_holds_it(
    demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    evidence = Evidence(demo_site / "evidence")
    one = opened(look, f"{demo_address}matrix.html")
    newest = cells(one)
    one.page.get_by_label("At (UTC)").fill("2026-03-01T12:00:00")
    one.page.get_by_text("Sun 2026-03-01 12:00 UTC").wait_for()
    assert one.page.url.endswith("#at=2026-03-01T12:00:00Z")
    assert cells(one) != newest
    for environment in evidence.summary.environments:
        index = in_force(evidence, environment.name, "2026-03-01T12:00:00Z")
        told = PastScripts(demo_site / "assets/history" / environment.name).at(index)
        known = {name: node[3] for name, node in told.nodes.items() if node[0] == "component"}
        assert {c: v for (c, e), v in cells(one).items() if e == environment.name and v} == known
    again = opened(look, one.page.url)
    again.page.get_by_text("Sun 2026-03-01 12:00 UTC").wait_for()
    assert cells(again) == cells(one)
    one.page.get_by_role("button", name="Newest").click()
    one.page.get_by_text("the time of this report").wait_for()
    assert cells(one) == newest
    assert "#" not in one.page.url
    assert [*one.seen.everything, *again.seen.everything] == []


def test_one_steps_through_deployments_by_keyboard(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/matrix.html#at=2026-03-01")
    one.page.get_by_label("Step through").select_option("production")
    back = one.page.get_by_role("button", name="Previous deployment")
    back.focus()
    one.page.keyboard.press("Enter")
    evidence = Evidence(demo_site / "evidence")
    own = [d for d in evidence.deployments() if d.environment == "production"]
    here = in_force(evidence, "production", "2026-03-01T23:59:59Z")
    until(one, f"location.hash.endsWith('{own[here].commit.committed_at}')")
    one.page.keyboard.press("Enter")
    until(one, f"location.hash.endsWith('{own[here - 1].commit.committed_at}')")
    one.page.get_by_role("button", name="Next deployment").press("Enter")
    until(one, f"location.hash.endsWith('{own[here].commit.committed_at}')")
    one.page.locator(".past-slider").press("Home")
    until(one, f"location.hash.endsWith('{own[0].commit.committed_at}')")


def test_before_the_first_deployment_nothing_stood(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/matrix.html#at=2001-01-01")
    one.page.get_by_text("Nothing was deployed yet").wait_for()
    assert one.page.locator(".past-main table").count() == 0
    one.page.goto(f"{demo_site.as_uri()}/matrix.html#at=<img src=x>")
    one.page.get_by_text("the time of this report").wait_for()
    assert one.seen.everything == []


def test_components_are_filtered_and_what_does_not_differ_is_left_out(
    demo_site: Path, look: Callable[..., Look]
) -> None:
    one = opened(look, f"{demo_site.as_uri()}/matrix.html")
    whole = {component for component, _ in cells(one)}
    one.page.get_by_label("Filter components").fill("checkout")
    one.page.get_by_text(f"1 of {len(whole)} components").wait_for()
    assert {component for component, _ in cells(one)} == {"checkout"}
    one.page.get_by_label("Filter components").fill("")
    one.page.get_by_label("Only what differs").check()
    different = {row.component for e in Evidence(demo_site / "evidence").summary.environments for row in e.cells
                 if row.standing not in {"", "equal"}}  # fmt: skip
    until(one, f"document.querySelectorAll('.past-main tbody tr:not([hidden])').length < {len(whole)}")
    assert different <= {component for component, _ in cells(one)} < whole


def test_two_versions_beside_each_other_are_as_assay_diff_tells_them(
    demo_address: str, demo_site: Path, look: Callable[..., Look]
) -> None:
    told = shown_difference(Evidence(demo_site / "evidence"), "staging-12", "production-9").difference
    known = {
        c.component: (
            "added" if c.a is None else "removed" if c.b is None else "changed",
            sorted(((f.aspect, f.field, f.a, f.b) for f in c.fields), key=str),
        )
        for c in told.components
    }
    one = opened(look, f"{demo_address}compare.html#a=staging-12&b=production-9")
    one.page.get_by_role("heading", name="From staging-12 to production-9").wait_for()
    found = one.page.evaluate("""async () => {
        const [a, b] = await Promise.all([["staging", 11], ["production", 8]].map(
            async ([name, at]) => (await assayHistory.load(name)).stateAt(at)));
        return assayHistory.diff(a, b);
    }""")
    differing = {
        c["id"]: (c["mark"], sorted(((f["aspect"], f["field"], f["old"], f["new"]) for f in c["fields"]), key=str))
        for c in found["components"]
        if c["mark"] != "same"
    }
    assert differing == known
    assert sum(c["mark"] == "same" for c in found["components"]) == told.alike
    edges = [(c["source"], c["target"], c["port"]) for c in found["connections"] if c["mark"] != "same"]
    assert sorted(edges) == sorted((c.source, c.target, c.port) for c in told.connections)
    shown = one.page.locator(".compare-result .beside > tbody > tr:first-child > th > a").all_inner_texts()
    components = Evidence(demo_site / "evidence").components().values()
    proper = {record.id for record in components if record.role == "component"}
    assert sorted(shown) == sorted(name for name in known if name in proper)
    assert one.seen.everything == []


def test_swapped_sides_are_the_opposite_and_the_address_follows(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/compare.html#a=production@2026-03-01&b=production")
    one.page.locator(".compare-result h2").wait_for()
    heading, status = one.page.locator(".compare-result h2").inner_text(), one.page.locator(".past-status").inner_text()
    first, second = heading.removeprefix("From ").split(" to ")
    assert first == f"production-{in_force(Evidence(demo_site / 'evidence'), 'production', '2026-03-01T23:59:59Z') + 1}"
    one.page.get_by_role("button", name="Swap").click()
    one.page.get_by_role("heading", name=f"From {second} to {first}").wait_for()
    assert one.page.url.endswith(f"#a={second}&b={first}")
    turned = one.page.locator(".past-status").inner_text()
    swap = {"added": "removed", "removed": "added"}
    words = [swap.get(word.strip(";."), word.strip(";.")) for word in status.split()]
    assert sorted(words) == sorted(word.strip(";.") for word in turned.split())


def test_a_version_beside_itself_is_equal(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/compare.html#a=production-9&b=production-9")
    one.page.get_by_text("Equal: every component").wait_for()
    assert one.page.locator(".compare-result table").count() == 0


def test_a_side_is_found_by_date_digest_and_commit_with_the_keyboard_alone(
    demo_site: Path, look: Callable[..., Look]
) -> None:
    own = [d for d in Evidence(demo_site / "evidence").deployments() if d.environment == "production"]
    one = opened(look, f"{demo_site.as_uri()}/compare.html")
    field = one.page.get_by_label("Second version: deployment", exact=True)
    for written, wanted in (
        (own[4].commit.id[:9], own[4].id),
        ("production@2026-03-01", own[in_force(Evidence(demo_site / "evidence"), "production", "2026-03-01T24")].id),
        ("7", own[6].id),
        (own[1].commit.committed_at[:16].replace("T", " "), own[1].id),
    ):
        field.focus()
        field.fill(written)
        until(one, "document.querySelector('[role=option] b')?.closest('ul').hidden === false")
        field.press("Enter")
        until(one, f"location.hash.endsWith('&b={wanted}')")
        assert field.input_value() == wanted
    field.fill("nothing like it")
    one.page.get_by_text("No deployment goes with that.").wait_for()
    field.press("Escape")
    assert one.page.locator("[role=listbox]:visible").count() == 0
    assert one.seen.everything == []


def test_a_version_that_is_not_there_is_said_to_be_missing(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/compare.html#a=staging-9999&b=production-9")
    one.page.get_by_text("There is no version staging-9999.").wait_for()


def test_a_difference_is_taken_away_as_csv(demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/compare.html")
    with one.page.expect_download() as waiting:
        one.page.get_by_role("button", name="Download as CSV").click()
    evidence = Evidence(demo_site / "evidence")
    newest = [
        env.newest for name in ("staging", "production") for env in evidence.summary.environments if env.name == name
    ]
    assert waiting.value.suggested_filename == f"difference-{newest[0]}-{newest[1]}.csv"
    text = waiting.value.path().read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == ["subject", "kind", "change", "aspect", "field", *newest]
    told = shown_difference(evidence, *newest).difference
    assert len(rows) == sum(max(1, len(c.fields)) for c in told.components) + len(told.connections)
    assert {row[0] for row in rows if row[1] != "connection"} == {c.component for c in told.components}


@pytest.mark.parametrize("page", ["matrix.html", "compare.html"])
def test_without_scripts_the_newest_state_is_there(page: str, demo_site: Path, look: Callable[..., Look]) -> None:
    one = look(java_script_enabled=False)
    one.page.goto(f"{demo_site.as_uri()}/{page}")
    assert one.page.locator(".past-controls:visible").count() == 0
    assert one.page.get_by_role("row", name="checkout").count() >= 1
    assert one.page.locator("h1").is_visible()


@pytest.mark.parametrize(
    "page", ["matrix.html#at=2026-03-01", "compare.html#a=production-3&b=production", "compare.html"]
)
def test_a_phone_shows_it_without_sideways_scroll(page: str, demo_site: Path, look: Callable[..., Look]) -> None:
    one = opened(look, f"{demo_site.as_uri()}/{page}", viewport={"width": 390, "height": 844})
    one.page.wait_for_timeout(200)
    assert one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_production_on_a_date_is_three_clicks_from_home(demo_site: Path, look: Callable[..., Look]) -> None:
    one = look()
    one.page.goto(f"{demo_site.as_uri()}/index.html")
    one.page.get_by_role("link", name="Environments", exact=True).first.click()
    if not one.page.url.endswith("matrix.html"):
        one.page.get_by_role("link", name="Matrix", exact=True).first.click()
    until(one, READY)
    one.page.get_by_label("At (UTC)").fill("2026-02-10T08:00:00")
    one.page.get_by_text("Tue 2026-02-10 08:00 UTC").wait_for()
