"""What is read out of a rendering: through the real engine where there is one, from its words where not."""

from pathlib import Path

import pytest
from support.plain_tree import PlainTree, mask, reading

from generator.model.component import Aspect, Component
from generator.readers.kustomize.reader import KustomizeReader
from generator.readers.reader import Reading, SourceFile, Unit
from generator.rendering.jobs import Rendered
from generator.rendering.kustomize import KustomizeEngine

ENGINE = KustomizeEngine()
needs_engine = pytest.mark.skipif(not ENGINE.version(), reason="neither kustomize nor kubectl is installed")

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: server
        image: shop/web:1
        envFrom: [{configMapRef: {name: settings}}]
      volumes: [{name: keys, secret: {secretName: keys}}]
"""
UNKNOWN = "unknown: provided at deployment time"


def read(files: dict[str, str], folder: Path, root: str = "app", provided: tuple[str, ...] = ()) -> Reading:
    return reading(KustomizeReader(), root, PlainTree(files), ENGINE, folder, provided)


def components(found: Reading) -> dict[str, Component]:
    assert not found.problems
    assert found.lost == ()
    return {one.id: one for one in found.components}


def value(one: Component, name: str) -> str:
    (text,) = [field.value for field in one.fields if field.name == name]
    return text


GENERATING = {
    "app/kustomization.yaml": "namePrefix: eu-\nnameSuffix: -v1\nresources: [../base]\n"
    "images: [{name: shop/web, newTag: '2'}]\n",
    "base/kustomization.yaml": "resources: [web.yaml]\n"
    "configMapGenerator: [{name: settings, literals: [LEVEL=info]}]\n"
    "secretGenerator:\n- {name: keys, literals: [PASSWORD=hunter2]}\n",
    "base/web.yaml": f"# a comment\n{DEPLOYMENT}",
}


@needs_engine
def test_generated_hashes_are_taken_off_names_and_off_what_refers_to_them(tmp_path: Path) -> None:
    found = components(read(GENERATING, tmp_path))
    assert set(found) == {"eu-web-v1", "ConfigMap/eu-settings-v1", "Secret/eu-keys-v1"}
    web = found["eu-web-v1"]
    assert value(web, "server.image") == "shop/web:2"
    assert {reference.target for reference in web.references} == {"eu-settings-v1", "eu-keys-v1"}
    assert "hunter2" not in repr(found)


@needs_engine
def test_a_changed_setting_changes_its_map_and_not_what_uses_it(tmp_path: Path) -> None:
    changed = {path: text.replace("LEVEL=info", "LEVEL=debug") for path, text in GENERATING.items()}
    before, after = (components(read(f, tmp_path / n)) for f, n in ((GENERATING, "a"), (changed, "b")))
    assert before["eu-web-v1"].digest == after["eu-web-v1"].digest
    assert before["ConfigMap/eu-settings-v1"].digest != after["ConfigMap/eu-settings-v1"].digest


@needs_engine
def test_components_stand_at_the_file_that_they_come_from(tmp_path: Path) -> None:
    found = components(read(GENERATING, tmp_path))
    assert (found["eu-web-v1"].path, found["eu-web-v1"].line) == ("base/web.yaml", 2)
    keys = found["Secret/eu-keys-v1"]
    assert (keys.path, keys.line) == ("base/kustomization.yaml", 4)


@needs_engine
def test_a_name_that_only_looks_generated_stays(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
    files = {
        "app/kustomization.yaml": "resources: [a.yaml, b.yaml]\n"
        "configMapGenerator: [{name: kept, options: {disableNameSuffixHash: true}}, {name: other}]\n",
        "app/a.yaml": text % "plain-2456789bcd",
        "app/b.yaml": text % "kept-2456789bcd",
    }
    names = {"ConfigMap/plain-2456789bcd", "ConfigMap/kept-2456789bcd", "ConfigMap/kept", "ConfigMap/other"}
    assert set(components(read(files, tmp_path))) == names


LATER = {
    "app/kustomization.yaml": "resources: [web.yaml, secrets.yaml, certs.yaml]\n"
    "configMapGenerator: [{name: settings, files: [app.conf, other=later.conf], envs: [later.env]}]\n"
    "secretGenerator: [{name: keys, files: [id_rsa]}]\n",
    "app/web.yaml": DEPLOYMENT,
    "app/app.conf": "level=info\n",
    "app/id_rsa.enc": '{"data": "ENC[AES256_GCM,data:Canary1]", "sops": {}}',
    "app/secrets.enc.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\n"
    "data: {password: 'ENC[AES256_GCM,data:Canary1]'}\nsops: {version: 3.8.1, mac: canary}\n",
    ".gitignore": "*.yaml\n!secrets.yaml\n/app/later.*\n",
}


@needs_engine
def test_files_that_come_at_deployment_time_are_told_and_never_drawn_as_values(tmp_path: Path) -> None:
    found = read(LATER, tmp_path)
    drawn = components(found)
    assert set(drawn) == {"web", "ConfigMap/settings", "Secret/keys", "Secret/login"}
    settings = drawn["ConfigMap/settings"]
    assert value(settings, "data.app.conf") == "level=info\n"
    assert value(settings, "data.other") == UNKNOWN
    assert {f.name for f in settings.fields if f.name.startswith("data")} == {"data.app.conf", "data.other"}
    assert value(drawn["Secret/keys"], "data.id_rsa").startswith(f"{UNKNOWN}; encrypted content ")
    how = {note.place.path: note.reason for note in found.notes}
    assert {note.code for note in found.notes} == {"provided"}
    assert sorted(how) == ["app/certs.yaml", "app/id_rsa", "app/later.conf", "app/later.env", "app/secrets.yaml"]
    assert "app/secrets.enc.yaml is its encrypted form" in how["app/secrets.yaml"]
    assert ".gitignore" in how["app/later.conf"]
    assert ".gitignore" in how["app/certs.yaml"]


@needs_engine
def test_an_encrypted_secret_is_a_fingerprint_that_changes_with_it(tmp_path: Path) -> None:
    changed = LATER | {"app/secrets.enc.yaml": LATER["app/secrets.enc.yaml"].replace("data:Canary1", "data:xyz")}
    before, after = (components(read(f, tmp_path / n)) for f, n in ((LATER, "a"), (changed, "b")))
    login = before["Secret/login"]
    assert (login.path, login.line) == ("app/secrets.enc.yaml", 1)
    (field,) = [f for f in login.fields if f.name == "data.password"]
    assert field.aspect is Aspect.SECRET
    assert "ENC[" not in field.value
    assert "Canary1" not in field.value
    assert login.digest != after["Secret/login"].digest
    assert "canary" not in repr(before)


@needs_engine
def test_an_encrypted_file_of_a_generator_shows_that_it_changed(tmp_path: Path) -> None:
    changed = LATER | {"app/id_rsa.enc": LATER["app/id_rsa.enc"].replace("data:Canary1", "data:xyz")}
    before, after = (components(read(f, tmp_path / n)) for f, n in ((LATER, "a"), (changed, "b")))
    assert before["Secret/keys"].digest != after["Secret/keys"].digest


@needs_engine
@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("$ANSIBLE_VAULT;1.1;AES256\n3034\n", "Ansible Vault"),
        ("\0GITCRYPT\0abc", "git-crypt"),
        ('kind: "ENC[AES256_GCM,data:x]"\nsops: {}\n', "SOPS"),
    ],
)
def test_a_manifest_that_is_encrypted_as_a_whole_costs_itself_alone(tmp_path: Path, text: str, how: str) -> None:
    files = {
        "app/kustomization.yaml": "resources: [web.yaml, s.yaml]\n",
        "app/web.yaml": DEPLOYMENT,
        "app/s.yaml": text,
    }
    found = read(files, tmp_path)
    assert set(components(found)) == {"web"}
    (note,) = found.notes
    assert (note.code, note.place.path) == ("provided", "app/s.yaml")
    assert how in note.reason


@needs_engine
def test_a_patch_of_an_object_that_comes_later_does_no_harm(tmp_path: Path) -> None:
    patch = "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\ntype: Opaque\n"
    files = {
        "app/kustomization.yaml": "namespace: shop\nresources: [web.yaml, login.yaml]\npatches: [{path: patch.yaml}]\n",
        "app/web.yaml": DEPLOYMENT,
        "app/patch.yaml": patch,
    }
    found = read(files, tmp_path)
    assert set(components(found)) == {"web"}
    assert "taken to hold Secret/login" in found.notes[0].reason


@needs_engine
def test_the_configuration_names_what_is_provided(tmp_path: Path) -> None:
    files = {
        "app/kustomization.yaml": "resources: [web.yaml, made, ../base]\ncomponents: [../part]\ncrds: [crd.json]\n"
        "transformers: [t.yaml]\nreplacements: [{path: r.yaml}]\nconfigurations: [c.yaml]\nopenapi: {path: o.json}\n",
        "app/web.yaml": DEPLOYMENT,
        "base/README.md": "made by a script\n",
    }
    lacking = read(files, tmp_path / "a")
    assert {problem.code for problem in lacking.problems} == {"kustomize-missing"}
    assert not lacking.components
    found = read(files, tmp_path / "b", provided=("app/*", "base/kustomization.yaml", "part/**"))
    assert set(components(found)) == {"web"}
    assert "named under provided by app/*" in found.notes[0].reason


@needs_engine
def test_a_file_from_above_the_kustomization_is_read_where_the_plan_has_followed_it(tmp_path: Path) -> None:
    files = {
        "app/kustomization.yaml": "resources: [../web.yaml]\nconfigMapGenerator: [{name: c, files: [../../x/a.txt]}]\n",
        "web.yaml": DEPLOYMENT,
        "x/a.txt": "text",
    }
    deep = {f"deep/{path}" if path.startswith(("app", "web")) else path: text for path, text in files.items()}
    found = components(read(deep, tmp_path, "deep/app"))
    assert set(found) == {"web", "ConfigMap/c"}


@needs_engine
def test_a_broken_kustomization_gives_the_engines_own_words_and_no_secret(tmp_path: Path) -> None:
    files = {
        "app/kustomization.yaml": "resources: [web.yaml]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n"
        "    metadata: {name: gone}\n    data: {word: canary1}\n    stringData: {other: canary2}\n",
        "app/web.yaml": DEPLOYMENT,
    }
    found = read(files, tmp_path)
    (problem,) = found.problems
    assert found.lost is None
    assert not found.components
    assert problem.code == "engine-failed"
    assert problem.place.path == "app/kustomization.yaml"
    assert "no matches for Id Secret.v1.[noGrp]/gone" in problem.reason
    assert "canary" not in problem.reason
    assert str(tmp_path) not in problem.reason
    assert "\n" not in problem.reason


def test_a_failure_is_masked_and_keeps_its_fix() -> None:
    reader, unit = KustomizeReader(), Unit("production")
    tree = PlainTree({"app/kustomization.yaml": "resources: []\n"})
    plan = reader.plan(unit, "app", tree)
    failed = Rendered(code="engine-failed", failure="bad value\npassword=hunter2", fix="mend it")
    files = [SourceFile(file.path, tree.data[file.path]) for file in plan.files]
    found = reader.read_tree(unit, "app", plan, files, failed, mask)
    (problem,) = found.problems
    assert (problem.code, problem.fix) == ("engine-failed", "mend it")
    assert "hunter2" not in problem.reason


def test_what_was_rendered_but_is_no_object_costs_itself_alone() -> None:
    reader, unit = KustomizeReader(), Unit("production")
    tree = PlainTree({"app/kustomization.yaml": "resources: []\n"})
    plan = reader.plan(unit, "app", tree)
    output = f"{DEPLOYMENT}---\nkind: Job\napiVersion: batch/v1\nmetadata: {{generateName: x}}\n---\n[broken\n"
    found = reader.read_tree(unit, "app", plan, [], Rendered(output.encode()), mask)
    assert [one.id for one in found.components] == ["web"]
    assert {problem.code for problem in found.problems} == {"kubernetes-name", "yaml-syntax"}
    assert {problem.place.path for problem in found.problems} == {"app/kustomization.yaml"}
    assert found.lost is None


def test_a_plan_that_must_not_be_rendered_is_read_as_its_problems() -> None:
    reader, unit = KustomizeReader(), Unit("production")
    plan = reader.plan(unit, "app", PlainTree({"app/kustomization.yaml": "resources: [/etc]\n"}))
    found = reader.read_tree(unit, "app", plan, [], None, mask)
    assert found.problems == plan.problems
    assert found.lost is None


def test_a_folder_that_is_no_kustomization_any_more() -> None:
    plan = KustomizeReader().plan(Unit("production"), "gone", PlainTree({"README.md": ""}))
    assert plan.job is None
    assert [problem.code for problem in plan.problems] == ["kustomize-missing"]


def test_two_missing_files_one_inside_the_other_can_not_both_be_stood_in_for() -> None:
    tree = PlainTree({"app/kustomization.yaml": "configMapGenerator: [{name: a, files: [x, x/y]}]\n"})
    plan = KustomizeReader().plan(Unit("production"), "app", tree)
    assert plan.job is None


def test_without_its_tree_a_kustomization_is_not_rendered() -> None:
    found = KustomizeReader().read(Unit("production"), [SourceFile("app/kustomization.yaml", b"")], mask)
    assert [problem.code for problem in found.problems] == ["not-rendered"]
