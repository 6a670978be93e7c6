"""What git does not tell of the shop: runs of its pipeline as CDEvents, and what people wrote down of bad days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.demo.reports import of_production

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.state import Made, State

FOLDER = ".assay/records"
BEGIN = 1_772_409_600
"""2026-03-02T00:00:00Z, from when on the pipeline told of its runs."""
_UNTOLD = frozenset(
    {
        "Rotate the session key in production",
        "WAF 7.3",
        "storefront 3.6.2: the price of tents",
    }
)
"""Deployments that somebody made by hand, past the pipeline."""
_RETRIED = frozenset({"Promote search 0.11.0 to production"})
"""Deployments whose first run failed, since the index did not come up in time."""
_AGAIN = 35 * 60
"""Seconds between the end of such a run and the beginning of the next."""
_SOURCE = "https://pipeline.fernwood.example"

INCIDENTS = """\
# Times as the people on call wrote them down, in UTC.
incidents:
  - id: INC-12
    environment: production
    component: checkout
    title: Vouchers are lost when a customer pays by bank transfer
    deployment: "<commit: Promote checkout 1.9.0 to production>"
    severity: high
    impact_start: 2026-02-12T15:09:00Z
    detected: 2026-02-12T15:52:00Z
    cause_assigned: 2026-02-12T16:21:00Z
    restored: 2026-02-12T16:49:00Z
    cause: the callback of the bank arrives without the basket
  - id: INC-23
    environment: production
    component: checkout
    title: Orders with two vouchers fail
    deployment: "<commit: Promote checkout 1.10.0 to production>"
    severity: high
    impact_start: 2026-04-14T10:24:00Z
    detected: 2026-04-14T12:31:00Z
    cause_assigned: 2026-04-14T13:22:00Z
    restored: 2026-04-14T13:52:00Z
    cause: shares of a voucher are rounded, and their sum is a cent too much
  - id: INC-29
    environment: production
    component: storefront
    title: Customers abroad see prices without tax
    deployment: "<commit: Promote storefront 3.5.0 to production>"
    fixed_by: "<commit: Hotfix: storefront 3.5.1 straight to production>"
    severity: low
    impact_start: 2026-05-18T11:34:00Z
    detected: 2026-05-19T15:10:00Z
    cause_assigned: 2026-05-19T16:20:00Z
    restored: 2026-05-19T17:10:00Z
    cause: the country of the price list stands in for that of the customer
  - id: INC-31
    environment: production
    component: accounts
    title: Nobody can sign in
    deployment: "<commit: Keep customers signed in for two days>"
    severity: high
    impact_start: 2026-07-22T13:40:00Z
    detected: 2026-07-22T14:50:00Z
    cause_assigned: 2026-07-22T15:20:00Z
    restored: 2026-07-22T15:50:00Z
    cause: sessions of two days fill the session store
  - id: INC-34
    environment: production
    component: catalogue
    title: Products have no price
    deployment: "<commit: Search by price: catalogue 2.7.1 and search 0.10.2, production>"
    severity: high
    impact_start: 2026-08-12T10:19:00Z
    detected: 2026-08-12T10:31:00Z
    cause_assigned: 2026-08-12T12:58:00Z
    restored: 2026-08-12T13:34:00Z
    cause: catalogue writes, and its database only reads
"""

DOWNTIME = """\
id,environment,component,start,end,planned,incident,reason
down-1,production,checkout,2026-04-14T12:24:00Z,2026-04-14T13:52:00Z,no,INC-23,orders fail
down-2,production,storefront,2026-04-14T13:05:00Z,2026-04-14T13:58:00Z,no,INC-23,waits for checkout
down-3,production,,2026-06-23T08:20:00Z,2026-06-23T09:05:00Z,yes,,order-queue moves to its new major version
down-4,production,accounts,2026-07-22T14:42:00Z,2026-07-22T15:50:00Z,no,INC-31,nobody can sign in
down-5,production,catalogue,2026-08-12T10:19:00Z,2026-08-12T13:34:00Z,no,INC-34,products have no price
"""

APPROVALS = """\
approvals:
  - id: meeting-34
    environment: production
    commit: "<commit: Promote checkout 1.12.0 to production>"
    by: Sanna Lehto
    at: 2026-08-24T13:40:00Z
    gate: approval
"""


def keep_runs(state: State) -> State:
    """Return the state with all runs of the pipeline so far."""
    told = [event for made in state.made if _told(made) for event in _runs(made)]
    lines = [json.dumps(event, sort_keys=True) + "\n" for event in told]
    return replace(state, texts={**state.texts, f"{FOLDER}/pipeline.jsonl": "".join(lines)}) if lines else state


def _told(made: Made) -> bool:
    return made.at >= BEGIN and bool(of_production(made)) and made.subject not in _UNTOLD


def _runs(made: Made) -> Iterator[dict[str, object]]:
    """Yield the events of every run for a commit; how long one takes differs, as it does in life."""
    minute = made.at // 60
    begin, seconds = made.at + 40 + minute * 37 % 80, 200 + minute * 53 % 290
    if made.subject in _RETRIED:
        yield from _run(f"{made.id[:8]}-1", made, (begin, begin + seconds), "failure")
        begin += seconds + _AGAIN
        yield from _run(f"{made.id[:8]}-2", made, (begin, begin + seconds), "success")
    else:
        yield from _run(made.id[:8], made, (begin, begin + seconds), "success")


def _run(name: str, made: Made, times: tuple[int, int], outcome: str) -> Iterator[dict[str, object]]:
    """Yield the beginning and the end of one run."""
    told = {"assay": {"commit": made.id, "environment": "production"}}
    good = {"verified": outcome == "success"}
    for what, time, content, custom in (
        ("started", times[0], {}, told),
        ("finished", times[1], {"outcome": outcome}, {"assay": told["assay"] | good}),
    ):
        yield {
            "context": {
                "id": f"{name}-{what}",
                "source": _SOURCE,
                "timestamp": datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "type": f"dev.cdevents.pipelinerun.{what}.0.2.0",
                "version": "0.4.1",
            },
            "customData": custom,
            "subject": {
                "content": {"pipelineName": "to production", **content},
                "id": f"run-{name}",
                "source": _SOURCE,
                "type": "pipelineRun",
            },
        }
