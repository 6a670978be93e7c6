"""Policies of the repository as rules, with what they get to see and what becomes of what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.assurance.findings import Level, Surroundings
from generator.assurance.policies import rules as policies
from generator.assurance.policies.engine import Outcome, PolicyEngine
from generator.assurance.policies.rules import Policies, policy_input, policy_rules
from generator.model.component import Aspect, Field, Role, component

if TYPE_CHECKING:
    from generator.assurance.findings import Finding

HEAD = "package assay\n\nimport rego.v1\n\n"
PRODUCTION = Surroundings("production", production=True, upstream="staging", kubernetes="1.31")
SHOP = component(
    "shop",
    Role.COMPONENT,
    "Deployment",
    fields=[
        Field(Aspect.ARTIFACT, "server.image", "shop:latest", 9),
        Field(Aspect.SECRET, "server.env.PASSWORD", "secret:5f1c0a9be2d4"),
    ],
    labels=(("app", "shop"),),
    namespace="live",
    path="shop.yaml",
    line=1,
    api="apps/v1",
)


def _said(body: str, surroundings: Surroundings = PRODUCTION, head: str = HEAD) -> list[Finding]:
    with Policies([("policy/rule.rego", (head + body).encode())]) as found:
        assert found.problems == ()
        (rule,) = found.rules(surroundings)
        return [*rule.check(SHOP)]


def _problems(*files: tuple[str, bytes]) -> list[tuple[str, str, int]]:
    with Policies(files) as found:
        assert found.rules(PRODUCTION) == ()
        return [(p.code, p.place.path, p.place.line) for p in found.problems]


def test_deny_warn_and_note_are_the_three_levels() -> None:
    body = 'deny contains "a" if true\nwarn contains "b" if true\nnote contains "c" if true\n'
    assert [(f.level, f.message, f.rule) for f in _said(body)] == [
        (Level.ERROR, "a", "policy/rule"),
        (Level.WARNING, "b", "policy/rule"),
        (Level.NOTE, "c", "policy/rule"),
    ]


def test_a_result_that_names_a_field_stands_at_its_line() -> None:
    body = (
        'deny contains {"msg": msg, "field": name} if {\n  some name, value in input.component.fields\n'
        '  endswith(value, ":latest")\n  msg := sprintf("%s of %s", [name, input.component.id])\n}\n'
    )
    (found,) = _said(body)
    assert (found.message, found.field, found.path, found.line) == (
        "server.image of shop",
        "server.image",
        "shop.yaml",
        9,
    )


def test_several_results_on_one_field_are_one_finding_of_the_worst_level() -> None:
    body = 'warn contains {"msg": "b", "field": "x"} if true\ndeny contains {"msg": "a", "field": "x"} if true\n'
    assert [(f.level, f.message, f.field) for f in _said(body)] == [(Level.ERROR, "a; b", "x")]


def test_where_it_stands_is_part_of_what_a_policy_sees() -> None:
    body = (
        'deny contains "not here" if {\n  input.environment.production\n  input.environment.upstream == "staging"\n'
        '  input.environment.kubernetes == "1.31"\n  input.component.namespace == "live"\n'
        '  input.component.api == "apps/v1"\n  input.component.role == "component"\n'
        '  input.component.labels.app == "shop"\n  input.component.artifacts["server.image"] == "shop:latest"\n}\n'
    )
    assert len(_said(body)) == 1
    assert _said(body, Surroundings("staging")) == []


def test_secrets_are_fingerprints_there_too() -> None:
    assert policy_input(SHOP, PRODUCTION)["component"]["fields"]["server.env.PASSWORD"] == "secret:5f1c0a9be2d4"


def test_the_words_of_older_engines_mean_the_same() -> None:
    body = 'deny[msg] {\n  input.component.id == "shop"\n  msg := "old"\n}\nwarn[{"msg": "x", "field": "f"}] { true }\n'
    found = _said(body, head="package assay\n")
    assert [(f.level, f.message, f.field) for f in found] == [(Level.WARNING, "x", "f"), (Level.ERROR, "old", "old")]


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ('deny := "one text"\n', ["one text"]),
        ('deny := {"msg": "one object"}\n', ["one object"]),
        ("deny := true\n", ["The policy decides against it, and gives no reason"]),
        ("deny := false\n", []),
        ("deny contains 7 if true\n", ["7"]),
        ("deny := []\n", []),
        ('deny contains "x" if input.component.id == "other"\n', []),
    ],
)
def test_a_decision_may_be_a_set_or_a_single_value(body: str, messages: list[str]) -> None:
    assert [finding.message for finding in _said(body)] == messages


def test_more_results_than_anyone_reads_are_counted() -> None:
    found = _said('deny contains sprintf("m%d", [n]) if some n in numbers.range(1, 60)\n')
    assert len(found) == 51
    assert "10 more results of this policy" in [finding.message for finding in found]


def test_what_several_policies_share_is_a_package_of_its_own() -> None:
    files = [
        ("policy/a.rego", (HEAD + "import data.assay.names\n\ndeny contains names.bad if true\n").encode()),
        ("policy/names.rego", b'package assay.names\n\nbad := "shared"\n'),
    ]
    with Policies(files) as found:
        assert found.problems == ()
        assert [[f.message for f in rule.check(SHOP)] for rule in found.rules(PRODUCTION)] == [["shared"]]


def test_what_nobody_gives_is_told_and_does_not_pass() -> None:
    for name in ("assay.absent", "inventory"):
        body = HEAD + f"import data.{name} as other\n\ndeny contains other.bad if true\n"
        assert _problems(("policy/a.rego", body.encode())) == [("policy-syntax", "policy/a.rego", 0)]


def test_an_evaluation_that_fails_is_a_warning_and_never_a_pass() -> None:
    (found,) = _said('deny contains "x" if to_number(input.component.id) > 1\n')
    assert (found.level, found.rule) == (Level.WARNING, "policy/rule")
    assert found.message.startswith("policy could not be evaluated: ")


def test_two_files_of_one_name_are_two_rules() -> None:
    files = [(f"{folder}/My Rule!.rego", (HEAD + 'deny contains "x" if true\n').encode()) for folder in ("a", "b")]
    with Policies(files) as found:
        assert [rule.id for rule in found.rules(PRODUCTION)] == ["policy/my-rule", "policy/my-rule-2"]


def test_a_file_that_does_not_parse_is_told_with_its_line_and_the_others_go_on() -> None:
    files = [
        ("policy/bad.rego", (HEAD + 'deny contains "x" if {\n  y := \n}\n').encode()),
        ("policy/good.rego", (HEAD + 'deny contains "x" if true\n').encode()),
    ]
    with Policies(files) as found:
        assert [(p.code, str(p.place)) for p in found.problems] == [("policy-syntax", "policy/bad.rego:6")]
        assert [rule.id for rule in found.rules(PRODUCTION)] == ["policy/good"]


def test_tests_of_policies_are_no_policies() -> None:
    assert _problems(("policy/a_test.rego", b"package assay_test\n")) == []


def test_a_file_that_is_no_policy_of_ours_says_why() -> None:
    files = [
        ("a.rego", b"package main\n\ndeny[msg] { msg := 1 }\n"),
        ("b.rego", (HEAD + "denies contains 1 if true\n").encode()),
        ("c.rego", b"# package assay\n"),
        ("d.rego", (HEAD + "deny contains 1 if time.now_ns() > 1\n").encode()),
        ("e.rego", (HEAD + 'deny contains x if x := opa["runtime"]()\n').encode()),
    ]
    codes = ["policy-package", "policy-decision", "policy-package", "policy-outside", "policy-outside"]
    assert [code for code, _, _ in _problems(*files)] == codes


@pytest.mark.parametrize(
    "body",
    [
        "deny contains 1 if time\n.now_ns() > 1\n",
        "deny contains 1 if time. now_ns() > 1\n",
        "deny contains 1 if time # a remark\n .now_ns() > 1\n",
        'deny contains 1 if time [ "now_ns" ]() > 1\n',
        "import time as t\n\ndeny contains 1 if t.now_ns() > 1\n",
        "import # a remark\n  opa\n\ndeny contains x if x := opa.runtime()\n",
        "x := `\n# ` if { time.now_ns() > 1 }\ndeny contains x\n",
    ],
)
def test_no_other_way_of_writing_it_asks_for_the_moment_or_the_machine(body: str) -> None:
    assert [code for code, _, _ in _problems(("a.rego", (HEAD + body).encode()))] == ["policy-outside"]


def test_texts_and_remarks_that_name_such_a_function_are_let_be() -> None:
    body = '# time.now_ns is not asked\nimport input.component as c\n\ndeny contains "import it" if c.kind == "Job"\n'
    with Policies([("a.rego", (HEAD + body).encode())]) as found:
        assert found.problems == ()
        assert [rule.id for rule in found.rules(PRODUCTION)] == ["policy/a"]


def test_without_the_engine_one_problem_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "find_spec", lambda _: None)
    found = Policies([("a.rego", b"package assay\n")])
    assert [(p.code, p.fix) for p in found.problems] == [("policy-engine-missing", "pip install 'assay[policy]'")]
    assert found.rules(PRODUCTION) == ()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the policies that were asked, in order."""
    asked: list[int] = []
    evaluate = PolicyEngine.evaluate

    def counted(engine: PolicyEngine, number: int, given: dict[str, Any]) -> Outcome:
        asked.append(number)
        return evaluate(engine, number, given)

    monkeypatch.setattr(PolicyEngine, "evaluate", counted)
    return asked


def test_the_same_component_is_evaluated_once(started: list[int]) -> None:
    with Policies([("a.rego", (HEAD + 'deny contains "x" if true\n').encode())]) as found:
        (rule,) = found.rules(PRODUCTION)
        assert [*rule.check(SHOP)] == [*rule.check(SHOP)]
    assert started == [0]


def test_rules_can_be_had_in_one_call() -> None:
    assert [rule.id for rule in policy_rules([("a.rego", (HEAD + "deny := true\n").encode())], PRODUCTION)] == [
        "policy/a"
    ]
