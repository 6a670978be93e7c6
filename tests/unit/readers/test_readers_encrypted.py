from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.assurance.checks.plain_text_secret import RULE
from generator.model.component import Aspect, Component, Role
from generator.readers.encrypted import encrypted_kind, encrypted_resource, is_opaque
from generator.readers.fingerprints import Fingerprints
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import Plan, Reading, SourceFile, Unit
from generator.readers.values.reader import ValuesReader
from generator.rendering.jobs import InputFile

MASK = Fingerprints(lambda: b"key")
ENC = "ENC[AES256_GCM,data:{},iv:aaa=,tag:bbb=,type:str]"
OPAQUE = [
    (b"\0GITCRYPT\0\x01\x02\xff", "a.yaml", "git-crypt"),
    (b"age-encryption.org/v1\n-> X25519 abc\n\xff", "a.yaml", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n", "a.yaml", "age"),
    (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n", "a.yaml", "gpg"),
    (b"\x85\x01\x0c\x03\x12\x34", "a.yaml", "gpg"),
    (b"\x8c\x0d\x04\x09\x03\x02", "a.yaml", "gpg"),
    (b"\xfe\xff\x10", "a.json.gpg", "gpg"),
    (b"$ANSIBLE_VAULT;1.1;AES256\n3132\n", "a.yaml", "ansible-vault"),
    (b"# STRONGBOX ENCRYPTED RESOURCE ; See https://example.test\nabc=\n", "a.yaml", "strongbox"),
    (b"U2FsdGVkX1abc=\n", "a.yaml", "openssl"),
    (b"\xfe\xed\xfe\xed\x00\x00\x00\x02", "a.yaml", "binary"),
]
SOPS_YAML = f"""\
db:
  password: {ENC.format("canary1")}
  host_unencrypted: db.internal
port: {ENC.format("canary2")}
sops:
  lastmodified: "2024-01-01T00:00:00Z"
  mac: {ENC.format("mac")}
  unencrypted_suffix: _unencrypted
  version: 3.8.1
"""


@pytest.mark.parametrize(("data", "path", "kind"), OPAQUE)
def test_an_encrypted_file_is_known_by_its_first_bytes(data: bytes, path: str, kind: str) -> None:
    assert encrypted_kind(data, path) == kind
    assert is_opaque(kind)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a: 1\n",
        "name: Ärger\n".encode(),
        "Ãa: 1\n".encode(),
        "a: 1\n".encode("utf-16"),
        b"sops: is a tool\n",
        b"note: see ENC[ and more\n",
        b"key: '$ANSIBLE_VAULT;1.1;AES256'\n",
    ],
)
def test_a_text_is_none(data: bytes) -> None:
    assert encrypted_kind(data, "a.yaml") == ""
    assert not is_opaque("")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", SOPS_YAML),
        ("a.json", f'{{"data": "{ENC.format("x")}","sops":{{"mac": "{ENC.format("m")}"}}}}'),
        ("a.env", f"A={ENC.format('x')}\nsops_mac={ENC.format('m')}\nsops_version=3.8.1\n"),
    ],
)
def test_sops_is_known_by_its_notes(path: str, text: str) -> None:
    assert encrypted_kind(text.encode(), path) == "sops"
    assert not is_opaque("sops")


def values(data: bytes, path: str = "secrets.yaml") -> Reading:
    return ValuesReader().read(Unit("", "api"), [SourceFile(path, data)], MASK)


def told(component: Component) -> dict[str, str]:
    return {f.name: f"{f.aspect} {f.value.partition(':')[0]}" for f in component.fields}


@pytest.mark.parametrize(("data", "path", "kind"), OPAQUE)
def test_values_of_an_encrypted_file_are_one_field(data: bytes, path: str, kind: str) -> None:
    del kind
    reading = values(data, path)
    assert not reading.problems
    assert told(reading.components[0]) == {f"encrypted.{path}": "secret encrypted"}
    assert values(data + b"0", path).components[0].digest != reading.components[0].digest
    assert not list(RULE.check(reading.components[0]))


def test_sops_leaves_the_keys_and_no_notes() -> None:
    (made,) = values(SOPS_YAML.encode()).components
    assert told(made) == {
        "db.host_unencrypted": "config db.internal",
        "db.password": "secret encrypted",
        "port": "secret encrypted",
    }
    assert not list(RULE.check(made))
    assert "canary" not in str(made)


