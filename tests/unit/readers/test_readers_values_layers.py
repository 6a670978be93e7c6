from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.assurance.checks.plain_text_secret import RULE
from generator.readers.reader import Plan, Reading, SourceFile, Unit
from generator.readers.values import layers as values_layers
from generator.readers.values.layers import KeptLayers
from generator.readers.values.reader import ValuesReader
from generator.rendering.jobs import InputFile

if TYPE_CHECKING:
    from generator.errors import Unreadable

LAYERS = ("services/api/values.yaml", "services/api/values-prod.yaml", "global.yaml")
UNIT = Unit("", "api", artifact=("docker.tag",), layers=LAYERS)


def mask(value: str) -> str:
    return f"secret:{hashlib.sha256(value.encode()).hexdigest()[:12]}"


class Files:
    """A tree of files that notes what is looked at."""

    def __init__(self, files: dict[str, bytes], links: tuple[str, ...] = ()) -> None:
        self.data, self.links = files, links
        self.looked: list[str] = []

    def blob(self, path: str) -> str:
        self.looked.append(path)
        return hashlib.sha1(self.data[path], usedforsecurity=False).hexdigest() if path in self.data else ""

    def mode(self, path: str) -> str:
        return "120000" if path in self.links else "100644" if path in self.data else ""

    def read(self, path: str) -> bytes | Unreadable | None:
        return self.data.get(path)

    def files(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.data if path.startswith(folder)))


def read(reader: ValuesReader, unit: Unit, tree: Files) -> Reading:
    plan = reader.plan(unit, "", tree)
    sources = [SourceFile(file.path, tree.data[file.path]) for file in plan.files]
    return reader.read_tree(unit, "", plan, sources, None, mask)


def reading(*layers: bytes | None) -> Reading:
    tree = Files({path: data for path, data in zip(LAYERS, layers, strict=False) if data is not None})
    return read(ValuesReader(), UNIT, tree)


def test_the_plan_is_the_layers_that_stand() -> None:
    tree = Files({LAYERS[2]: b"a: 1", LAYERS[0]: b"b: 1", "other.yaml": b""})
    plan = ValuesReader().plan(UNIT, "", tree)
    assert plan.files == tuple(InputFile(path, tree.blob(path)) for path in ("global.yaml", LAYERS[0]))
    assert tree.looked[:3] == list(LAYERS)
    assert plan.job is None


def test_layers_are_merged_in_the_order_of_the_unit() -> None:
    (made,) = reading(b"docker: {tag: 1}\nlist: [1, 2]\n", b"\ndocker: {tag: 2}\nextra: 1\n", b"list: [3]\n").components
    assert [(f.aspect, f.name, f.value) for f in made.fields] == [
        ("artifact", "docker.tag", "2"),
        ("config", "extra", "1"),
        ("config", "list[0]", "3"),
    ]
    assert made.id == "api"


def test_each_field_is_told_with_the_layer_that_it_is_from() -> None:
    (made,) = reading(b"a: http://orders:80\nb: 1\n", b"\n\nb: http://mail:25\n").components
    assert made.path == LAYERS[1]
    assert [(f.name, f.line, f.path) for f in made.fields] == [("a", 1, LAYERS[0]), ("b", 3, "")]
    assert [(r.target, r.line) for r in made.references] == [("mail", 3), ("orders", 0)]
    (alone,) = reading(b"a: 1\n").components
    assert (alone.path, alone.fields[0].line, alone.fields[0].path) == (LAYERS[0], 1, "")


def test_the_file_of_an_artifact_is_the_layer_that_it_is_from() -> None:
    (made,) = reading(b"a: 1\ndocker: {tag: 1}\n", b"a: 2\n").components
    assert [(f.name, f.line, f.path) for f in made.fields] == [("docker.tag", 2, LAYERS[0]), ("a", 1, "")]


def test_where_a_field_is_from_is_no_part_of_the_digest() -> None:
    (apart,), (together,) = reading(b"a: 1\n", b"b: 1\n").components, reading(b"\nb: 1\na: 1\n").components
    assert apart.fields != together.fields
    assert (apart.digest, apart.state) == (together.digest, together.state)


def test_the_file_of_a_component_is_the_last_layer_that_is_text() -> None:
    sealed = b"\0GITCRYPT\0abc"
    found = reading(b"password: canary\n", b"b: 1\n", sealed)
    (made,) = found.components
    assert (made.path, made.line) == (LAYERS[1], 1)
    assert [(f.name, f.line, f.path) for f in made.fields] == [
        ("b", 1, ""),
        ("encrypted.global.yaml", 1, LAYERS[2]),
        ("password", 1, LAYERS[0]),
    ]
    (finding,) = RULE.check(made)
    assert (finding.path, finding.line) == (LAYERS[0], 1)
    (alone,) = reading(sealed).components
    assert (alone.path, alone.fields[0].path) == (LAYERS[0], "")


