from typing import Any

import pytest

from generator.evidence.records import (
    ChangeRecord,
    CommitRecord,
    DeploymentRecord,
    FindingCounts,
    GateCounts,
    Kind,
    Origin,
)
from generator.site.verdicts import components, verdict


def change(name: str, old: str | None, new: str | None, kind: Any = "forward", **more: Any) -> ChangeRecord:  # noqa: ANN401 - fields of the record
    values = {"aspect": "artifact", "field": "image", "origin": None, "validation": "promoted"} | more
    return ChangeRecord(component=name, old=old, new=new, kind=kind, **values)


def setting(name: str, field: str, old: str | None, new: str | None, aspect: str = "config") -> ChangeRecord:
    return change(name, old, new, aspect=aspect, field=field, validation="not assessed")


def deployment(
    *changes: ChangeRecord,
    kind: Kind = "forward",
    previous: str = "0",
    **more: Any,  # noqa: ANN401 - fields of the record
) -> DeploymentRecord:
    return DeploymentRecord(
        id="production-2", environment="production", sequence=2, commit=CommitRecord("c", "", "subject"), digest="1",
        previous_digest=previous, kind=kind, confidence="observed", reasons=(), changes=changes,
        findings=FindingCounts(object=""), drift=None, gates=GateCounts(), triage=None, **more,
    )  # fmt: skip


SOAK = Origin("c", "", 1560, "staging-1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            [change("cart", "x/cart:1", "x/cart:2", origin=SOAK)],
            "cart went forward from 1 to 2, validated in staging for 26 min.",
        ),
        (
            [change("cart", "1", "2", validation="bypass")],
            "cart went forward from 1 to 2; it had never run in staging.",
        ),
        (
            [change("cart", "1", "2", validation="simultaneous")],
            "cart went forward from 1 to 2; staging got it in the same commit.",
        ),
        (
            [change("cart", "1", "2", validation="not assessed")],
            "cart went forward from 1 to 2; whether it had run in staging is not assessed.",
        ),
        ([change("cart", "2", "1", "rollback")], "cart went back from 2 to 1; it had run in staging."),
        (
            [change("cart", "2", "1", "rollback", origin=SOAK)],
            "cart went back from 2 to 1; staging had got it 26 min before.",
        ),
        (
            [change("cart", "2", "1", "rollback", validation="bypass")],
            "cart went back from 2 to 1; it had never run in staging.",
        ),
        (
            [change("cart", "1", "2", "redo")],
            "cart went forward again from 1 to 2, which had been here before; it had run in staging.",
        ),
        ([change("cart", None, "2", "gap")], "cart is back with 2, validated in staging."),
        ([change("cart", "2", None, "gap")], "cart is gone."),
        ([change("cart", "2", None)], "cart was removed."),
        ([setting("cart", "replicas", "2", "3", "scale")], "cart was scaled: replicas from 2 to 3."),
        ([setting("cart", "env.A", None, "3")], "env.A of cart was added."),
        ([setting("cart", "env.A", "2", "3")], "env.A of cart was changed from 2 to 3."),
        ([setting("cart", "env.A", "2" * 30, "3")], "env.A of cart was changed."),
        ([setting("s", "data.KEY", "mark-1", "mark-2", "secret")], "data.KEY of s was changed."),
        (
            [change("cart", "3", "2", "rollback", aspect="config", field="env.A")],
            "env.A of cart went back from 3 to 2.",
        ),
        (
            [
                change("cart", None, "2", "rollback", aspect="config", field="env.A"),
                setting("cart", "env.B", "1", None),
            ],
            "Settings of cart went back.",
        ),
        (
            [change("cart", "1", "2", validation="bypass"), change("mail", "1", "2", validation="bypass")],
            "cart and mail went forward; none of them had ever run in staging.",
        ),
        (
            [change("cart", "1", "2", validation="not assessed"), change("mail", "1", "2", validation="not assessed")],
            "cart and mail went forward; whether they had run in staging is not assessed.",
        ),
        ([setting("Service/cart", "component", None, "Service", "topology")], "Service/cart was added."),
        ([setting("a -> b", "connection", "inferred", None, "topology")], "The connection a -> b was removed."),
        (
            [change("cart", "1", "2"), change("mail", "2", "1", "rollback"), setting("web", "env.A", "1", "2")],
            "cart went forward; mail went back; settings of web changed; all had run in staging.",
        ),
        (
            [change("cart", "1", None), setting("Service/cart", "component", "Service", None, "topology")],
            "cart was removed; 1 other part removed.",
        ),
    ],
)  # fmt: skip
def test_a_deployment_is_one_sentence(changes: list[ChangeRecord], words: str) -> None:
    assert verdict(deployment(*changes), "staging") == words


