from __future__ import annotations

import pytest

from generator.errors import Unreadable
from generator.events.mapping import SHIPPED, Mapping, parse_mapping, shipped_mapping

WHOLE = """
record: incidents
items: data.list
where: {labels.name: [incident, outage], gone: [], state: closed}
fields:
  id: number
  environment: {from: [env, labels.name], prefix: "env:", values: {live: production}, default: production}
  title: [title, summary]
"""


def test_a_mapping_is_read_as_a_whole() -> None:
    found = parse_mapping(WHOLE.encode(), "m.yaml")
    assert isinstance(found, Mapping)
    assert found.section == "incidents"
    assert found.items == ("data", "list")
    assert [(one.path.text, one.of) for one in found.where] == [
        ("labels.name", ("incident", "outage")),
        ("gone", ()),
        ("state", ("closed",)),
    ]
    taking = found.fields["environment"]
    assert [path.text for path in taking.paths] == ["env", "labels.name"]
    assert (taking.prefix, taking.values, taking.default) == ("env:", {"live": "production"}, "production")
    assert found.fields["title"].shown == "title or summary"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- a", 1, "one mapping"),
        ("", 1, "one mapping"),
        ("record: incidents\nfeilds: {}", 2, "`feilds` is not known"),
        ("record: incidnt\nfields: {}", 1, "`incidnt` is no kind"),
        ("fields: {}", 1, "is no kind"),
        ("record: downtime\nfields: []", 2, "`fields` is no mapping"),
        ("record: downtime\nfields: {environment: a}", 2, "`start`"),
        ("record: downtime\nfields:\n  environment: a\n  strat: b", 4, "`strat` is not known"),
        ("record: downtime\nfields:\n  environment: a\n  start: a..b", 4, "`a..b` is no way"),
        ("record: downtime\nfields:\n  environment: {}\n  start: a", 3, "neither `from` nor `default`"),
        ("record: downtime\nfields:\n  environment: {form: a}\n  start: a", 3, "`form` is not known"),
        ("record: downtime\nfields:\n  environment: {from: a, values: [b]}\n  start: a", 3, "`values` is no mapping"),
        ("record: downtime\nfields:\n  environment: {from: {a: b}}\n  start: a", 3, "neither a text nor a list"),
        ("record: downtime\nwhere: [a]\nfields: {environment: a, start: b}", 2, "`where` is no mapping"),
        ("record: downtime\nfields: {environment: [a, b: c], start: d}", 2, "neither a text nor a list"),
        ("record: [a]\nfields: {}", 1, "`record` is no single value"),
        ("a: [", 1, ""),
    ],
)
def test_what_is_wrong_has_its_line(text: str, line: int, said: str) -> None:
    found = parse_mapping(text.encode(), "m.yaml")
    assert isinstance(found, Unreadable)
    assert found.place.path == "m.yaml"
    assert found.place.line >= line if text == "a: [" else found.place.line == line
    assert said in f"{found.reason} {found.fix}"


@pytest.mark.parametrize("name", SHIPPED)
def test_mappings_of_the_package_can_be_read(name: str) -> None:
    assert isinstance(shipped_mapping(name), Mapping)


def test_another_name_is_a_file_of_the_repository() -> None:
    assert shipped_mapping("tools/mapping.yaml") is None
    assert shipped_mapping("../entries") is None
