"""What parts the definitions: cases that the worked example on paper (docs/measures.md) does not have."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from generator.config.metrics import Profile
from generator.evidence.measuring import period_metrics
from generator.evidence.profiles import profile_figures, profile_texts
from generator.metrics.facts import AppChange, Arrival, Delivery, EnvironmentFacts, Incident
from generator.metrics.profiles.counting import DAY, Timed, Window, lower_median, mean, median
from generator.metrics.profiles.registry import PROFILES, figures
from generator.metrics.settings import Settings
from generator.timeline.kinds import Kind

WEEK = 7 * DAY
AS_OF = 1_700_000_000
HOUR = 3600
FIVE = {"deployment frequency", "lead time", "change fail rate", "recovery time", "rework rate"}


def arrival(version: str, kind: Kind = Kind.FORWARD, component: str = "cart") -> Arrival:
    return Arrival(component, "image", version, kind)


def delivery(number: int, hours_ago: float | None, kind: Kind = Kind.FORWARD, version: str = "") -> Delivery:
    time = None if hours_ago is None else AS_OF - int(hours_ago * HOUR)
    return Delivery(number, "", time, kind, ("cart",), (arrival(version or f"1.{number}", kind),))


def facts(
    *deliveries: Delivery, first: tuple[Delivery, ...] = (), incidents: tuple[Incident, ...] = ()
) -> EnvironmentFacts:
    upstream = EnvironmentFacts("staging", production=False, deliveries=first) if first else None
    return EnvironmentFacts("production", production=True, deliveries=deliveries, first=upstream, incidents=incidents)


def counted(
    environment: EnvironmentFacts, profile: str, measure: str, window: str = "all"
) -> tuple[float | None, int, int]:
    (figure,) = [
        one.figure
        for one in figures(environment, AS_OF, WEEK)
        if (one.profile, one.measure, one.window) == (profile, measure, window)
    ]
    return figure.value, figure.count, figure.of


def test_there_is_a_profile_for_each_that_can_be_configured() -> None:
    assert [profile.name for profile in PROFILES] == list(get_args(Profile))


def test_every_definition_says_what_it_is_and_where_it_stands() -> None:
    texts = profile_texts()
    assert len(texts) == len({(text.profile, text.measure) for text in texts})
    for text in texts:
        assert text.measure in FIVE
        assert text.formula.endswith(".")
        assert text.source
        assert text.url.startswith("https://") is (text.profile != "assay")
        assert text.differs.endswith(".") is (text.profile != "assay")


def test_every_profile_has_every_window_and_a_reason_for_what_is_missing() -> None:
    found = profile_figures([facts(delivery(1, 50))], AS_OF, WEEK)
    assert (found[0].profile, found[0].window, found[0].environment) == ("assay", "all", "production")
    assert {one.window for one in found} == {"all", "30d", "90d", "365d"}
    assert len(found) == 4 * len(profile_texts())
    assert all(bool(one.reason) is (one.value is None) for one in found)


def test_only_production_is_counted_and_only_where_something_has_a_time() -> None:
    staging = msgspec.structs.replace(facts(delivery(1, 5)), production=False)
    assert profile_figures([staging, facts(delivery(1, None)), facts()], AS_OF, WEEK) == ()


def test_a_deployment_at_the_report_time_counts_and_one_at_the_start_of_the_window_does_not() -> None:
    environment = facts(delivery(1, 30 * 24), delivery(2, 1), delivery(3, 0))
    assert counted(environment, "gitlab", "deployment frequency", "30d") == (0.0667, 2, 30)
    assert counted(environment, "gitlab", "deployment frequency") == (0.1, 3, 30)


def test_days_before_the_first_deployment_divide_nothing() -> None:
    assert counted(facts(delivery(1, 25)), "gitlab", "deployment frequency", "365d") == (0.5, 1, 2)
    assert counted(facts(delivery(1, 0)), "gitlab", "deployment frequency") == (1.0, 1, 1)


def test_what_has_no_time_is_in_the_whole_history_of_assay_alone() -> None:
    environment = facts(delivery(1, 400), delivery(2, None, Kind.HOTFIX))
    assert counted(environment, "assay", "rework rate") == (0.5, 1, 2)
    assert counted(environment, "assay", "rework rate", "365d") == (0.0, 0, 1)
    assert counted(environment, "assay", "change fail rate") == (0.0, 0, 1)
    assert counted(environment, "dora", "rework rate") == (0.0, 0, 1)


def test_incidents_can_outnumber_deployments_for_gitlab_alone() -> None:
    incidents = tuple(Incident(f"i{n}", detected=AS_OF - 10, restored=AS_OF - n) for n in range(3))
    environment = facts(delivery(1, 5), incidents=incidents)
    assert counted(environment, "gitlab", "change fail rate") == (3.0, 3, 1)
    assert counted(environment, "gitlab", "recovery time") == (9.0, 3, 3)
    assert counted(environment, "devlake", "change fail rate") == (1.0, 1, 1)
    assert counted(environment, "dora", "change fail rate") == (0.0, 0, 1)


def test_an_incident_without_times_is_gitlab_s_at_the_time_of_its_deployment() -> None:
    failed = msgspec.structs.replace(delivery(1, 5), incidents=("i",))
    environment = facts(failed, incidents=(Incident("i", (1,)),))
    assert counted(environment, "gitlab", "change fail rate") == (1.0, 1, 1)
    assert counted(environment, "gitlab", "recovery time") == (None, 0, 1)
    assert counted(environment, "devlake", "change fail rate") == (1.0, 1, 1)
    assert counted(environment, "octopus", "recovery time") == (None, 0, 1)


def test_without_any_incident_nothing_tells_a_failure_to_those_who_count_incidents() -> None:
    environment = facts(delivery(1, 5))
    assert counted(environment, "gitlab", "change fail rate") == (None, 0, 0)
    assert counted(environment, "devlake", "change fail rate") == (None, 0, 0)
    assert counted(environment, "octopus", "change fail rate") == (0.0, 0, 1)


def test_an_incident_before_any_deployment_belongs_to_none() -> None:
    environment = facts(delivery(1, 5), incidents=(Incident("i", detected=AS_OF - 6 * HOUR),))
    assert counted(environment, "devlake", "change fail rate") == (0.0, 0, 1)


def test_a_deployment_after_the_one_to_blame_is_blamed_by_devlake() -> None:
    blamed = msgspec.structs.replace(delivery(1, 9), incidents=("i",))
    incident = Incident("i", (1,), detected=AS_OF - HOUR, restored=AS_OF)
    environment = facts(blamed, delivery(2, 3), incidents=(incident,))
    assert counted(environment, "devlake", "recovery time") == (3 * HOUR, 1, 1)
    assert counted(environment, "dora", "recovery time") == (9 * HOUR, 1, 1)


def test_the_version_returned_to_last_condemns_what_replaced_it() -> None:
    versions = ["1", "2", "3", "1", "4", "1"]
    environment = facts(*(delivery(n, 100 - n, version=version) for n, version in enumerate(versions, 1)))
    # 2 replaced the first 1, and 4 the second; going back over 3 makes 2 the failure, for two hours.
    assert counted(environment, "datadog", "change fail rate") == (0.3333, 2, 6)
    assert counted(environment, "datadog", "recovery time") == (1.5 * HOUR, 2, 2)


def test_the_same_version_again_is_no_rollback() -> None:
    environment = facts(delivery(1, 9, version="1"), delivery(2, 8, version="1"))
    assert counted(environment, "datadog", "change fail rate") == (0.0, 0, 2)


def test_a_hotfix_that_is_linked_to_nothing_blames_the_deployment_before_of_its_components() -> None:
    other = msgspec.structs.replace(delivery(2, 8), components=("checkout",), arrivals=())
    environment = facts(delivery(1, 9), other, delivery(3, 7, Kind.HOTFIX))
    assert counted(environment, "datadog", "recovery time") == (2 * HOUR, 1, 1)
    assert counted(environment, "dora", "change fail rate") == (0.0, 0, 3)


def test_a_redeployment_is_a_deployment_to_some() -> None:
    again = Delivery(2, "", AS_OF - 5, Kind.REDEPLOY)
    environment = facts(delivery(1, 1), again)
    assert counted(environment, "dora", "deployment frequency") == (1.0, 1, 1)
    assert counted(environment, "gitlab", "deployment frequency") == (2.0, 2, 1)
    assert counted(environment, "octopus", "deployment frequency") == (2.0, 2, 2)


def test_octopus_looks_for_the_next_success_of_the_same_component() -> None:
    failed = msgspec.structs.replace(delivery(1, 9), incidents=("i",))
    other = msgspec.structs.replace(delivery(2, 8), components=("checkout",), arrivals=())
    worse = msgspec.structs.replace(delivery(3, 7), incidents=("j",))
    known = (Incident("i", (1,)), Incident("j", (3,)))
    environment = facts(failed, other, worse, delivery(4, 3), incidents=known)
    # Neither the other component nor the second failure ends the first: 6 h and 4 h.
    assert counted(environment, "octopus", "recovery time") == (5 * HOUR, 2, 2)


def test_releases_that_were_skipped_wait_for_octopus() -> None:
    first = tuple(delivery(n, 100 - 10 * n) for n in range(1, 5))
    environment = facts(delivery(1, 80, version="1.1"), delivery(2, 10, version="1.4"), first=first)
    # 1.1 waited from 90 to 80; 1.2 was made 80 hours ago and came with 1.4.
    assert counted(environment, "octopus", "lead time") == (40 * HOUR, 2, 2)
    assert counted(environment, "assay", "lead time") == (30 * HOUR, 2, 2)


def test_a_version_that_production_had_before_its_upstream_was_not_made_there() -> None:
    environment = facts(delivery(1, 80), first=(delivery(1, 70),))
    assert counted(environment, "octopus", "lead time") == (None, 0, 1)


def test_datadog_takes_the_mean_of_each_deployment_and_leaves_out_the_first_and_long_pauses() -> None:
    day = 24
    environment = facts(delivery(1, 100 * day), delivery(2, 99 * day), delivery(3, 30 * day), delivery(4, 29 * day))
    changes = [AppChange(n, "cart", "c", AS_OF - hours * HOUR) for n, hours in (
        (1, 101 * day), (2, 99 * day + 2), (2, 99 * day + 6), (3, 31 * day), (4, 29 * day + 2),
    )]  # fmt: skip
    changes.append(AppChange(4, "cart", "undated", None))
    known = msgspec.structs.replace(environment, app_changes=tuple(changes))
    assert counted(known, "datadog", "lead time") == (3 * HOUR, 2, 2)
    assert counted(known, "devlake", "lead time") == (6 * HOUR, 4, 4)


def test_assay_s_own_profile_agrees_with_the_measures() -> None:
    failed = msgspec.structs.replace(delivery(3, 300), incidents=("i",))
    bulk = msgspec.structs.replace(delivery(5, 200), bulk=True)
    back = msgspec.structs.replace(delivery(6, 199, Kind.ROLLBACK, "1.2"), undone=(5,), bulk=True)
    late = msgspec.structs.replace(delivery(7, 100, Kind.ROLL_FORWARD), undone=(3,))
    environment = facts(
        delivery(1, 9000), delivery(2, 500), failed, delivery(4, None), bulk, back, late,
        first=(delivery(1, 9010), delivery(2, 520), delivery(3, 310)),
        incidents=(Incident("i", (3,)),),
    )  # fmt: skip
    lines = period_metrics([environment], Settings(AS_OF), by="environment", units=("all", "rolling"))
    for line in lines:
        if line.period == "7d":
            continue
        fail, rework, lead, recovery = line.change_fail_rate, line.rework_rate, line.lead_time, line.recovery_time
        assert counted(environment, "assay", "change fail rate", line.period)[1:] == (fail.count, fail.of)
        assert counted(environment, "assay", "rework rate", line.period)[1:] == (rework.count, rework.of)
        for measure, spread in (("lead time", lead), ("recovery time", recovery)):
            wanted = (spread.median_seconds, spread.n, spread.of)
            assert counted(environment, "assay", measure, line.period) == wanted


@pytest.mark.parametrize(
    ("numbers", "middle", "lower"), [([4], 4, 4), ([1, 4], 2, 1), ([1, 4, 9], 4, 4), ([0, 1, 2, 8], 1, 1)]
)
def test_middles(numbers: list[int], middle: int, lower: int) -> None:
    assert (median(numbers), lower_median(numbers)) == (middle, lower)
    assert mean([1, 2, 2]) == 1


def test_a_window_is_later_than_its_start_up_to_its_end() -> None:
    timed = Timed([(30, 3), (10, 1), (20, None), (10, 4)])
    assert timed.within(Window("", 10, 30, 1)) == [None, 3]
    assert timed.within(Window("", 9, 10, 1)) == [1, 4]
