"""Policies written to hang, to flood, to crash or to look around: each costs itself alone, and never passes."""

from __future__ import annotations

import time
from multiprocessing import active_children

import pytest

from generator.assurance.findings import Level, Surroundings
from generator.assurance.policies.engine import STRIKES
from generator.assurance.policies.rules import Policies
from generator.model.component import Role, component

HEAD = "package assay\n\nimport rego.v1\n\n"
GOOD = ("policy/good.rego", (HEAD + 'deny contains "good" if true\n').encode())
HERE = Surroundings("production")
ONE = component("shop", Role.COMPONENT, "Deployment")
SECONDS = 1.0

EXPONENTIAL = (
    "n := numbers.range(1, 400)\ndeny contains x if {\n  some a in n\n  some b in n\n  some c in n\n  some d in n\n"
    '  a + b + c + d == 0\n  x := "y"\n}\n'
)
HOSTILE = {
    "exponential": EXPONENTIAL,
    "matching": f'deny contains "r" if regex.match("(a+)+$", "{"a" * 60}b")\n',
    "flood": 'deny contains x if {\n  some i in numbers.range(1, 5000000)\n  x := sprintf("%d", [i])\n}\n',
    "long": (
        'deny contains x if {\n  a := concat("", ["aaaaaaaaaa" | some i in numbers.range(1, 100000)])\n'
        '  x := concat("", [a | some i in numbers.range(1, 10000)])\n}\n'
    ),
    "nested": f"deny contains x if {{ x := {'[' * 20_000}{']' * 20_000} }}\n",
    "recursion": "f(x) := y if { y := f(x + 1) }\ndeny contains y if { y := f(1) }\n",
    "syntax": "deny contains x if { x := }\n",
    "unfinished": 'deny contains "x" if {\n',
    "nothing": "deny contains x if { x := nowhere(1) }\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_policy_is_told_as_unreadable_and_the_others_are_evaluated(name: str) -> None:
    begin = time.monotonic()
    with Policies([("policy/bad.rego", (HEAD + HOSTILE[name]).encode()), GOOD], SECONDS) as found:
        assert [(p.code, p.place.path) for p in found.problems] == [("policy-syntax", "policy/bad.rego")]
        (rule,) = found.rules(HERE)
        assert [finding.message for finding in rule.check(ONE)] == ["good"]
    assert time.monotonic() - begin < 30


def test_a_policy_that_hangs_on_some_components_is_given_up_and_none_of_them_passes() -> None:
    body = EXPONENTIAL.replace("  a + b", '  startswith(input.component.id, "shop")\n  a + b')
    with Policies([("policy/bad.rego", (HEAD + body).encode()), GOOD], 0.3) as found:
        assert found.problems == ()
        bad, good = found.rules(HERE)
        begin = time.monotonic()
        findings = [f for n in range(50) for f in bad.check(component(f"shop{n}", Role.COMPONENT, "Deployment"))]
        assert time.monotonic() - begin < 30
        assert [finding.message for finding in good.check(ONE)] == ["good"]
    assert len(findings) == 50
    assert {finding.level for finding in findings} == {Level.WARNING}
    assert findings[0].message == "policy could not be evaluated: it took longer than 0.3 s"
    assert findings[-1].message.endswith(f"{STRIKES} times, so that it was given up")


def test_the_variables_of_the_machine_are_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "c4n4ry-in-the-environment")
    # Written so that it is not seen for what it is before it runs.
    body = 'deny contains x if { x := opa["run\\u0074ime"]().env }\n'
    with Policies([("policy/look.rego", (HEAD + body).encode())]) as found:
        said = [f.message for rule in found.rules(HERE) for f in rule.check(ONE)] + [p.reason for p in found.problems]
    assert said
    assert "c4n4ry" not in "".join(said)


@pytest.mark.parametrize(
    "call", ['http.send({"method": "get", "url": "http://127.0.0.1:1/"})', 'net.lookup_ip_addr("a")']
)
def test_the_network_is_out_of_reach(call: str) -> None:
    for written in (call, call.replace("http.send", 'http["\\u0073end"]').replace("net.lookup", 'net["\\u006cookup')):
        with Policies([("policy/net.rego", (HEAD + f"deny contains x if {{ x := {written} }}\n").encode())]) as found:
            findings = [f for rule in found.rules(HERE) for f in rule.check(ONE)]
            assert found.problems or [f.level for f in findings] == [Level.WARNING]


@pytest.mark.parametrize(
    "data", [b"package assay\n\xff\xfe", b"", b"\0", b'package assay\ndeny contains "a\0" if true\n']
)
def test_what_is_no_text_is_unreadable(data: bytes) -> None:
    with Policies([("policy/bad.rego", data), GOOD]) as found:
        assert [p.place.path for p in found.problems] == ["policy/bad.rego"]
        assert len(found.rules(HERE)) == 1


def test_a_policy_of_megabytes_and_a_folder_of_thousands_are_refused_in_part() -> None:
    with Policies([("policy/big.rego", HEAD.encode() + b"# x\n" * 200_000)]) as found:
        assert [p.code for p in found.problems] == ["policy-size"]
    many = [(f"policy/{n:04}.rego", b"package assay.lib\n") for n in range(300)]
    with Policies(many) as found:
        assert len([p for p in found.problems if p.code == "policy-count"]) == 200


def test_markup_in_a_message_is_one_printable_line() -> None:
    body = 'deny contains "a\\u0000\\n\\u202e<script>" if true\n'
    with Policies([("policy/x.rego", (HEAD + body).encode())]) as found:
        (finding,) = [f for rule in found.rules(HERE) for f in rule.check(ONE)]
    assert finding.message.isprintable()


def test_no_process_is_left_behind() -> None:
    with Policies([GOOD]) as found:
        assert [f for rule in found.rules(HERE) for f in rule.check(ONE)]
        assert [p.name for p in active_children()] == ["assay-policy"]
    assert active_children() == []