def test_notes_of_sops_are_no_change() -> None:
    text = SOPS_YAML.replace("2024", "2025").replace("data:mac", "data:other").replace("3.8.1", "3.9.0")
    assert text != SOPS_YAML
    assert values(text.encode()).components[0].digest == values(SOPS_YAML.encode()).components[0].digest
    text = SOPS_YAML.replace("canary1", "canary3")
    assert values(text.encode()).components[0].digest != values(SOPS_YAML.encode()).components[0].digest


def test_notes_of_sops_in_other_formats_are_left_out() -> None:
    text = f"A={ENC.format('x')}\nsops_mac={ENC.format('m')}\nsops_version=3.8.1\n"
    assert told(values(text.encode(), "a.env").components[0]) == {"A": "secret encrypted"}
    text = f'{{"data": "{ENC.format("x")}","sops":{{"mac": "{ENC.format("m")}"}}}}'
    assert told(values(text.encode(), "a.json").components[0]) == {"data": "secret encrypted"}


def test_a_setting_that_is_called_sops_stays() -> None:
    assert told(values(b"sops: {enabled: yes}\nsops_image: x\n").components[0]) == {
        "sops.enabled": "config yes",
        "sops_image": "config x",
    }


def test_what_sops_left_readable_is_judged_as_anywhere() -> None:
    (made,) = values(SOPS_YAML.replace("port:", "password: canary\nport:").encode()).components
    assert [finding.identity[2] for finding in RULE.check(made)] == ["password"]


def test_layers_take_an_encrypted_one_among_them() -> None:
    layers = ("a.yaml", "secrets/prod.yaml", "secrets/b.yaml")
    sources = [
        SourceFile("a.yaml", b"a: 1\ndb: {password: canary}\n"),
        SourceFile("secrets/b.yaml", SOPS_YAML.encode()),
        SourceFile("secrets/prod.yaml", b"\0GITCRYPT\0abc"),
    ]
    plan = Plan(tuple(InputFile(file.path, file.path) for file in sources))
    (made,) = ValuesReader().read_tree(Unit("prod", "api", layers=layers), "", plan, sources, None, MASK).components
    assert told(made)["encrypted.{environment}.yaml"] == "secret encrypted"
    assert told(made)["a"] == "config 1"
    assert told(made)["db.password"] == "secret encrypted"


@pytest.mark.parametrize(
    ("paths", "environment", "names"),
    [
        (("config/prod.yaml", "secrets/prod.yaml"), "", ["encrypted.prod.yaml", "encrypted.secrets/prod.yaml"]),
        (("values-prod.enc.yaml",), "prod", ["encrypted.values-{environment}.enc.yaml"]),
        (("production.yaml",), "prod", ["encrypted.production.yaml"]),
        (("values_prod.yaml",), "prod", ["encrypted.values_{environment}.yaml"]),
    ],
)
def test_encrypted_layers_go_by_their_names(paths: tuple[str, ...], environment: str, names: list[str]) -> None:
    sources = [SourceFile(path, b"\0GITCRYPT\0" + path.encode()) for path in paths]
    plan = Plan(tuple(InputFile(path, path) for path in paths))
    unit = Unit(environment, "api", layers=paths)
    (made,) = ValuesReader().read_tree(unit, "", plan, sources, None, MASK).components
    assert [field.name for field in made.fields] == names


def test_a_file_of_many_components_that_is_encrypted_is_one_secret() -> None:
    reading = ValuesReader().read(Unit("", components="."), [SourceFile("x/v.yaml", OPAQUE[0][0])], MASK)
    assert [(c.id, c.role) for c in reading.components] == [("Encrypted/v.yaml", Role.SECRET)]
    assert [(note.code, note.place.path) for note in reading.notes] == [("encrypted", "x/v.yaml")]
    assert not reading.problems


def test_entries_of_a_sops_file_are_components_without_its_notes() -> None:
    data = f"api: {ENC.format('x')}\nsops: {{mac: '{ENC.format('m')}'}}\n".encode()
    reading = ValuesReader().read(Unit("", components="."), [SourceFile("v.yaml", data)], MASK)
    assert [c.id for c in reading.components] == ["api"]


