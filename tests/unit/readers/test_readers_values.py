from __future__ import annotations

import pytest

from generator.model.component import Aspect, Component, How, Role
from generator.readers.reader import Reading, SourceFile, Unit
from generator.readers.values import settings as values_settings
from generator.readers.values.reader import ValuesReader


def mask(value: str) -> str:
    return f"secret:{len(value):012x}"


def read(text: str | bytes, path: str = "checkout.yaml", artifact: tuple[str, ...] = ("image.tag",)) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return ValuesReader().read(Unit("", "checkout", artifact=artifact), [SourceFile(path, data)], mask)


def told(component: Component) -> dict[str, str]:
    return {field.name: f"{field.aspect} {field.value}" for field in component.fields}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("checkout.yaml", "image:\n  tag: 1.10\nport: 80\n"),
        ("checkout.json", '{"image": {"tag": 1.10}, "port": 80}'),
        ("checkout.toml", 'port = 80\n[image]\ntag = "1.10"\n'),
        ("checkout.env", "image.tag=1.10\nport=80\n"),
    ],
)
def test_a_file_is_one_component(path: str, text: str) -> None:
    (made,) = read(text, path).components
    assert (made.id, made.kind, made.path) == ("checkout", "values", path)
    assert told(made) == {"image.tag": "artifact 1.10", "port": "config 80"}


def test_aspects_and_lines() -> None:
    (made,) = read("replicaCount: 3\nenv:\n  DB_PASSWORD: canary\n").components
    assert told(made) == {"replicaCount": "scale 3", "env.DB_PASSWORD": f"secret {mask('canary')}"}
    assert [field.line for field in made.fields] == [1, 3]


def test_addresses_are_references_with_their_lines() -> None:
    (made,) = read("\nenv:\n  ORDERS: http://orders:8080/\n").components
    (found,) = made.references
    assert (found.role, found.target, found.port, found.how) == (Role.COMPONENT, "orders", "8080", How.INFERRED)
    assert (found.field, found.line) == ("env.ORDERS", 3)


def test_the_same_setting_on_another_line_is_told_there() -> None:
    reader, unit = ValuesReader(), Unit("", "checkout")
    lines = []
    for text in ("url: http://orders:80\n", "\n\nurl: http://orders:80\n"):
        (made,) = reader.read(unit, [SourceFile("a.yaml", text.encode())], mask).components
        lines.append((made.fields[0].line, made.references[0].line))
    assert lines == [(1, 1), (3, 3)]


@pytest.mark.parametrize("text", ["image: {tag: ' '}", "image: {tag: ~}", "image: {}", "a: 1"])
def test_an_artifact_without_text_is_a_gap(text: str) -> None:
    (made,) = read(text).components
    assert Aspect.ARTIFACT not in {field.aspect for field in made.fields}


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (("images.*.tag",), ["images.api.tag", "images[web].tag"]),
        (("*",), ["version"]),
        (("*.api.tag",), ["images.api.tag"]),
        (("version", "images.api.tag"), ["images.api.tag", "version"]),
        (("images.*",), []),
        (("image*.api.tag",), []),
        (("images[web].tag",), ["images[web].tag"]),
        ((), []),
    ],
)
def test_keys_of_the_artifact(keys: tuple[str, ...], found: list[str]) -> None:
    made = []
    for text in ("version: 1\nimages: {api: {tag: 2, x: 3}}", "images: [{name: web, tag: 4}]"):
        (one,) = read(text, artifact=keys).components
        made += [field.name for field in one.fields if field.aspect is Aspect.ARTIFACT]
    assert sorted(made) == sorted(found)


def test_a_broken_file_gives_nothing_and_says_why() -> None:
    reading = read("a: 1\nb: [\n")
    assert reading.components == ()
    assert reading.lost is None
    (problem,) = reading.problems
    assert (problem.code, problem.place.path) == ("yaml-syntax", "checkout.yaml")


def test_documents_before_the_fault_are_kept() -> None:
    reading = read("a: 1\n---\nb: 2\n---\nc: [\n")
    assert told(reading.components[0]) == {"a": "config 1", "b": "config 2"}
    assert len(reading.problems) == 1


def test_a_list_is_no_settings_and_an_empty_document_is() -> None:
    (problem,) = read("- 1\n").problems
    assert problem.code == "values-shape"
    assert not read("---\n---\na: 1\n").problems


@pytest.mark.parametrize("text", ["", "{}", "a: ~", "---"])
def test_a_file_without_settings_is_a_component_without_fields(text: str) -> None:
    (made,) = read(text).components
    assert made.fields == ()


def test_a_template_is_a_note() -> None:
    reading = read("{{ if .Values.a }}\na: 1\n{{ end }}\n")
    assert not reading.problems
    assert [note.code for note in reading.notes] == ["template"]


def test_several_files_are_laid_over_one_another() -> None:
    files = [SourceFile("a.yaml", b"list: [1, 2]\nport: 80\n"), SourceFile("b.yaml", b"list: [3]\n")]
    (made,) = ValuesReader().read(Unit("", "checkout"), files, mask).components
    assert [(f.name, f.value, f.line, f.path) for f in made.fields] == [
        ("list[0]", "3", 1, ""),
        ("port", "80", 2, "a.yaml"),
    ]
    assert made.path == "b.yaml"


@pytest.mark.parametrize("bound", ["KEPT", "KEPT_CHARACTERS"])
def test_what_is_kept_of_settings_has_a_bound(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, unit = ValuesReader(), Unit("", "a")
    files = [SourceFile("a.yaml", f"url: http://shop:{port}\nb: {port}\n".encode()) for port in (80, 81, 80)]
    before = [reader.read(unit, [file], mask) for file in files]
    monkeypatch.setattr(values_settings, bound, 1)
    bounded = ValuesReader()
    assert [bounded.read(unit, [file], mask) for file in files] == before


def test_two_masks_never_mix() -> None:
    reader, file = ValuesReader(), SourceFile("a.yaml", b"password: canary\n")
    first = reader.read(Unit("", "a"), [file], mask).components[0].fields[0].value
    second = reader.read(Unit("", "a"), [file], lambda _: "secret:other").components[0].fields[0].value
    assert (first, second) == (mask("canary"), "secret:other")
