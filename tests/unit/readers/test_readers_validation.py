"""Objects held against the schemas of the version of Kubernetes that is to take them."""

from __future__ import annotations

import importlib.util

import pytest

from generator.documents.tree import Scalar
from generator.documents.yaml_text import parse_yaml
from generator.model.component import Remark
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import Reading, SourceFile, Unit
from generator.readers.validation import schemas
from generator.readers.validation.remarks import MISSING, MOST
from generator.readers.validation.schemas import schemas_for, schemas_version
from generator.readers.validation.typed import node_at, typed

HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n"
POD = "  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n"
SOUND = HEAD + "  replicas: 3\n" + POD + "      - name: server\n        image: shop:1\n"


def _mask(value: str) -> str:
    return f"secret:{len(value):012x}"


def _read(text: str, target: str = "1.31") -> Reading:
    return KubernetesReader().read(Unit("", "x", ".yaml", target=target), [SourceFile("a.yaml", text.encode())], _mask)


def _remarks(text: str, target: str = "1.31") -> list[Remark]:
    return [remark for one in _read(text, target).components for remark in one.remarks]


def _told(text: str) -> list[tuple[str, str, int]]:
    return [(remark.rule, remark.field, remark.line) for remark in _remarks(text)]


def test_a_sound_object_has_no_remark_and_its_version_is_known() -> None:
    (one,) = _read(SOUND).components
    assert (one.api, one.remarks) == ("apps/v1", ())


def test_without_a_target_nothing_is_looked_at_and_the_version_is_known_still() -> None:
    (one,) = _read(SOUND.replace("replicas: 3", "replicas: lots"), "").components
    assert (one.api, one.remarks) == ("apps/v1", ())


def test_neither_the_target_nor_the_remarks_are_part_of_the_digest() -> None:
    quoted = SOUND.replace("replicas: 3", 'replicas: "3"')
    one, other, third = (
        _read(text, target).components[0] for text, target in ((SOUND, ""), (quoted, "1.31"), (quoted, ""))
    )
    assert one.digest == other.digest == third.digest
    assert [remark.field for remark in other.remarks] == ["spec.replicas"]


def test_a_value_of_another_kind_is_told_with_its_place_and_without_the_value() -> None:
    (remark,) = _remarks(SOUND.replace("replicas: 3", "replicas: hunter2"))
    assert remark == Remark(
        "schema-invalid", "error", "spec.replicas must be a whole number, and is a text", "spec.replicas", 5
    )


def test_a_number_where_a_text_must_be_is_told_of_the_container_by_its_name() -> None:
    text = SOUND + "        env:\n        - {name: WORKERS, value: 4}\n        - {name: SWITCH, value: yes}\n"
    assert _told(text) == [("schema-invalid", "server.env.SWITCH", 15), ("schema-invalid", "server.env.WORKERS", 14)]
    quoted = text.replace("value: 4", 'value: "4"').replace("value: yes", "value: 'yes'")
    assert _told(quoted) == []


def test_a_field_that_nobody_knows_is_a_warning_at_its_key() -> None:
    (remark,) = _remarks(SOUND + "        resource:\n          limits: {memory: 64Mi}\n")
    assert (remark.rule, remark.level, remark.field, remark.line) == ("unknown-field", "warning", "server.resource", 13)


def test_what_must_be_there_is_missed_where_it_is_empty_too() -> None:
    empty = HEAD + "  replicas: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    spec:\n      containers:\n"
    assert _told(empty) == [("schema-invalid", "spec.template.spec.containers", 9)]


def test_init_containers_and_jobs_of_a_cron_job_go_by_the_names_that_components_have() -> None:
    text = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec:\n  schedule: 0 0 * * *\n  jobTemplate:\n"
        "    spec:\n      template:\n        spec:\n          initContainers:\n          - {name: wait, image: 1}\n"
        "          containers:\n          - {name: run, image: 1}\n"
    )
    assert [field for _, field, _ in _told(text)] == ["init.wait.image", "run.image"]


def test_a_kind_of_somebody_else_is_not_assessed_though_its_file_has_the_same_name() -> None:
    assert _told("apiVersion: batch.volcano.sh/v1\nkind: Job\nmetadata: {name: a}\nspec: {tasks: []}\n") == []
    assert _told("apiVersion: example.org/v1\nkind: Anything\nmetadata: {name: a}\nwhatever: 1\n") == []


