"""Which files a kustomization takes, and which kustomizations are never given to the engine."""

import pytest
from support.plain_tree import PlainTree

from generator.readers.kustomize.reader import KustomizeReader
from generator.readers.reader import Plan, TreeReader, Unit
from generator.rendering.kustomize import ABOVE

HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"


def plan(files: dict[str, str], root: str = "app", odd: dict[str, str] | None = None) -> Plan:
    reader: TreeReader = KustomizeReader()
    return reader.plan(Unit("production"), root, PlainTree(files, odd))


def paths(planned: Plan) -> list[str]:
    assert not planned.problems
    assert planned.job is not None
    return [file.path for file in planned.job.files]


def codes(planned: Plan) -> set[str]:
    assert planned.job is None
    return {problem.code for problem in planned.problems}


@pytest.mark.parametrize(
    ("path", "root"),
    [("a/b/kustomization.yaml", "a/b"), ("kustomization.yml", ""), ("x/Kustomization", "x"), ("x/deploy.yaml", None)],
)
def test_which_files_make_a_root(path: str, root: str | None) -> None:
    assert KustomizeReader().root(path) == root


EVERYTHING = """
resources: [deployment.yaml, ../base]
components: [../parts/logging]
patches: [{path: one.yaml}, {patch: '[]', target: {kind: Pod}}]
patchesStrategicMerge: [two.yaml, "{apiVersion: v1, kind: Pod, metadata: {name: x}}"]
patchesJson6902: [{path: three.json, target: {kind: Pod, name: x, version: v1}}]
configMapGenerator: [{name: a, files: [plain.txt, renamed=other.txt], envs: [a.env], env: b.env}]
secretGenerator: [{name: b, files: [key.pem]}]
replacements: [{path: replace.yaml}, {source: {kind: Pod}, targets: []}]
transformers:
- labels.yaml
- |
  apiVersion: builtin
  kind: PatchTransformer
  metadata: {name: inline}
  path: four.yaml
generators: [made]
configurations: [names.yaml]
crds: [crd.json]
openapi: {path: schema.json}
"""


def test_everything_that_the_engine_would_read() -> None:
    ours = ["deployment.yaml", "one.yaml", "two.yaml", "three.json", "plain.txt", "other.txt", "a.env", "b.env"]
    ours += ["key.pem", "replace.yaml", "four.yaml", "names.yaml", "crd.json", "schema.json", "numbers.txt"]
    named = [f"app/{name}" for name in ours] + ["base/service.yaml"]
    files = dict.fromkeys(named, "x: y\n") | {
        "app/kustomization.yaml": HEAD + EVERYTHING,
        "base/kustomization.yml": "resources: [service.yaml]\n",
        "parts/logging/Kustomization": "kind: Component\n",
        "app/labels.yaml": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\n",
        "app/made/kustomization.yaml": "resources: [generator.yaml]\n",
        # Its path starts from the kustomization that wants the generator, not from the folder that lists it.
        "app/made/generator.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: n}\n"
        "files: [numbers.txt]\n",
    }
    unrelated = {"app/README.md": "not read\n", "base/unused.yaml": CONFIG}
    assert paths(plan(files | unrelated)) == sorted(files)


def test_the_same_folder_taken_twice_and_in_a_circle_is_followed_once() -> None:
    files = {
        "app/kustomization.yaml": "resources: [../a, ../b]\n",
        "a/kustomization.yaml": "resources: [../b, ../app]\n",
        "b/kustomization.yaml": "resources: [../a]\n",
    }
    assert paths(plan(files)) == sorted(files)


def test_every_look_goes_through_the_tree() -> None:
    tree = PlainTree({"app/kustomization.yaml": "resources: [gone.yaml]\n"})
    KustomizeReader().plan(Unit("production"), "app", tree)
    looked = {"app/kustomization.yaml", "app/kustomization.yml", "app/gone.yaml", "app/gone.enc.yaml", ".gitignore"}
    assert looked <= tree.looked


def test_a_file_above_the_kustomization_lifts_the_guard_and_nothing_else_does() -> None:
    above = {"app/kustomization.yaml": "resources: [../shared.yaml]\n", "shared.yaml": CONFIG}
    below = {"app/kustomization.yaml": "resources: [in/shared.yaml, ../base]\n", "app/in/shared.yaml": CONFIG}
    below["base/kustomization.yaml"] = "resources: []\n"
    for files, arguments in ((above, (ABOVE,)), (below, ())):
        job = plan(files).job
        assert job is not None
        assert job.arguments == arguments