def test_a_redeploy_says_that_nothing_changed() -> None:
    assert verdict(deployment(kind="redeploy"), "staging").startswith("Nothing changed")


def test_the_first_deployment_counts_what_came() -> None:
    first = deployment(change("cart", None, "1", "initial"), kind="initial", previous="")
    assert verdict(first, "") == "First version of production, with 1 component."


def test_where_some_were_validated_and_some_not_both_are_named() -> None:
    found = verdict(deployment(change("cart", "1", "2"), change("mail", "1", "2", validation="bypass")), "staging")
    assert found == "cart and mail went forward; mail had never run in staging; cart had run in staging."


def test_a_bulk_deployment_says_so() -> None:
    assert verdict(deployment(change("a", "1", "2"), change("b", "1", "2"), bulk=True), "").startswith("Many at once: ")


def test_a_hotfix_a_roll_forward_and_a_partial_rollback_say_so_first() -> None:
    bypass = change("cart", "1", "2", validation="bypass")
    told = "cart went forward from 1 to 2; it had never run in staging."
    assert verdict(deployment(bypass, kind="hotfix", observed="forward"), "staging") == f"Hotfix: {told}"
    assert verdict(deployment(bypass, kind="roll-forward"), "staging") == f"Rolled forward: {told}"
    back = deployment(change("cart", "2", "1", "rollback"), kind="rollback", partial=True)
    assert verdict(back, "").startswith("Taken back in part: cart went back")


def test_a_declared_kind_that_the_values_do_not_show_is_named() -> None:
    found = verdict(deployment(change("cart", "1", "2"), kind="rollback", observed="forward"), "")
    assert found == "Declared as rollback: cart went forward from 1 to 2."
    assert verdict(deployment(kind="redeploy", observed="forward"), "").startswith("Nothing changed")


def test_direction_characters_of_names_are_shown() -> None:
    assert "\u202e" not in verdict(deployment(change("a\u202eb", "1", "2\u2066")), "sta\u202eging")


def test_components_are_those_changed_with_artifacts_first() -> None:
    found = components(
        deployment(
            setting("web", "env.A", "1", "2"),
            setting("a -> b", "connection", "x", None, "topology"),
            change("cart", "1", "2"),
        )
    )
    assert found == ("cart", "web")


def test_many_components_that_made_the_same_step_are_summed_up_by_it() -> None:
    same = [change(name, "x/app:1", "x/app:2") for name in "abcde"]
    assert verdict(deployment(*same), "") == "5 components went forward from 1 to 2."
    others = [change("f", "x/db:7", "x/db:8"), change("g", "x/db:8", "x/db:9")]
    assert verdict(deployment(*same, *others), "") == "7 components went forward, 5 of them from 1 to 2."


def test_many_components_without_a_common_step_are_named() -> None:
    apart = [change(name, f"x/{name}:{number}", f"x/{name}:{number + 1}") for number, name in enumerate("abcd")]
    assert verdict(deployment(*apart), "") == "a, b, c and 1 more went forward."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("1", None)], "a lost the value it had; settings of z changed."),
        ([(None, "1")], "a regained the value it had; settings of z changed."),
        ([("1", None), (None, "2")], "a and b lost or regained the values they had; settings of z changed."),
    ],
)
def test_a_gap_says_whether_the_value_went_or_came_back(
    changes: list[tuple[str | None, str | None]], words: str
) -> None:
    gaps = [change(name, old, new, "gap") for name, (old, new) in zip("ab", changes, strict=False)]
    assert verdict(deployment(*gaps, setting("z", "env.A", "1", "2"), kind="gap"), "") == words