def test_a_kind_that_the_platform_does_not_have_is_an_error() -> None:
    (remark,) = _remarks("apiVersion: apps/v7\nkind: Deployment\nmetadata: {name: a}\n")
    assert remark.message == "Kubernetes 1.31 has no Deployment of version apps/v7"
    assert (remark.rule, remark.field, remark.line) == ("schema-invalid", "apiVersion", 1)


def test_the_version_decides_what_is_known() -> None:
    text = SOUND + "      resources: {limits: {memory: 1Gi}}\n"  # of the whole pod: known from 1.32 on
    assert [remark.rule for remark in _remarks(text, "1.31")] == ["unknown-field"]
    assert _remarks(text, "1.34") == []


def test_a_value_that_another_tool_fills_in_or_decrypts_is_not_judged() -> None:
    for value in ("${REPLICAS}", '"{{ replicas }}"', "ENC[AES256_GCM,data:x]"):
        assert _told(SOUND.replace("replicas: 3", f"replicas: {value}")) == []
    assert _told(SOUND + "sops: {mac: x}\nstatus: {unheard: of}\n") == []


def test_entries_that_hold_nothing_are_left_out_as_the_platform_leaves_them_out() -> None:
    assert _told(SOUND.replace("{name: shop}", "{name: shop, creationTimestamp: null, annotations: }")) == []


def test_items_of_a_list_have_its_version_and_the_kind_it_is_of() -> None:
    text = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n  data: {port: 80}\n"
    assert _told(text) == [("schema-invalid", "data.port", 5)]


def test_remarks_are_capped_and_the_rest_is_counted() -> None:
    many = SOUND + "".join(f"        unheard{n}: 1\n" for n in range(MOST + 30))
    remarks = _remarks(many)
    assert len(remarks) == MOST + 1
    assert [r.message for r in remarks if r.field == "more"] == [
        "Deployment: 30 more things are not as its schema wants them"
    ]


def test_no_remark_holds_a_value() -> None:
    canary = "s3cr3t-c4n4ry"
    text = (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a, labels: {{x: [{canary}]}}}}\ntype: [{canary}]\n"
        f"stringData: [{canary}]\ndata: {{a: {{b: {canary}}}}}\nimmutable: {canary}\n"
    )
    remarks = _remarks(text)
    assert len(remarks) == 5
    assert canary not in repr(remarks)


def test_a_version_without_schemas_is_a_note_and_the_nearest_is_not_taken_for_it() -> None:
    reading = _read(SOUND.replace("replicas: 3", "replicas: lots"), "1.99")
    assert [(note.code, note.place.path) for note in reading.notes] == [(MISSING, "")]
    assert "1.99" in reading.notes[0].reason
    assert reading.components[0].remarks == ()


def test_a_machine_without_the_schemas_is_a_note_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schemas, "find_spec", lambda name: None if name == "jsonschema_rs" else importlib.util.find_spec(name)
    )
    schemas_for.cache_clear()
    try:
        reading = _read(SOUND)
    finally:
        schemas_for.cache_clear()
    assert [(note.code, note.fix) for note in reading.notes] == [(MISSING, "pip install 'assay[schemas]'")]
    assert not reading.problems


def test_a_file_without_objects_says_nothing_of_schemas() -> None:
    assert _read("nothing: here\n", "1.99").notes[0].code == "not-kubernetes"
    assert len(_read("nothing: here\n", "1.99").notes) == 1


def test_the_packages_of_schemas_are_named_with_their_versions() -> None:
    assert "kubernetes-validate 1." in schemas_version()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-0x1F", 1),
        ("0o17", 1),
        ("089", 89.0),
        ("1_000", 1000),
        ("1e3", 1000.0),
        ("1e999", 1.5),
        (".inf", 1.5),
        ("9" * 5000, 1),
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("", None),
        ("1:30", "1:30"),
        ("2001-01-01", "2001-01-01"),
        ("1.2.3", "1.2.3"),
        ("64Mi", "64Mi"),
    ],
)
def test_plain_text_is_read_as_the_platforms_tools_read_it(text: str, value: object) -> None:
    assert typed(Scalar(text, 1)) == value
    assert typed(Scalar(text, 1, plain=False)) == text


def test_a_way_that_leads_nowhere_has_no_node() -> None:
    (root,) = parse_yaml(b"a: [{b: 1}]\n", "x").roots
    found = node_at(root, ["a", 0, "b"])
    assert isinstance(found, Scalar)
    assert found.text == "1"
    assert node_at(root, ["a", 1]) is None
    assert node_at(root, ["a", "b"]) is None
