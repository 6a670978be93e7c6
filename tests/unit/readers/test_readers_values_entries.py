from __future__ import annotations

import hashlib

import pytest

from generator.readers.reader import Plan, Reading, SourceFile, Unit
from generator.readers.values.reader import ValuesReader
from generator.rendering.jobs import InputFile


def mask(value: str) -> str:
    return f"secret:{hashlib.sha256(value.encode()).hexdigest()[:12]}"


def read(text: str, key: str = "services", artifact: tuple[str, ...] = (), path: str = "versions.yaml") -> Reading:
    unit = Unit("", artifact=artifact, components=key)
    return ValuesReader().read(unit, [SourceFile(path, text.encode())], mask)


def layered(*texts: str, key: str = "services") -> Reading:
    paths = tuple(f"{number}.yaml" for number in range(len(texts)))
    sources = [SourceFile(path, text.encode()) for path, text in zip(paths, texts, strict=True)]
    plan = Plan(tuple(InputFile(file.path, mask(file.data.decode())) for file in sources))
    unit = Unit("", artifact=("tag",), layers=paths, components=key)
    return ValuesReader().read_tree(unit, "", plan, sources, None, mask)


def told(found: Reading) -> dict[str, dict[str, str]]:
    return {c.id: {field.name: f"{field.aspect} {field.value}" for field in c.fields} for c in found.components}


API_AND_WEB = {"api": {"tag": "artifact 1.10", "port": "config 80"}, "web": {"tag": "artifact 2"}}


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        ("v.yaml", "services", "services:\n  api: {tag: 1.10, port: 80}\n  web: {tag: 2}\n"),
        ("v.yaml", ".", "api: {tag: 1.10, port: 80}\nweb: {tag: 2}\n"),
        ("v.yaml", "a.b", "a:\n  b:\n    api: {tag: 1.10, port: 80}\n    web: {tag: 2}\n"),
        ("v.yaml", "services", "services:\n  - {name: api, tag: 1.10, port: 80}\n  - {id: web, tag: 2}\n"),
        ("v.json", "services", '{"services": {"api": {"tag": 1.10, "port": 80}, "web": {"tag": 2}}}'),
        (
            "v.json",
            "services",
            '{"services": [{"key": "api", "tag": 1.10, "port": 80}, {"component": "web", "tag": 2}]}',
        ),
        ("v.toml", "services", '[services.api]\ntag = "1.10"\nport = 80\n[services.web]\ntag = 2\n'),
    ],
)
def test_each_entry_is_a_component(path: str, key: str, text: str) -> None:
    assert told(read(text, key, ("tag",), path)) == API_AND_WEB


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        ("v.yaml", "services", "services: {api: 1.10, web: ''}"),
        ("v.env", ".", "api=1.10\nweb=\n"),
        ("v.toml", ".", 'api = "1.10"\nweb = ""\n'),
    ],
)
def test_a_scalar_entry_is_the_artifact_itself(path: str, key: str, text: str) -> None:
    assert told(read(text, key, path=path)) == {"api": {"version": "artifact 1.10"}, "web": {}}
    assert told(read(text, key, ("image.tag",), path))["api"] == {"image.tag": "artifact 1.10"}
    assert told(read(text, key, ("*.tag",), path))["api"] == {"version": "artifact 1.10"}


def test_an_entry_is_what_it_would_be_in_a_file_of_its_own() -> None:
    (api,) = read("services:\n  api:\n    tag: 1\n    url: http://web:80\n", artifact=("tag",)).components
    unit = Unit("", "api", artifact=("tag",))
    (alone,) = ValuesReader().read(unit, [SourceFile("api.yaml", b"tag: 1\nurl: http://web:80\n")], mask).components
    assert api.digest == alone.digest


def test_lines_are_those_of_the_file() -> None:
    (api,) = read("services:\n  # the first\n  api:\n    tag: 1\n", artifact=("tag",)).components
    assert (api.path, api.line, api.fields[0].line) == ("versions.yaml", 3, 4)


@pytest.mark.parametrize("text", ["other: 1", "services: ~", "services: {}", "services: []", "services: {api: ~}", ""])
def test_nothing_under_the_key_is_no_component(text: str) -> None:
    assert read(text) == Reading(lost=None)


@pytest.mark.parametrize("text", ["services: {api: {tag: 1}\n", "services: 1\n", "- 1\n"])
def test_a_broken_file_leaves_all_components_as_they_were(text: str) -> None:
    found = read(text)
    assert found.components == ()
    assert found.lost is None
    assert found.problems[0].place.path == "versions.yaml"


@pytest.mark.parametrize(
    "text", ["[{tag: 1}, {name: api, tag: 1}]", "[1, {name: api, tag: 1}]", "{'': 1, api: {tag: 1}}"]
)
def test_an_entry_without_a_name_costs_itself(text: str) -> None:
    found = read(f"services: {text}", artifact=("tag",))
    assert told(found) == {"api": {"tag": "artifact 1"}}
    assert found.lost == ()
    assert [problem.code for problem in found.problems] == ["values-shape"]


def test_no_secret_becomes_a_name() -> None:
    found = read("services:\n  - {name: api}\n  - {key: ghp_canarycanarycanary00, tag: 1}\n")
    assert [c.id for c in found.components] == ["api"]
    assert "canary" not in str(found)


def test_entries_in_layers_are_merged_each_for_itself() -> None:
    found = layered(
        "services:\n  api: {tag: 1, port: 80}\n  web: {tag: 1}\n  old: {tag: 1}\n",
        "services:\n  api: {tag: 2}\n  old: ~\n  new: 3\n",
    )
    assert told(found) == {
        "api": {"tag": "artifact 2", "port": "config 80"},
        "web": {"tag": "artifact 1"},
        "new": {"tag": "artifact 3"},
    }
    places = {c.id: (c.path, c.line, [(f.line, f.path) for f in c.fields]) for c in found.components}
    first, last = (f"{name}.yaml" for name in range(2))
    assert places == {
        "api": (last, 2, [(2, ""), (2, first)]),
        "web": (first, 3, [(3, "")]),
        "new": (last, 4, [(4, "")]),
    }


def test_a_list_in_a_later_layer_replaces_all() -> None:
    assert set(told(layered("services: [{name: api}, {name: web}]", "services: [{name: new}]"))) == {"new"}
    assert set(told(layered("services: [{name: api}]", "services: {new: 1}"))) == {"new"}


def test_others_reach_an_entry_by_its_name() -> None:
    assert [component.names for component in read("services: {api: 1}").components] == [("api",)]
