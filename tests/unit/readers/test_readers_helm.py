import importlib.util

import pytest
from support.compose_tree import MemoryTree, by_id, mask, render, values

from generator.errors import Place
from generator.model.component import Aspect, Component, Role
from generator.readers.helm.charts import Chart
from generator.readers.helm.reader import HelmReader, release_name
from generator.readers.reader import Plan, Reading, SourceFile, TreeReader, Unit
from generator.rendering.helm import HelmEngine
from generator.rendering.helm_charts import Call, call_of
from generator.rendering.jobs import Rendered

Files = dict[str, str | bytes]
CHART = "apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: '2.10'\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: shop/web:1}]}}}
"""


def chart_files(**more: str | bytes) -> Files:
    return {"charts/shop/Chart.yaml": CHART, "charts/shop/values.yaml": "image: {tag: '1'}\n", **more}


def stream(*pairs: tuple[str, str]) -> Rendered:
    return Rendered("".join(f"---\n# Source: {path}\n{text}\n" for path, text in pairs).encode())


def planned(files: Files, unit: Unit | None = None, root: str = "charts/shop") -> Plan:
    reader: TreeReader = HelmReader()
    return reader.plan(unit or Unit("", "web"), root, MemoryTree(files))


def read(
    files: Files, rendered: Rendered | None = None, unit: Unit | None = None, root: str = "charts/shop"
) -> Reading:
    unit, tree = unit or Unit("", "web"), MemoryTree(files)
    plan = HelmReader().plan(unit, root, tree)
    assert not plan.problems
    contents = [(file.path, tree.read(file.path)) for file in plan.files]
    given = [SourceFile(path, data) for path, data in contents if isinstance(data, bytes)]
    return HelmReader().read_tree(unit, root, plan, given, rendered, mask)


def artifacts(component: Component) -> dict[str, str]:
    return {field.name: field.value for field in component.fields if field.aspect is Aspect.ARTIFACT}


def call(plan: Plan) -> Call:
    assert plan.job is not None
    return call_of(plan.job.arguments)


def paths(plan: Plan) -> list[str]:
    return [file.path for file in plan.files]


# Which files a rendering takes.


def test_a_chart_begins_where_its_file_stands() -> None:
    reader = HelmReader()
    found = [reader.root(path) for path in ("Chart.yaml", "a/b/Chart.yaml", "a/MyChart.yaml", "a/values.yaml")]
    assert found == ["", "a/b", None, None]
    assert reader.accepts("a/Chart.yaml")
    assert not reader.accepts("a/values.yaml")
    assert reader.read(Unit("a"), [SourceFile("a/Chart.yaml", b"")], mask).notes[0].code == "not-rendered"


def test_all_of_the_chart_and_the_layers_that_are_there() -> None:
    files = chart_files(**{"charts/shop/conf/x.txt": "x", "env/prod.yaml": "a: 1", "other.yaml": "b: 1"})
    plan = planned(files, Unit("", "web", layers=("env/prod.yaml", "env/none.yaml")))
    assert paths(plan) == [
        "charts/shop/Chart.yaml",
        "charts/shop/conf/x.txt",
        "charts/shop/values.yaml",
        "env/prod.yaml",
    ]
    assert call(plan) == Call("web", ("env/prod.yaml",))
    assert plan.job is not None
    assert (plan.job.engine, plan.job.folder, plan.job.files) == ("helm", "charts/shop", plan.files)


@pytest.mark.parametrize("root", ["charts/shop", "charts/shop/Chart.yaml"])
def test_a_root_may_be_named_by_its_file(root: str) -> None:
    assert planned(chart_files(), root=root) == planned(chart_files())


def test_a_chart_at_the_top() -> None:
    files: Files = {"Chart.yaml": CHART, "templates/a.yaml": DEPLOYMENT}
    reading = read(files, stream(("shop/templates/a.yaml", DEPLOYMENT)), root="")
    assert [component.path for component in reading.components] == ["Chart.yaml", "templates/a.yaml"]


def depending(*dependencies: str, **more: str | bytes) -> Files:
    lines = "".join(f"- {{{dependency}}}\n" for dependency in dependencies)
    return chart_files(**{"charts/shop/Chart.yaml": f"{CHART}dependencies:\n{lines}", **more})


@pytest.mark.parametrize(
    "there",
    ["charts/redis-17.0.1.tgz", "charts/redis-v1.0.0.tgz", "charts/redis/Chart.yaml", "charts/cache/Chart.yaml"],
)
def test_a_vendored_dependency(there: str) -> None:
    files = depending("name: redis, version: 1.x, repository: 'https://charts.example'")
    plan = planned(files | {f"charts/shop/{there}": "name: redis\n"})
    assert not plan.notes
    assert f"charts/shop/{there}" in paths(plan)
    assert call(plan) == Call("web")


@pytest.mark.parametrize("there", ["charts/redis-cluster-17.0.1.tgz", "charts/cache/Chart.yaml", "redis-1.0.0.tgz"])
def test_a_dependency_that_is_not_vendored_is_named(there: str) -> None:
    files = depending(
        "name: redis, version: 1.x, repository: 'https://user:hunter2@charts.example'",
        **{f"charts/shop/{there}": "name: other\n", "env/prod.yaml": "a: 1"},
    )
    plan = planned(files, Unit("", "web", layers=("env/prod.yaml",)))
    assert plan.job is None
    assert not plan.problems
    (note,) = plan.notes
    assert note.code == "not-rendered"
    assert "redis 1.x, which is not in its charts folder" in note.reason
    assert note.place == Place("charts/shop/Chart.yaml", 6)
    assert "helm dependency update" in note.fix
    assert "hunter2" not in str(plan)
    assert paths(plan) == ["charts/shop/Chart.yaml", "charts/shop/values.yaml", "env/prod.yaml"]


def test_requirements_of_a_chart_of_old() -> None:
    files = chart_files(**{"charts/shop/requirements.yaml": "dependencies:\n- {name: redis, version: 1.0.0}\n"})
    assert planned(files).notes[0].place == Place("charts/shop/requirements.yaml", 2)
    (release,) = read(files).components
    assert artifacts(release)["dependencies[redis]"] == "1.0.0"


def test_the_lock_file_tells_the_exact_version() -> None:
    files = depending("name: redis, version: 1.x")
    files["charts/shop/Chart.lock"] = "dependencies: [{name: redis, version: 1.4.2}]\n"
    (release,) = read(files).components
    assert artifacts(release)["dependencies[redis]"] == "1.4.2"


def test_a_dependency_in_the_repository_is_taken_from_there() -> None:
    files = depending("name: other, version: 1.x, repository: 'file://../other'")
    files["charts/other/Chart.yaml"] = "name: other\ndependencies: [{name: third, repository: 'file://../../third'}]\n"
    files["charts/other/templates/a.yaml"] = ""
    files["third/Chart.yaml"] = "name: third\n"
    plan = planned(files)
    assert call(plan).places == (("charts/other", "charts/other"), ("third", "charts/other/charts/third"))
    assert {"charts/other/templates/a.yaml", "third/Chart.yaml"} <= set(paths(plan))


@pytest.mark.parametrize(
    ("repository", "why"),
    [
        ("file://../../../etc", "outside of the repository"),
        ("file:///etc/chart", "outside of the repository"),
        ("file://../none", "there is no chart in charts/none"),
        ("file://.", "in a circle"),
    ],
)
def test_a_local_dependency_that_is_not_there(repository: str, why: str) -> None:
    plan = planned(depending(f"name: other, version: 1.0.0, repository: '{repository}'"))
    assert plan.job is None
    assert why in plan.notes[0].reason


@pytest.mark.parametrize(
    ("dependency", "layer", "off"),
    [
        ("condition: redis.enabled", "redis: {enabled: false}", True),
        ("condition: redis.enabled", "redis: {enabled: no}", True),
        ("condition: redis.enabled", "redis: {enabled: true}", False),
        ("condition: redis.enabled", "redis: {enabled: 'false'}", False),
        ("condition: redis.enabled", "other: 1", False),
        ("condition: 'a.b, redis.enabled'", "redis: {enabled: false}", True),
        ("condition: 'a.b, redis.enabled'", "redis: {enabled: false}\na: {b: true}", False),
        ("tags: [cache]", "tags: {cache: false}", True),
        ("tags: [cache, all]", "tags: {cache: false, all: true}", False),
        ("tags: [cache], condition: redis.enabled", "tags: {cache: false}\nredis: {enabled: true}", False),
    ],
)
def test_a_dependency_that_the_values_switch_off_is_not_missed(
    dependency: str,
    layer: str,
    off: bool,  # noqa: FBT001 - a table's column
) -> None:
    files = depending(f"name: redis, version: 1.x, {dependency}", **{"env.yaml": layer})
    plan = planned(files, Unit("", "web", layers=("env.yaml",)))
    assert (plan.job is not None) is off
    assert not off or call(plan).absent == ("redis",)


def test_what_encrypted_values_may_switch_on_is_missed() -> None:
    files = depending("name: redis, version: 1.x, condition: redis.enabled", **{"e.yaml": b"\0GITCRYPT\0 abc"})
    files["charts/shop/values.yaml"] = "redis: {enabled: false}\n"
    assert planned(files, Unit("", "web", layers=("e.yaml",))).job is None


@pytest.mark.parametrize(
    ("path", "code"),
    [("charts/shop/templates", "symlink"), ("charts/shop/values.yaml", "symlink"), ("env.yaml", "symlink")],
)
def test_a_link_is_never_followed(path: str, code: str) -> None:
    plan = planned(chart_files(**{path: "-> /etc/passwd"}), Unit("", "web", layers=("env.yaml",)))
    assert [(problem.code, problem.place.path) for problem in plan.problems] == [(code, path)]
    assert plan.job is None


def test_a_vendored_dependency_that_is_a_link_is_not_there() -> None:
    plan = planned(depending("name: redis", **{"charts/shop/charts/redis": "-> ../../redis"}))
    assert "charts/shop/charts/redis is a symbolic link, which is not followed" in plan.notes[0].reason


@pytest.mark.parametrize(
    ("files", "code", "path"),
    [
        ({"charts/shop/Chart.yaml": "name: [\n"}, "yaml-syntax", "charts/shop/Chart.yaml"),
        ({"charts/shop/Chart.yaml": "version: 1.0.0\n"}, "chart", "charts/shop/Chart.yaml"),
        ({"env.yaml": "- a\n"}, "values-shape", "env.yaml"),
        ({"env.yaml": "a: [\n"}, "yaml-syntax", "env.yaml"),
        ({"charts/shop/requirements.yaml": "a: [\n"}, "yaml-syntax", "charts/shop/requirements.yaml"),
    ],
)
def test_what_can_not_be_read_is_told_once(files: Files, code: str, path: str) -> None:
    plan = planned(chart_files() | files, Unit("", "web", layers=("env.yaml",)))
    assert [(problem.code, problem.place.path) for problem in plan.problems] == [(code, path)]


def test_values_that_are_templates_keep_a_chart_from_being_rendered() -> None:
    unit = Unit("", "web", layers=("env.yaml.gotmpl",))
    files = chart_files(**{"env.yaml.gotmpl": "a: {{ .x }}\n{{ end }}\n"})
    plan = planned(files, unit)
    assert plan.job is None
    assert [note.code for note in plan.notes] == ["template"]
    assert artifacts(read(files, None, unit).components[0])["image.tag"] == "1"


def test_of_a_key_that_stands_twice_helm_takes_the_last() -> None:
    unit = Unit("", "web", layers=("env.yaml",))
    plan = planned(chart_files(**{"env.yaml": "a: 1\na: 2\n"}), unit)
    assert call(plan).layers == ("env.yaml",)
    assert [(note.code, note.place.line) for note in plan.notes] == [("yaml-duplicate-key", 2)]


def test_a_library_chart_is_no_component() -> None:
    files = chart_files(**{"charts/shop/Chart.yaml": f"{CHART}type: library\n"})
    assert [note.code for note in planned(files).notes] == ["not-rendered"]
    assert read(files) == Reading()


@pytest.mark.parametrize(
    ("component", "name"),
    [("web", "web"), ("", "shop"), ("eu1/web", "web"), ("My_App", "my-app"), ("x" * 60, "x" * 53), ("__", "release")],
)
def test_the_name_of_a_release(component: str, name: str) -> None:
    chart = Chart("shop", "1", "", library=False, dependencies=(), locked={}, lines={})
    assert release_name(Unit("", component), chart) == name


# What was rendered.


def test_a_release_and_its_objects() -> None:
    files = chart_files(**{"charts/shop/templates/web.yaml": "", "charts/shop/charts/redis/templates/r.yaml": ""})
    rendered = stream(
        ("shop/templates/web.yaml", DEPLOYMENT),
        ("shop/charts/redis/templates/r.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: redis}"),
        ("crds/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: elsewhere}"),
    )
    reading = read(files, rendered)
    assert (reading.problems, reading.notes, reading.lost) == ((), (), ())
    found = by_id(reading)
    assert list(found) == ["helm/web", "web", "ConfigMap/redis", "ConfigMap/elsewhere"]
    release = found["helm/web"]
    assert (release.role, release.kind, release.path) == (Role.COMPONENT, "HelmRelease", "charts/shop/Chart.yaml")
    assert values(release) == {"appVersion": "2.10", "chart": "shop 1.2.3"}
    assert [field.line for field in release.fields] == [4, 3]
    assert values(found["web"])["web.image"] == "shop/web:1"
    assert [(c.path.removeprefix("charts/shop/"), c.line) for c in reading.components[1:]] == [
        ("templates/web.yaml", 0),
        ("charts/redis/templates/r.yaml", 0),
        ("Chart.yaml", 0),
    ]
    assert not any(field.line for component in reading.components[1:] for field in component.fields)


def test_tests_of_a_chart_are_left_out_and_other_hooks_stay() -> None:
    hooks = {"a": "test", "b": "test-success", "c": "post-install", "d": "test,pre-install"}
    pairs = [
        (
            f"shop/templates/{n}",
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {n}, annotations: {{helm.sh/hook: '{h}'}}}}",
        )
        for n, h in hooks.items()
    ]
    assert list(by_id(read(chart_files(), stream(*pairs)))) == ["helm/web", "c", "d"]


def test_a_chart_that_renders_to_nothing_is_still_a_release() -> None:
    assert [component.id for component in read(chart_files(), Rendered(b"\n")).components] == ["helm/web"]


def test_an_object_that_can_not_be_read_costs_its_template_alone() -> None:
    rendered = stream(("shop/templates/a.yaml", "a: [\nb"), ("shop/templates/b.yaml", DEPLOYMENT))
    reading = read(chart_files(**{"charts/shop/templates/a.yaml": ""}), rendered)
    assert list(by_id(reading)) == ["helm/web", "web"]
    (problem,) = reading.problems
    assert (problem.code, problem.place) == ("yaml-syntax", Place("charts/shop/templates/a.yaml"))
    assert "of what it rendered to" in problem.reason
    assert reading.lost is None


def test_secrets_that_are_rendered_are_masked() -> None:
    held = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: hunter2}"
    assert "hunter2" not in str(read(chart_files(), stream(("shop/templates/s.yaml", held))))


def test_what_differs_at_each_rendering_is_a_note() -> None:
    rendered = Rendered(
        stream(("shop/templates/a.yaml", DEPLOYMENT)).output, notes=("1 value differs: Secret/s data.p",)
    )
    (note,) = read(chart_files(), rendered).notes
    assert (note.code, note.reason) == ("unstable", "1 value differs: Secret/s data.p")


def test_encrypted_values_are_a_fingerprint_of_the_release() -> None:
    unit = Unit("", "web", layers=("no.yaml", "secret.yaml"))
    files = chart_files(**{"secret.yaml": b"\0GITCRYPT\0 one"})
    plan = planned(files, unit)
    assert call(plan).layers == ()
    assert [(note.code, note.place.path) for note in plan.notes] == [("encrypted", "secret.yaml")]
    rendered = stream(("shop/templates/a.yaml", DEPLOYMENT))
    before = values(read(files, rendered, unit).components[0])
    after = values(read(files | {"secret.yaml": b"\0GITCRYPT\0 two"}, rendered, unit).components[0])
    assert before.keys() == after.keys() == {"appVersion", "chart", "encrypted.values[2]"}
    assert before != after


# What was not rendered.


@pytest.mark.parametrize("code", ["engine-failed", "engine-timeout", "engine-output"])
def test_a_failed_rendering_costs_the_version(code: str) -> None:
    failure = "at shop/templates/a.yaml:1 in charts/shop/templates/a.yaml with password=hunter2\nmore"
    reading = read(chart_files(), Rendered(code=code, failure=failure, fix="mend it"))
    assert not reading.components
    (problem,) = reading.problems
    assert (problem.code, problem.fix) == (code, "mend it")
    assert problem.reason.startswith(
        "at charts/shop/templates/a.yaml:1 in charts/shop/templates/a.yaml with password=secret:"
    )
    assert "hunter2" not in problem.reason
    assert "\n" not in problem.reason
    assert reading.lost is None


@pytest.mark.parametrize("code", ["engine-missing", "not-rendered"])
def test_without_a_rendering_the_values_are_read(code: str) -> None:
    files = chart_files(
        **{
            "charts/shop/values.yaml": "image: {repository: shop/web, tag: '1.9'}\nlist: [1, 2]\nurl: http://api:80\n"
            "gone: 1\nreplicaCount: 1\npassword: hunter1\n",
            "prod.yaml": "image: {tag: '1.10'}\nlist: [3]\ngone: null\nreplicaCount: 3\npassword: hunter2\n",
        }
    )
    reading = read(
        files, Rendered(code=code, failure="no engine", fix="get one"), Unit("", "web", layers=("prod.yaml",))
    )
    (release,) = reading.components
    assert (release.id, release.kind, release.path) == ("helm/web", "HelmRelease", "charts/shop/Chart.yaml")
    shown = {(field.aspect.value, field.name): field.value for field in release.fields}
    assert shown == {
        ("artifact", "appVersion"): "2.10",
        ("artifact", "chart"): "shop 1.2.3",
        ("artifact", "image.repository"): "shop/web",
        ("artifact", "image.tag"): "1.10",
        ("config", "list[0]"): "3",
        ("config", "url"): "http://api:80",
        ("scale", "replicaCount"): "3",
        ("secret", "password"): mask("hunter2"),
    }
    assert [(reference.target, reference.port) for reference in release.references] == [("api", "80")]
    (note,) = reading.notes
    assert (note.code, note.fix, note.place.path) == ("not-rendered", "get one", "charts/shop/Chart.yaml")
    assert note.reason == "chart shop 1.2.3 is not rendered, so its values are read as they are: no engine"


def test_keys_of_the_artifact_are_those_that_are_named() -> None:
    files = chart_files(**{"charts/shop/values.yaml": "image: {tag: '1'}\nversion: '2'\n"})
    unit = Unit("", "web", artifact=("version",))
    (release,) = read(files, Rendered(code="engine-missing"), unit).components
    assert artifacts(release) == {"appVersion": "2.10", "chart": "shop 1.2.3", "version": "2"}


def test_a_failure_that_encrypted_values_may_explain_costs_nothing() -> None:
    unit = Unit("", "web", layers=("secret.yaml",))
    rendered = Rendered(code="engine-failed", failure="a value is required")
    reading = read(chart_files(**{"secret.yaml": b"\0GITCRYPT\0 one"}), rendered, unit)
    assert [component.id for component in reading.components] == ["helm/web"]
    assert [note.code for note in reading.notes] == ["not-rendered"]


def test_broken_values_of_the_chart_cost_the_version() -> None:
    files = chart_files(**{"charts/shop/values.yaml": "a: [\n"})
    reading = read(files, Rendered(code="engine-missing"))
    assert not reading.components
    assert [problem.place.path for problem in reading.problems] == ["charts/shop/values.yaml"]


@pytest.mark.skipif(
    importlib.util.find_spec("helm_python") is None, reason="the extra `helm` (helm-python-sdk) is not installed"
)
def test_a_chart_from_its_files_to_its_components() -> None:
    files = depending("name: other, version: 1.x, repository: 'file://../../lib/other'")
    files |= {
        "charts/shop/templates/web.yaml": DEPLOYMENT.replace("shop/web:1", "shop/web:{{ .Values.image.tag }}"),
        "charts/shop/templates/_names.tpl": '{{ define "name" }}x{{ end }}',
        "lib/other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
        "lib/other/templates/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}-c'}\n",
        "prod.yaml": "image: {tag: '1.10'}\n",
    }
    unit, tree = Unit("", "web", layers=("prod.yaml",)), MemoryTree(files)
    plan = planned(files, unit)
    assert plan.job is not None
    reading = read(files, render(HelmEngine(), plan.job, tree), unit)
    found = by_id(reading)
    assert list(found) == ["helm/web", "ConfigMap/web-c", "web"]
    assert values(found["web"])["web.image"] == "shop/web:1.10"
    assert found["web"].path == "charts/shop/templates/web.yaml"
