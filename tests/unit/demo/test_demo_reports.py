from __future__ import annotations

import json

from defusedxml.ElementTree import fromstring

from generator.demo.reports import keep_reports
from generator.demo.state import Made, State

IDS = ("1" * 40, "2" * 40, "3" * 40)
CHECKOUT, SEARCH = ("deploy/production/checkout.yaml",), ("deploy/production/search.yaml",)


def _texts(*made: Made) -> dict[str, str]:
    return dict(keep_reports(State(texts={"README.md": "kept\n"}, made=made)).texts)


def test_each_commit_to_production_has_its_tests() -> None:
    texts = _texts(
        Made("One", IDS[0], ("deploy/production/checkout.yaml", "deploy/production/search.yaml")),
        Made("Two", IDS[1], ("deploy/staging/checkout.yaml", "docs/runbook.md")),
        Made("Three", IDS[2], ("platform/environments/production.yaml",)),
    )
    assert sorted(texts) == ["README.md", f"reports/{IDS[0]}/junit.xml", f"reports/{IDS[2]}/junit.xml"]
    suites = fromstring(texts[f"reports/{IDS[0]}/junit.xml"])
    assert [suite.get("name") for suite in suites] == ["checkout", "search"]
    assert [suite.get("tests") for suite in suites] == [str(len(suite)) for suite in suites]
    assert suites.findall(".//failure") == []


def test_one_test_fails() -> None:
    texts = _texts(Made("Promote checkout 1.10.0 to production", IDS[0], CHECKOUT))
    suites = fromstring(texts[f"reports/{IDS[0]}/junit.xml"])
    assert [case.get("name") for case in suites.iter("testcase") if len(case)] == ["splits vouchers to the cent"]
    assert suites[0].get("failures") == "1"


def test_one_report_holds_no_test_and_one_was_never_written() -> None:
    texts = _texts(
        Made("Promote search 0.10.0 to production", IDS[0], SEARCH),
        Made("Hotfix: storefront 3.5.1 straight to production", IDS[1], ("deploy/production/storefront.yaml",)),
    )
    assert not list(fromstring(texts[f"reports/{IDS[0]}/junit.xml"]).iter("testcase"))
    assert not [path for path in texts if IDS[1] in path]


def test_a_scan_of_some_images() -> None:
    texts = _texts(Made("Promote accounts 1.13.0 to production", IDS[0], ("deploy/production/accounts.yaml",)))
    (run,) = json.loads(texts[f"reports/{IDS[0]}/scan.sarif"])["runs"]
    assert [result["level"] for result in run["results"]] == ["warning"]
