"""What the shop's pipeline tells of each release: unit tests as JUnit, and from July on a scan of images as SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.demo.shop import BLUEPRINTS, IMAGES
from generator.demo.state import PRODUCTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.demo.state import Made, State

_TESTS: Mapping[str, Sequence[str]] = {
    "storefront": ("shows a product", "finds a store", "shows prices with tax"),
    "catalogue": ("lists a season", "counts stock by warehouse", "turns pages"),
    "checkout": ("keeps the basket when a card is declined", "splits vouchers to the cent", "waits for the bank"),
    "accounts": ("signs in", "ends a session", "keeps addresses apart"),
    "search": ("finds a word", "forgives a typing error"),
    "fulfilment": ("books a parcel", "waits for the queue"),
    "recommendations": ("suggests six products",),
    "notifications": ("writes a mail", "writes none twice"),
    "platform": ("reaches the database", "reaches the queue"),
}
_FAILED = {"Promote checkout 1.10.0 to production": "splits vouchers to the cent"}
"""Release → its test that failed."""
_NONE = frozenset({"Hotfix: storefront 3.5.1 straight to production"})
"""Releases for which nobody waited for the tests."""
_NOTHING_RAN = frozenset({"Promote search 0.10.0 to production"})
"""Releases whose report holds no test."""
_SCANNED = {
    "Promote accounts 1.13.0 to production": ("warning", "The image holds an old library that reads pictures"),
    "Promote catalogue 2.7.0 to production": None,
    "Promote checkout 1.12.0 to production": None,
    "Promote fulfilment 1.4.0 to production": None,
    "Promote search 0.11.0 to production": None,
    "Promote storefront 3.6.0 to production": ("note", "The image holds a compiler, which nothing needs"),
}
"""Release → level and text of what the scan found; `None` for nothing."""
_FOLDERS = (f"deploy/{PRODUCTION}/", f"platform/environments/{PRODUCTION}.yaml")


def keep_reports(state: State) -> State:
    """Return the state with the reports of all releases that have none yet."""
    texts = dict(state.texts)
    for made in state.made:
        tested = _tested(made)
        if not tested or made.subject in _NONE:
            continue
        ran = [] if made.subject in _NOTHING_RAN else tested
        texts[f"reports/{made.id}/junit.xml"] = _junit(ran, _FAILED.get(made.subject, ""))
        if made.subject in _SCANNED:
            texts[f"reports/{made.id}/scan.sarif"] = _sarif(tested[0], _SCANNED[made.subject])
    return replace(state, texts=texts)


def of_production(made: Made) -> list[str]:
    """Return the files of production that a commit changed."""
    return [path for path in made.paths if path.startswith(_FOLDERS)]


def _tested(made: Made) -> list[str]:
    """Return what was tested of a commit to production, sorted."""
    paths = of_production(made)
    apps = {path.rpartition("/")[2].removesuffix(".yaml") for path in paths}
    return sorted({app if app in BLUEPRINTS else "platform" for app in apps})


def _junit(apps: Sequence[str], failed: str) -> str:
    suites = []
    for app in apps:
        names = _TESTS[app]
        cases = [_case(app, name, f"{(place + 2) * 3 / 10}", failed=name == failed) for place, name in enumerate(names)]
        head = f'  <testsuite name="{app}" tests="{len(names)}" failures="{int(failed in names)}" errors="0">\n'
        suites.append(f"{head}{''.join(cases)}  </testsuite>\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(suites)}</testsuites>\n'


def _case(app: str, name: str, seconds: str, *, failed: bool) -> str:
    head = f'    <testcase classname="{app}" name="{name}" time="{seconds}"'
    if not failed:
        return f"{head}/>\n"
    return f'{head}>\n      <failure message="expected 3.33, got 3.34"/>\n    </testcase>\n'


def _sarif(app: str, found: tuple[str, str] | None) -> str:
    results = []
    if found is not None:
        place = {"physicalLocation": {"artifactLocation": {"uri": f"{IMAGES}/{app}"}}}
        results = [{"ruleId": "image", "level": found[0], "message": {"text": found[1]}, "locations": [place]}]
    run = {"tool": {"driver": {"name": "image scan", "version": "2.4"}}, "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, indent=1, sort_keys=True) + "\n"