@pytest.mark.parametrize(("data", "path", "kind"), OPAQUE)
def test_an_encrypted_file_among_manifests_is_a_secret(data: bytes, path: str, kind: str) -> None:
    made = encrypted_resource(SourceFile(f"apps/{path}", data), MASK)
    assert made is not None
    assert (made.id, made.role, made.path) == (f"Encrypted/{path}", Role.SECRET, f"apps/{path}")
    assert made.namespace == "apps"
    assert told(made) == {"content": "secret encrypted", "encryption": f"config {kind}"}


@pytest.mark.parametrize(("data", "path", "kind"), OPAQUE)
def test_a_file_that_is_encrypted_whole_is_noted(data: bytes, path: str, kind: str) -> None:
    reading = KubernetesReader().read(Unit(""), [SourceFile(path, data)], MASK)
    (note,) = reading.notes
    assert (note.code, note.place.path, reading.problems, reading.lost) == ("encrypted", path, (), ())
    assert note.reason.startswith("encrypted with " if kind != "binary" else "encrypted, or no text")
    assert values(data, path).notes == (note,)


def test_a_file_of_which_the_keys_can_be_read_is_not_noted() -> None:
    reading = KubernetesReader().read(Unit(""), [SourceFile("values.enc.yaml", SOPS_YAML.encode())], MASK)
    assert [made.id for made in reading.components] == ["Encrypted/values.enc.yaml"]
    assert not reading.notes
    assert not values(SOPS_YAML.encode()).notes


def test_settings_encrypted_by_sops_among_manifests_keep_their_keys() -> None:
    made = encrypted_resource(SourceFile("apps/values.enc.yaml", SOPS_YAML.encode()), MASK)
    assert made is not None
    assert set(told(made)) == {"db.host_unencrypted", "db.password", "port", "encryption"}


MANIFEST = """\
apiVersion: v1
kind: {kind}
metadata: {{name: shop}}
{part}:
  PASSWORD: {value}
sops: {{mac: "{mac}"}}
"""


def test_manifests_and_texts_are_read_as_they_are() -> None:
    text = MANIFEST.format(kind="Secret", part="data", value=ENC.format("x"), mac=ENC.format("m"))
    assert encrypted_resource(SourceFile("a.yaml", text.encode()), MASK) is None
    assert encrypted_resource(SourceFile("a.yaml", b"a: 1\n"), MASK) is None


def test_a_manifest_that_is_encrypted_to_its_kind_is_a_secret() -> None:
    text = MANIFEST.format(kind=ENC.format("k"), part="data", value=ENC.format("x"), mac=ENC.format("m"))
    made = encrypted_resource(SourceFile("a.yaml", text.encode()), MASK)
    assert made is not None
    assert told(made)["kind"] == "secret encrypted"


def test_an_encrypted_value_of_a_config_map_is_no_plain_text() -> None:
    def findings(value: str) -> list[str]:
        text = MANIFEST.format(kind="ConfigMap", part="data", value=value, mac=ENC.format("m"))
        (made,) = KubernetesReader().read(Unit(""), [SourceFile("a.yaml", text.encode())], MASK).components
        assert [f.name for f in made.fields if f.aspect is Aspect.SECRET] == ["data.PASSWORD"]
        return [finding.identity[2] for finding in RULE.check(made)]

    assert findings(ENC.format("x")) == []
    assert findings("canary") == ["data.PASSWORD"]


def test_where_an_encrypted_file_stands_is_no_version_of_it() -> None:
    made = [encrypted_resource(SourceFile(f"{folder}/a.yaml", OPAQUE[0][0]), MASK) for folder in ("prod", "staging")]
    assert len({one.digest for one in made if one is not None}) == 1


@given(st.sampled_from([data for data, _, _ in OPAQUE] + [b"", b"sops:", b"ENC[", b"{", b"a: "]), st.binary())
@example(b"", b"sops: {mac: 'ENC[A,b]'}")
@example(b"", b"sops: [ENC[A,b]]\nsops_mac: {a: 1}")
def test_no_content_makes_a_reader_fail(start: bytes, rest: bytes) -> None:
    file = SourceFile("x/a.yaml", start + rest)
    encrypted_resource(file, MASK)
    for key in ("", ".", "a.b"):
        reading = ValuesReader().read(Unit("", "x", components=key), [file], lambda _: "secret:000000000000")
        assert all(problem.place.path == "x/a.yaml" for problem in reading.problems)


def test_the_fingerprint_does_not_tell_the_content() -> None:
    data = OPAQUE[0][0]
    assert hashlib.sha256(data).hexdigest()[:12] not in str(values(data).components[0])