OUT = [
    "resources: [/etc/passwd]",
    "resources: [../../etc]",
    "resources: [../../outside/app/../../etc]",
    "resources: [a/../../../secret.yaml]",
    "bases: [../..]",
    "components: [/srv/component]",
    "patches: [{path: /etc/shadow}]",
    "patches: [../../x.yaml]",
    "patchesStrategicMerge: [../../x.yaml]",
    "patchesJson6902: [{path: ../../x.json}]",
    "configMapGenerator: [{name: a, files: [/etc/passwd]}]",
    "configMapGenerator: [{name: a, files: [key=../../../etc/passwd]}]",
    "configMapGenerator: [{name: a, envs: [/proc/self/environ]}]",
    "configMapGenerator: [{name: a, env: /proc/self/environ}]",
    "secretGenerator: [{name: a, files: [../../.ssh/id_rsa]}]",
    "replacements: [{path: ../../x.yaml}]",
    "configurations: [/etc/x.yaml]",
    "crds: [../../x.json]",
    "openapi: {path: /etc/x.json}",
    "generators: [/etc/x.yaml]",
    "transformers: [../../x]",
    "validators: [/x.yaml]",
    "transformers: ['{apiVersion: builtin, kind: PatchTransformer, metadata: {name: a}, path: /etc/passwd}']",
    "generators: ['{apiVersion: builtin, kind: SecretGenerator, metadata: {name: a}, files: [../../x]}']",
    # No object, so the engine takes the text for a path.
    "patchesStrategicMerge: ['{a: /../../../../../etc/x.yaml}']",
    'generators: ["a: b\\n/../../../../etc/x.yaml"]',
]


@pytest.mark.parametrize("line", OUT)
def test_a_path_out_of_the_repository_is_never_rendered(line: str) -> None:
    assert "outside" in codes(plan({"app/kustomization.yaml": HEAD + line + "\n"}))


def test_a_path_out_of_the_repository_deep_in_the_closure() -> None:
    files = {
        "app/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "generators: [g]\n",
        "base/g/kustomization.yaml": "resources: [deep]\n",
        "base/g/deep/kustomization.yaml": "resources: [one.yaml]\n",
        # From its own folder this stays inside; the engine starts from `base`.
        "base/g/deep/one.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: n}\n"
        "files: [../../x.txt]\n",
        "base/x.txt": "x\n",
    }
    planned = plan(files)
    assert codes(planned) == {"outside"}
    assert planned.problems[0].place.path == "base/g/deep/one.yaml"
    assert planned.problems[0].place.line == 4


DOUBTFUL = [
    "Resources: [/etc/x]",
    "configMapGenerator: [{name: a, Files: [/etc/passwd]}]",
    "configmapgenerator: [{name: a}]",
    "resources: [!!binary L2V0Yy9wYXNzd2Q=]",
    "x: &a {resources: [/etc/x]}\n<<: *a",
    "configMapGenerator:\n- {name: a, <<: {files: [/etc/passwd]}}",
    "---\nresources: [/etc/x]",
    "resources: /etc/x",
    "resources: [{path: /etc/x}]",
    "openapi: /etc/x",
    "patches: {path: /etc/x}",
    'generators: ["a.yaml\\n"]',
    'resources: ["a\\0b"]',
    "configMapGenerator: [{name: a, files: [a=b=/etc/passwd]}]",
    "patchesStrategicMerge: ['{kind: Pod}']",
    "transformers: ['{apiVersion: builtin, kind: PatchTransformer, metadata: {name: a}, Path: /etc/passwd}']",
]


@pytest.mark.parametrize("line", DOUBTFUL)
def test_what_another_parser_might_read_in_another_way_is_never_rendered(line: str) -> None:
    assert codes(plan({"app/kustomization.yaml": HEAD + line + "\n"})) & {"kustomize-shape", "outside"}


def test_a_kustomization_in_utf_16_is_never_rendered() -> None:
    tree = PlainTree({"app/kustomization.yaml": "resources: []\n".encode("utf-16")})
    assert codes(KustomizeReader().plan(Unit("production"), "app", tree)) == {"kustomize-shape"}


FUNCTION = "{apiVersion: builtin, kind: LabelTransformer, metadata: {name: x, annotations: "
FUNCTION += '{config.kubernetes.io/function: "exec: {path: /bin/ls}"}}}'
ELSEWHERE = [
    "resources: ['https://example.org/deploy.yaml']",
    "resources: ['HTTP://127.0.0.1:8080/deploy.yaml']",
    "resources: ['github.com/example/project//deploy?ref=v1']",
    "resources: ['git@github.com:example/project.git']",
    "resources: ['git::https://example.org/x.git']",
    "bases: ['ssh://git@example.org/x.git?ref=main']",
    "resources: ['file:///srv/x.git']",
    "components: ['gh:example/x']",
    "configMapGenerator: [{name: a, files: ['k=http://169.254.169.254/latest']}]",
    "patches: [{path: 'https://example.org/p.yaml'}]",
    "openapi: {path: 'https://example.org/s.json'}",
    "crds: ['http:localhost/crd.json']",
    "helmCharts: [{name: x}]",
    "helmChartInflationGenerator: [{chartName: x}]",
    "generators: ['{apiVersion: builtin, kind: HelmChartInflationGenerator, metadata: {name: x}}']",
    "generators: ['{apiVersion: viaduct.ai/v1, kind: ksops, metadata: {name: x}}']",
    f"transformers: ['{FUNCTION}']",
]


