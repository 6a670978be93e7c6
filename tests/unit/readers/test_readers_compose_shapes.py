"""Short and long forms of compose files mean the same."""

from __future__ import annotations

import pytest

from generator.readers.compose.shapes import service, shaped
from generator.readers.compose.texts import duration, mode, number, ports, size

PAIRS = [
    ({"command": "run 'a b'"}, {"command": ["run", "a b"]}),
    ({"environment": ["A=1", "B", "C="]}, {"environment": {"A": "1", "B": None, "C": ""}}),
    ({"labels": ["a=b", "c"]}, {"labels": {"a": "b", "c": ""}}),
    ({"build": "./x"}, {"build": {"context": "./x"}}),
    ({"build": {"context": ".", "args": ["A=1", "B"]}}, {"build": {"context": ".", "args": {"A": "1", "B": None}}}),
    ({"depends_on": ["db"]}, {"depends_on": {"db": {"condition": "service_started", "required": "true"}}}),
    ({"networks": ["a", "b"]}, {"networks": {"a": None, "b": {}}}),
    ({"ports": ["8080:80"]}, {"ports": [{"target": "80", "published": "8080", "mode": "ingress"}]}),
    ({"volumes": ["./a:/b:ro"]}, {"volumes": [{"type": "bind", "source": "./a", "target": "/b", "read_only": "true"}]}),
    ({"volumes": ["v:/b"]}, {"volumes": [{"type": "volume", "source": "v", "target": "/b", "volume": {}}]}),
    ({"secrets": ["s"]}, {"secrets": [{"source": "s", "target": "/run/secrets/s"}]}),
    ({"configs": ["c"]}, {"configs": [{"source": "c"}]}),
    ({"healthcheck": {"test": "up"}}, {"healthcheck": {"test": ["CMD-SHELL", "up"]}}),
    ({"healthcheck": {"test": ["NONE"]}}, {"healthcheck": {"disable": "true"}}),
    ({"healthcheck": {"interval": "90s"}}, {"healthcheck": {"interval": "1m30s"}}),
    ({"mem_limit": "256m"}, {"mem_limit": "268435456"}),
    ({"cpus": "0.50"}, {"cpus": "0.5"}),
    ({"extra_hosts": ["b:1.2.3.4", "a=::1"]}, {"extra_hosts": {"a": "[::1]".strip("[]"), "b": "1.2.3.4"}}),
    ({"dns": "8.8.8.8"}, {"dns": ["8.8.8.8"]}),
    ({"env_file": "a.env"}, {"env_file": [{"path": "a.env", "required": "true"}]}),
    ({"cap_add": ["B", "A", "B"]}, {"cap_add": ["A", "B"]}),
    ({"profiles": ["z", "a"]}, {"profiles": ["a", "z"]}),
    ({"privileged": "false", "platform": "", "deploy": {"placement": {}}}, {}),
    ({"gpus": "all"}, {"gpus": [{"count": "-1"}]}),
    ({"x-mine": "1"}, {}),
]


@pytest.mark.parametrize(("short", "long"), PAIRS)
def test_both_forms_become_one(short: dict[str, object], long: dict[str, object]) -> None:
    assert service(short) == service(long)  # type: ignore[arg-type]  # plain values, written loosely


@pytest.mark.parametrize(("short", "long"), PAIRS)
def test_the_one_form_stays_what_it_is(short: dict[str, object], long: dict[str, object]) -> None:
    for form in (short, long):
        once = service(form)  # type: ignore[arg-type]  # plain values, written loosely
        assert service(once) == once


def test_an_empty_command_takes_that_of_the_image_away_and_stays() -> None:
    assert service({"command": "", "entrypoint": []}) == {"command": [], "entrypoint": []}


def test_old_ways_of_naming_what_is_outside_are_the_new_one() -> None:
    old = shaped({"volumes": {"v": {"external": {"name": "real"}}}})
    assert old["volumes"] == {"v": {"external": "true", "name": "real"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", [("", "", "80", "tcp")]),
        ("8080:80/udp", [("", "8080", "80", "udp")]),
        ("127.0.0.1:8080:80", [("127.0.0.1", "8080", "80", "tcp")]),
        ("[::1]:8080:80", [("::1", "8080", "80", "tcp")]),
        ("127.0.0.1::80", [("127.0.0.1", "", "80", "tcp")]),
        ("90-91:80-81", [("", "90", "80", "tcp"), ("", "91", "81", "tcp")]),
        ("90-99:80", [("", "90-99", "80", "tcp")]),
        ("${BIND}:80", [("", "${BIND}", "80", "tcp")]),
        ("${BIND:-1:2}:80/udp", [("", "${BIND:-1:2}", "80", "udp")]),
        ("1-999999999", [("", "", "1-999999999", "tcp")]),
    ],
)
def test_ports_in_short_form(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = [tuple(p.get(k, "") for k in ("host_ip", "published", "target", "protocol")) for p in ports(text)]
    assert found == expected


def test_texts_that_are_no_such_thing_stay() -> None:
    for change in (size, duration, number, mode):
        assert change("${X}") == "${X}"
        assert change("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1h", "1h0m0s"), ("90s", "1m30s"), ("500ms", "500ms"), ("1.5s", "1.5s"), ("0s", "0s"), ("1d", "24h0m0s")],
)
def test_durations_are_written_as_the_engine_writes_them(text: str, expected: str) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("1gb", "1073741824"), ("1.5k", "1536"), ("64", "64"), ("2GiB", "2147483648"), ("-1", "-1")]
)
def test_sizes_are_bytes(text: str, expected: str) -> None:
    assert size(text) == expected
