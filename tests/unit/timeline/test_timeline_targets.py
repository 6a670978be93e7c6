"""The version of Kubernetes that an environment runs reaches the readers of all that is rendered for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.replay import gathered, write_trees

from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.errors import Place, Unreadable
from generator.readers.helm.objects import read_objects
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.kustomize.closure import Closure
from generator.readers.kustomize.names import Names
from generator.readers.kustomize.output import read_output
from generator.readers.reader import Reading, Unit
from generator.readers.validation.remarks import MISSING
from generator.readers.validation.schemas import schemas_for
from generator.timeline.readings import Readings
from generator.timeline.sources import Binding, PathSource, TreeSource, sources_of

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = (
    b"---\n# Source: shop/templates/web.yaml\n"
    b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {port: 80}\n"
)


def _mask(value: str) -> str:
    return f"secret:{len(value):012x}"


@pytest.mark.parametrize(
    "text",
    [
        'environments:\n  production: {path: deploy, kubernetes: "1.31"}\n',
        'environments:\n  production: {path: deploy, reader: kustomize, kubernetes: "1.31"}\n',
        'environments:\n  production: {kubernetes: "1.31"}\nmodel:\n  - kustomize: "deploy/{component}"\n',
        'environments:\n  production: {kubernetes: "1.31"}\nmodel:\n  - helm: "deploy/{component}"\n',
        'environments:\n  production: {kubernetes: "1.31"}\nmodel:\n  - kubernetes: "deploy/{component}.yaml"\n',
    ],
)
def test_every_unit_has_the_target_of_its_environment(text: str) -> None:
    config = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS)
    (source,) = sources_of(config, "production", config.environments["production"])
    if isinstance(source, TreeSource):
        paths = ("deploy/web/kustomization.yaml", "deploy/web/Chart.yaml")
        units = [root.unit for path in paths for root in source.roots(path)]
    else:
        units = [found.unit for path in ("deploy/web.yaml",) if (found := source.bind(path)) is not None]
    assert [unit.target for unit in units] == ["1.31"]


def test_what_a_chart_rendered_to_is_held_against_the_schemas_without_a_line() -> None:
    reading = read_objects(Unit("", target="1.31"), OUTPUT, "shop", ("shop/templates/web.yaml",), _mask)
    ((remark,),) = [one.remarks for one in reading.components]
    assert (remark.rule, remark.field, remark.line) == ("schema-invalid", "data.port", 0)


def test_what_kustomize_printed_is_held_against_the_schemas_without_a_line() -> None:
    names = Names(Closure(), ())
    reading = read_output(OUTPUT, "deploy/kustomization.yaml", names, _mask, stubs=False, schemas=schemas_for("1.31"))
    ((remark,),) = [one.remarks for one in reading.components]
    assert (remark.rule, remark.field, remark.line) == ("schema-invalid", "data.port", 0)


def test_that_schemas_are_missing_is_one_note_of_no_file() -> None:
    two = OUTPUT + OUTPUT.replace(b"web", b"api")
    names = Names(Closure(), ())
    readings = [
        read_objects(Unit("", target="1.99"), two, "shop", (), _mask),
        read_output(two, "deploy/kustomization.yaml", names, _mask, stubs=False, schemas=schemas_for("1.99")),
    ]
    assert [[(note.code, note.place) for note in reading.notes] for reading in readings] == [[(MISSING, Place())]] * 2


def test_environments_of_two_versions_do_not_share_a_reading() -> None:
    class Contents:
        def get(self, blob: str, path: str) -> bytes | Unreadable:
            del blob, path
            return OUTPUT

    readings = Readings(Contents(), _mask)
    remarks = []
    for target in ("", "1.31", ""):
        source = PathSource(0, "e", "deploy", KubernetesReader(), 0, target)
        binding = source.bind("deploy/web.yaml")
        assert binding is not None
        remarks.append([one.remarks != () for one in readings.read(binding, [("deploy/web.yaml", "b1")]).components])
    assert remarks == [[False], [True], [False]]


def test_a_note_of_no_file_stays_one_where_its_reading_is_met_at_another_path() -> None:
    class Reader:
        name = "own"
        whole_environment = False

        def accepts(self, path: str) -> bool:
            return bool(path)

        def read(self, unit: object, files: object, mask: object) -> Reading:
            del unit, files, mask
            return Reading(notes=(Unreadable(MISSING, "none", Place()), Unreadable("template", "one", Place("a", 3))))

    class Contents:
        def get(self, blob: str, path: str) -> bytes:
            return f"{blob}{path}".encode()

    readings = Readings(Contents(), _mask)
    binding = Binding("e", (0, "a"), Unit(""), Reader(), 0)
    readings.read(binding, [("a", "b1")])
    moved = readings.read(binding, [("elsewhere", "b1")])
    assert [note.place for note in moved.notes] == [Place(), Place("elsewhere", 3)]


def test_a_missing_version_is_noted_once_an_environment_and_the_run_goes_on(tmp_path: Path) -> None:
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: '%d'}\n"
    trees = [{f"deploy/{n}.yaml": manifest % (n, step) for n in ("one", "two")} for step in range(3)]
    config = 'environments:\n  production: {path: deploy, kubernetes: "1.2"}\n'
    found = gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", config)
    told = [(u.code, u.environment, u.path, u.level) for u in found.evidence.summary.unreadable]
    assert told == [(MISSING, "production", "", "note")]
    assert found.outcome.exit_code == 0


def test_an_object_keeps_its_version_and_remarks_where_it_is_one_of_two_of_a_name(tmp_path: Path) -> None:
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: %s}\ndata: {port: 80}\n"
    tree = {f"deploy/{space}.yaml": manifest % space for space in ("one", "two")}
    config = 'environments:\n  production: {path: deploy, kubernetes: "1.31"}\n'
    found = gathered(write_trees(tmp_path / "repository", [tree]), tmp_path / "evidence", config)
    lists = found.evidence.findings("production")
    lists.advance(found.of("production")[0].findings.object)
    subjects = sorted(entry.subject for entry in lists.entries.values() if entry.rule == "schema-invalid")
    assert len(subjects) == 2