@pytest.mark.parametrize("line", ELSEWHERE)
def test_what_would_be_fetched_or_run_is_not_rendered_and_says_why(line: str) -> None:
    planned = plan({"app/kustomization.yaml": HEAD + line + "\n"})
    assert codes(planned) == {"not-rendered"}
    assert planned.problems[0].place.line == 3
    assert planned.problems[0].reason


def test_a_folder_that_is_named_like_a_repository_elsewhere_is_not_taken_for_it() -> None:
    files = {
        "app/kustomization.yaml": "resources: [github.com/example/project]\n",
        "app/github.com/example/project/kustomization.yaml": "resources: []\n",
    }
    assert codes(plan(files)) == {"not-rendered"}


def test_plugin_configs_that_the_engine_changes_before_it_obeys_them_are_not_rendered() -> None:
    files = {
        "app/kustomization.yaml": "generators: [g]\n",
        "app/g/kustomization.yaml": "resources: [one.yaml]\npatches: [{patch: '[]', target: {kind: X}}]\n",
        "app/g/one.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: n}\n",
    }
    assert codes(plan(files)) == {"not-rendered"}


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        ({"app/x.yaml": "120000"}, "symlink"),
        ({"base": "120000"}, "symlink"),
        ({"base/kustomization.yaml": "120000"}, "symlink"),
        ({"base": "160000"}, "not-rendered"),
    ],
)
def test_links_and_submodules_are_not_followed(odd: dict[str, str], code: str) -> None:
    files = {"app/kustomization.yaml": "resources: [x.yaml, ../base]\n"}
    files |= {"app/x.yaml": CONFIG} if "app/x.yaml" not in odd else {}
    files |= {"base/kustomization.yaml": "resources: []\n"} if not any(p.startswith("base") for p in odd) else {}
    assert code in codes(plan(files, odd=odd))


def test_a_broken_kustomization_says_where() -> None:
    planned = plan({"app/kustomization.yaml": "resources:\n- a\n - b: ]\n"})
    assert codes(planned) == {"yaml-syntax"}
    assert planned.problems[0].place.path == "app/kustomization.yaml"


def test_plans_do_not_depend_on_what_was_planned_before() -> None:
    reader = KustomizeReader()
    first = {"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": CONFIG}
    second = {"app/kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "app/a.yaml": CONFIG, "app/b.yaml": CONFIG}
    for files in (first, second, first):
        assert reader.plan(Unit("production"), "app", PlainTree(files)) == plan(files)


SOPS = "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\nfiles: [/etc/passwd]\nresources: [/etc]\nsops: {{}}\n"


@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: [x.yaml]\ngenerators: [x.yaml]\n",
        "generators: [x.yaml]\nresources: [x.yaml]\n",
        "generators: [x.yaml]\n",
        "transformers: [x.yaml]\npatches: [{path: x.yaml}]\n",
    ],
)
def test_what_stands_in_for_a_file_is_never_obeyed_as_a_plugin(kustomization: str) -> None:
    """An encrypted form is content of the repository: as a plugin's config it could name any file."""
    form = SOPS.format(api="builtin", kind="ConfigMapGenerator")
    planned = plan({"app/kustomization.yaml": kustomization, "app/x.enc.yaml": form})
    stubs = planned.job.stubs if planned.job else ()
    assert not any("passwd" in stub.content for stub in stubs)
    assert planned.problems or stubs


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_what_stands_in_for_a_file_is_never_obeyed_as_a_kustomization(name: str) -> None:
    ending = name.partition(".")[2]
    files = {
        "app/kustomization.yaml": f"resources: [../base/{name}, ../base]\n",
        "base/README.md": "",
        f"base/kustomization.enc.{ending}" if ending else f"base/{name}.enc": SOPS.format(api="v1", kind="Pod"),
    }
    planned = plan(files)
    assert not any("/etc" in stub.content for stub in (planned.job.stubs if planned.job else ()))


def test_a_file_that_is_obeyed_is_not_also_stood_in_for() -> None:
    files = {"app/kustomization.yaml": "resources: [../base, ../base/kustomization.yaml]\n"}
    files["base/kustomization.yaml"] = 'commonAnnotations: {\n"kind": "ENC[",\n"sops": "x"}\n'
    assert codes(plan(files)) == {"kustomize-missing"}