def test_an_encrypted_layer_is_noted() -> None:
    found = reading(b"a: 1\n", b"\0GITCRYPT\0abc")
    (note,) = found.notes
    assert not found.problems
    assert (note.code, note.place.path) == ("encrypted", LAYERS[1])
    assert note.reason == "encrypted with git-crypt: that it changed can be told, what it is cannot"
    assert not reading(b"a: 1\n", b"b: 1\n").notes


def test_a_reading_with_places_crosses_processes() -> None:
    found = reading(b"a: 1\n", b"b: 1\n")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Reading) == found


def test_a_layer_that_says_nothing_new_is_no_change() -> None:
    both = reading(b"a: 1\nb: {c: 2}\n", b"b: {c: 2}\n").components[0]
    assert both.digest == reading(b"a: 1\nb: {c: 2}\n").components[0].digest


def test_no_layer_is_no_component() -> None:
    assert reading() == Reading()


@pytest.mark.parametrize("empty", [b"", b"# nothing\n", b"---\n", b"{}\n", b"~\n"])
def test_an_empty_layer_is_one(empty: bytes) -> None:
    found = reading(b"a: 1\n", empty)
    assert not found.problems
    assert [field.value for field in found.components[0].fields] == ["1"]


@pytest.mark.parametrize(
    ("broken", "code", "line"),
    [(b"a: 1\nb: [\n", "yaml-syntax", 3), (b"a: 1\na: 2\n", "yaml-duplicate-key", 2), (b"\n- 1\n", "values-shape", 2)],
)
def test_a_broken_layer_leaves_the_component_as_it_was(broken: bytes, code: str, line: int) -> None:
    found = reading(b"a: 1\n", broken)
    assert found.components == ()
    assert found.lost is None
    (problem,) = found.problems
    assert (problem.code, problem.place.path, problem.place.line) == (code, LAYERS[1], line)


def test_without_the_content_of_a_layer_nothing_is_made_of_the_others() -> None:
    tree, reader = Files({LAYERS[0]: b"a: 1", LAYERS[1]: b"b: 1"}), ValuesReader()
    plan = reader.plan(UNIT, "", tree)
    assert reader.read_tree(UNIT, "", plan, [SourceFile(LAYERS[0], b"a: 1")], None, mask) == Reading()


def test_a_link_is_never_followed() -> None:
    tree, reader = Files({LAYERS[0]: b"a: 1"}, links=(LAYERS[1],)), ValuesReader()
    found = read(reader, UNIT, tree)
    assert found.components == ()
    assert [(p.code, p.place.path) for p in found.problems] == [("symlink", LAYERS[1])]


TEMPLATE = b"{{ if .x }}\na: 1\n{{ end }}\n"


def test_a_layer_named_as_a_template_is_passed_over_with_a_note() -> None:
    unit = msgspec.structs.replace(UNIT, layers=("a.yaml", "b.yaml.gotmpl"))
    found = read(ValuesReader(), unit, Files({"a.yaml": b"a: 1", "b.yaml.gotmpl": TEMPLATE}))
    assert [note.code for note in found.notes] == ["template"]
    assert [field.name for field in found.components[0].fields] == ["a"]
    assert not found.problems


def test_another_layer_with_template_marks_may_be_a_slip() -> None:
    found = reading(b"a: 1\n", TEMPLATE)
    assert found.components == ()
    assert [problem.code for problem in found.problems] == ["layer-template"]


def test_one_reader_reads_many_units_alike() -> None:
    reader = ValuesReader()
    tree = Files({LAYERS[0]: b"a: 1\nb: {c: 1}\n", LAYERS[1]: b"b: {c: ~}\n"})
    other = msgspec.structs.replace(UNIT, component="web", layers=(LAYERS[0],))
    first = read(reader, UNIT, tree)
    assert read(reader, other, tree) == read(ValuesReader(), other, tree)
    assert read(reader, UNIT, tree) == first
    tree.data[LAYERS[0]] = b"a: 2\nb: {c: 1}\n"
    assert [field.value for field in read(reader, UNIT, tree).components[0].fields] == ["2"]


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values_layers, "KEPT_BYTES", 20)
    kept = KeptLayers()
    first = kept.read(SourceFile("a.yaml", b"a: 1234567"), "1")
    assert kept.read(SourceFile("a.yaml", b""), "1") is first
    kept.read(SourceFile("b.yaml", b"a: 1234567"), "2")
    kept.read(SourceFile("c.yaml", b"a: 1234567"), "3")
    assert kept.read(SourceFile("a.yaml", b"a: 1234567"), "1") is not first


def test_a_plan_with_problems_reads_as_them() -> None:
    tree = Files({LAYERS[0]: b"a: 1"}, links=(LAYERS[2],))
    plan = ValuesReader().plan(UNIT, "", tree)
    assert ValuesReader().read_tree(UNIT, "", plan, [], None, mask).problems == plan.problems
    assert isinstance(plan, Plan)
