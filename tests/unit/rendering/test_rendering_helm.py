import importlib.util
import io
import json
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.rendering.helm import HelmEngine
from generator.rendering.helm_charts import TIMES, Call, arguments, call_of, lay_out, stopped
from generator.rendering.helm_output import MARK, Settled, describe, parts, settle
from generator.rendering.jobs import Job, Rendered

needs_package = pytest.mark.skipif(
    importlib.util.find_spec("helm_python") is None, reason="the extra `helm` (helm-python-sdk) is not installed"
)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\n"


def stream(*texts: str) -> str:
    return "".join(f"---\n# Source: shop/templates/{number}.yaml\n{text}\n" for number, text in enumerate(texts))


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def chart(name: str = "shop", **templates: str) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {f"{name}/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.2.3\n"}
    return files | {f"{name}/templates/{key}.yaml": text for key, text in templates.items()}


def packed(files: dict[str, str | bytes]) -> bytes:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        for path, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return kept.getvalue()


def job(call: Call | None = None, folder: str = "shop") -> Job:
    return Job("helm", folder, (), arguments=arguments(call or Call("shop")))


def fake(folder: Path, body: str, version: str = "v4.1.0") -> str:
    path = folder / "helm"
    path.write_text(
        f"#!{sys.executable} -IS\nimport json, os, subprocess, sys, time\n"
        f"if sys.argv[1] == 'version':\n    print({version!r})\n    sys.exit()\n{body}\n"
    )
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def rendered(tmp_path: Path) -> Callable[[str], Rendered]:
    """Return a function that renders a chart with an engine that does what its text says."""

    def render(body: str) -> Rendered:
        export = write(tmp_path / "export", chart(one=OBJECT))
        return HelmEngine(fake(tmp_path, body), seconds=1).render(job(), export, {})

    return render


# What differs between renderings.


def test_what_is_equal_stays_as_it_is() -> None:
    assert settle(["any: [text"] * 2) == Settled("any: [text")


@pytest.mark.parametrize("text", ["", "\n", "no part"])
def test_what_has_no_parts(text: str) -> None:
    assert parts(text) == []
    assert settle([text, text]) == Settled(text)


def test_parts_are_told_by_their_template() -> None:
    assert parts(stream("a: 1", "---\nb: 2")) == [
        ("shop/templates/0.yaml", "a: 1\n"),
        ("shop/templates/1.yaml", "---\nb: 2\n"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "left", "named"),
    [
        ("data: {a: x1, b: y}", "data: {a: x2, b: y}", f'data: {{a: "{MARK}", b: y}}', "data.a"),
        ("list:\n- 1\n- k: 2\n", "list:\n- 1\n- k: 3\n", f'list:\n- 1\n- k: "{MARK}"\n', "list[1].k"),
        ("a: |\n  x\nb: 1", "a: |\n  y\nb: 1", f'a: "{MARK}\\U0000000a"\nb: 1', "a"),
        ("a: >-\n  x\n  z\nb: 1", "a: >-\n  y\n  z\nb: 1", f'a: "{MARK}"\nb: 1', "a"),
        (
            "a: |\n  k = 1\n  p = x\n  q = 2\nb: 1",
            "a: |\n  k = 1\n  p = y\n  p = z\n  q = 2\nb: 1",
            f'a: "k = 1\\U0000000a{MARK}\\U0000000aq = 2\\U0000000a"\nb: 1',
            "a",
        ),
        ('é: "ü\\"x"', "é: 'ü\"y'", f'é: "{MARK}"', "é"),
    ],
)
def test_a_value_that_differs_gives_way_to_a_mark(first: str, second: str, left: str, named: str) -> None:
    texts = [stream(OBJECT + text, "same: 1") for text in (first, second)]
    assert settle(texts) == Settled(stream(OBJECT + left, "same: 1"), (f"ConfigMap/shop {named}",))
    assert settle(texts[::-1]).text == settle(texts).text


def test_nothing_of_a_value_that_differs_is_left() -> None:
    texts = [stream(f"{OBJECT}data: {{p: {secret}}}") for secret in ("hunter2", "hunter3", "hunter2")]
    assert "hunter" not in settle(texts).text + "".join(settle(texts).differing)


def test_a_name_that_differs_is_marked_too() -> None:
    texts = [stream(f"kind: Job\nmetadata: {{name: migrate-{text}}}") for text in ("a", "b")]
    left = stream(f'kind: Job\nmetadata: {{name: "{MARK}"}}')
    assert settle(texts) == Settled(left, (f"Job/{MARK} metadata.name",))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a: {b: 1}", "a: {c: 1}"),
        ("a: [1]", "a: [1, 2]"),
        ("a: 1", "a: {}"),
        ("a: 1", "a: ["),
        ("a: &x 1\nb: *x", "a: &x 2\nb: *x"),
        ("a: 1\n---\nb: 1", "a: 1"),
        ("[" * 3000 + "1" + "]" * 3000, "[" * 3000 + "2" + "]" * 3000),
    ],
)
def test_renderings_that_differ_in_shape_are_none(first: str, second: str) -> None:
    assert settle([stream("s: 1", first), stream("s: 1", second)]) == Settled("", unlike="shop/templates/1.yaml")


def test_objects_that_come_and_go_are_a_difference_in_shape() -> None:
    assert settle([stream("a: 1"), stream("a: 1", "b: 1")]).unlike == "the set of objects"


def test_the_note_names_what_differs_up_to_a_limit() -> None:
    assert describe(("Secret/a data.x",)).startswith("1 value differs at each rendering")
    assert describe(tuple(f"S/a d.{n}" for n in range(30))).endswith("S/a d.19 and 10 more")


# What is laid out.


def test_arguments_come_back_as_they_went() -> None:
    call = Call("r", ("a=b.yaml", "place"), (("other", "charts/other"), ("", "charts/top")), ("redis",))
    assert call_of(arguments(call)) == call


@pytest.mark.parametrize(
    ("template", "changed"),
    [
        ('a: {{ now | date "2006" }}', True),
        ('a: {{ date "2006" now }}', True),
        ("a: {{- (now).Unix -}}", True),
        ('a: "{{ now | date \\"2006\\" }}"', True),
        ("a: {{ .now }} {{ $now }} {{ .Values.now }} now", False),
        ('a: {{ "now" }} {{ `now` }} {{/* now */}} {{ nowhere }}', False),
    ],
)
def test_the_clock_stands_still(template: str, changed: bool) -> None:  # noqa: FBT001 - a table's column
    text = stopped(template, TIMES[0])
    assert (text != template) is changed
    assert (TIMES[0] in text) is changed


def test_a_chart_without_chance_is_laid_out_once(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one="a: {{ .Values.x }}") | {"b.yaml": "x: 2", "a,b.yaml": "x: 1"})
    (tmp_path / "work").mkdir()
    copies = lay_out(export, "shop", Call("r", ("b.yaml", "a,b.yaml")), tmp_path / "work", 6)
    assert len(copies) == 2
    assert len(set(copies)) == 1
    assert [path.read_text() for path in sorted((copies[0] / "values").iterdir())] == ["x: 2", "x: 1"]


def test_the_kubernetes_that_a_chart_asks_for_is_left_open(tmp_path: Path) -> None:
    files = chart(one="a: 1") | {"shop/Chart.yaml": "name: shop\nkubeVersion: '<1.20'\nversion: 1.0.0\n"}
    (tmp_path / "work").mkdir()
    (first, _) = lay_out(write(tmp_path / "export", files), "shop", Call("r"), tmp_path / "work", 6)
    assert (first / "chart/Chart.yaml").read_text() == "name: shop\nversion: 1.0.0\n"


def test_a_chart_with_chance_is_rendered_more_often(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one="a: {{ randAlphaNum 5 }}"))
    (tmp_path / "work").mkdir()
    assert len(lay_out(export, "shop", Call("r"), tmp_path / "work", 6)) == 6


def test_words_about_chance_are_none(tmp_path: Path) -> None:
    files = chart(one="a: {{ .Values.keys }}") | {"shop/README.md": "its values now: randAlpha"}
    (tmp_path / "work").mkdir()
    assert len(lay_out(write(tmp_path / "export", files), "shop", Call("r"), tmp_path / "work", 6)) == 2


def test_the_clock_differs_between_copies_also_in_packed_charts(tmp_path: Path) -> None:
    inner = packed(chart("redis", one="a: {{ now }}") | {"../out.yaml": "x", "/out.yaml": "x"})
    export = write(tmp_path / "export", chart(one="a: 1") | {"shop/charts/redis-1.2.3.tgz": inner})
    (tmp_path / "work").mkdir()
    first, second, *rest = lay_out(export, "shop", Call("r"), tmp_path / "work", 6)
    assert rest == [first, second] * 2
    templates = [(copy / "chart/charts/redis/templates/one.yaml").read_text() for copy in (first, second)]
    assert [time_ in text for time_, text in zip(TIMES, templates, strict=True)] == [True, True]
    assert not list(tmp_path.rglob("*.tgz"))[1:]
    assert not list(tmp_path.rglob("out.yaml"))


def test_an_archive_that_is_none_stays_for_the_engine_to_judge(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one="a: 1") | {"shop/charts/redis-1.2.3.tgz": b"no archive"})
    (tmp_path / "work").mkdir()
    (first, _) = lay_out(export, "shop", Call("r"), tmp_path / "work", 6)
    assert (first / "chart/charts/redis-1.2.3.tgz").exists()


def test_local_charts_go_to_their_place_and_absent_ones_are_empty(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one="a: 1") | chart("other", two="b: 1"))
    (tmp_path / "work").mkdir()
    call = Call("r", places=(("other", "charts/other"),), absent=("re: dis",))
    copies = lay_out(export, "shop", call, tmp_path / "work", 6)
    assert (copies[0] / "chart/charts/other/templates/two.yaml").read_text() == "b: 1"
    assert 'name: "re: dis"' in (copies[0] / "chart/charts/absent-0/Chart.yaml").read_text()


# The program itself, played by a script.


def test_the_version_is_that_of_the_program(tmp_path: Path) -> None:
    assert HelmEngine(fake(tmp_path, "")).version() == "helm v4.1.0"


@pytest.mark.parametrize("version", ["v2.16.1", "", "Client: v4.1.0", "v4"])
def test_another_program_is_not_taken(version: str, tmp_path: Path) -> None:
    engine = HelmEngine(fake(tmp_path, "", version))
    result = engine.render(job(), tmp_path, {})
    assert engine.version() == ""
    assert result.code == "engine-missing"
    assert "assay[helm]" in result.fix
    assert not result.output


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert HelmEngine(str(tmp_path / "none")).render(job(), tmp_path, {}).code == "engine-missing"


def test_without_program_and_package_there_is_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert HelmEngine().version() == ""


def test_the_program_on_the_path_comes_before_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert HelmEngine().version() == "helm v4.1.0"


def test_how_the_program_is_called(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one=OBJECT) | {"a.yaml": "x: 1", "env/b.yaml": "x: 2"})
    engine = HelmEngine(fake(tmp_path, "print('# ' + json.dumps([sys.argv[1:], sorted(os.listdir())]))"))
    result = engine.render(job(Call("shop", ("env/b.yaml", "a.yaml"))), export, {})
    words, inside = json.loads(result.output.removeprefix(b"# "))
    assert words[:3] == ["template", "shop", "./chart"]
    assert set(words[3:]) == {
        "--namespace=default",
        "--include-crds",
        "--values=values/000.yaml",
        "--values=values/001.yaml",
    }
    assert inside == ["chart", "values"]


def test_a_failure_names_paths_of_the_repository(tmp_path: Path) -> None:
    body = (
        "sys.stderr.write('Error: ' + os.getcwd() + '/chart/values.yaml and ./chart/x and values/000.yaml\\n"
        "in the chart(s)\\n\\nUse --debug flag to render out invalid YAML\\n'); sys.exit(1)"
    )
    export = write(tmp_path / "export", chart(one=OBJECT) | {"env/a.yaml": ""})
    result = HelmEngine(fake(tmp_path, body)).render(job(Call("shop", ("env/a.yaml",))), export, {})
    assert result.code == "engine-failed"
    assert result.failure == "shop/values.yaml and shop/x and env/a.yaml in the chart(s)"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("time.sleep(60)", "engine-timeout"),
        ("while True: os.write(1, b'x' * 100_000)", "engine-output"),
        ("sys.exit(1)", "engine-failed"),
        ("os.kill(os.getpid(), 9)", "engine-failed"),
    ],
)
def test_an_engine_that_fails(body: str, code: str, rendered: Callable[[str], Rendered]) -> None:
    result = rendered(body)
    assert (result.code, result.output) == (code, b"")
    assert result.failure


def test_an_engine_with_a_child_that_keeps_the_pipes(rendered: Callable[[str], Rendered]) -> None:
    started = time.monotonic()
    result = rendered("subprocess.Popen(['/bin/sleep', '20']); print('a: 1')")
    assert (result.code, result.output) == ("", b"a: 1\n")
    assert time.monotonic() - started < 10


def test_what_differs_is_told_and_masked(rendered: Callable[[str], Rendered]) -> None:
    result = rendered(f"print({stream(OBJECT)!r} + f'data: {{{{p: s{{os.getpid()}}}}}}')")
    assert result.output.decode() == f'{stream(OBJECT)}data: {{p: "{MARK}"}}\n'
    assert "ConfigMap/shop data.p" in result.notes[0]


def test_what_differs_in_shape_is_not_rendered(rendered: Callable[[str], Rendered]) -> None:
    result = rendered(f"print({stream(OBJECT)!r} + f'k{{os.getpid()}}: 1')")
    assert (result.code, result.output) == ("not-rendered", b"")
    assert "shop/templates/0.yaml" in result.failure


def test_files_that_do_not_fit_together_are_a_failure(tmp_path: Path) -> None:
    export = write(tmp_path / "export", chart(one=OBJECT) | {"shop/charts": "a file"} | chart("other"))
    result = HelmEngine(fake(tmp_path, "")).render(job(Call("r", places=(("other", "charts/other"),))), export, {})
    assert result.code == "engine-failed"
    assert str(tmp_path) not in result.failure


# The package of the extra, which takes a quarter of a second for a chart.


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> HelmEngine:
    monkeypatch.setenv("PATH", "")
    return HelmEngine()


@needs_package
def test_the_package_tells_both_versions_and_stays_out_of_this_process(package: HelmEngine) -> None:
    assert package.version().startswith("helm v4.")
    assert package.version().endswith(")")
    assert "(helm-python-sdk " in package.version()
    assert "helm_python" not in sys.modules


@needs_package
def test_values_are_merged_as_helm_merges_them(package: HelmEngine, tmp_path: Path) -> None:
    files = chart(one=OBJECT + "data: {v: {{ .Values | toJson | squote }}, n: {{ .Release.Name }}}")
    files["shop/values.yaml"] = "a: {b: 1, c: 2}\nlist: [1, 2]\ngone: 1\nv: '1.10'\n"
    files["one.yaml"] = "a: {c: 3}\nlist: [3]\nmore: {x: 1}\n"
    files["two.yaml"] = "gone: null\nmore: {z: 2}\n"
    result = package.render(job(Call("web", ("one.yaml", "two.yaml"))), write(tmp_path, files), {})
    assert (result.code, result.failure, result.notes) == ("", "", ())
    merged = '{"a":{"b":1,"c":3},"list":[3],"more":{"x":1,"z":2},"v":"1.10"}'
    assert f"data: {{v: '{merged}', n: web}}" in result.output.decode()


@needs_package
def test_a_real_chart_with_everything_that_changes(package: HelmEngine, tmp_path: Path) -> None:
    files = chart(
        one=OBJECT + 'data:\n  p: {{ randAlphaNum 9 }}\n  u: {{ uuidv4 }}\n  d: {{ now | date "2006-01-02" }}\n'
        "  k: {{ .Values.k }}\n",
        cert='{{ $c := genSelfSignedCert "x" nil nil 9 }}kind: Secret\nmetadata: {name: c}\n'
        "data: {k: {{ b64enc $c.Key }}}",
        NOTES="none: 1",
    )
    files["shop/templates/NOTES.txt"] = "Thank you\n"
    files["shop/values.yaml"] = "k: kept\n"
    files["shop/crds/c.yaml"] = "kind: CustomResourceDefinition\nmetadata: {name: c}\n"
    files["shop/charts/redis-1.2.3.tgz"] = packed(chart("redis", r="kind: Cache\nnow: {{ now | unixEpoch }}\n"))
    export = write(tmp_path, files)
    result = package.render(job(), export, {})
    text = result.output.decode()
    assert result.code == ""
    assert text.count(MARK) == 5
    assert "k: kept" in text
    assert "CustomResourceDefinition" in text
    assert "Thank you" not in text
    assert "Secret/c data.k" in result.notes[0]
    assert package.render(job(), export, {}) == result


@needs_package
def test_dependencies_that_are_switched_off_and_those_nearby(package: HelmEngine, tmp_path: Path) -> None:
    files = chart(one="kind: One\n") | chart("other", two="kind: Two\nv: {{ .Values.v }}\n")
    files["shop/Chart.yaml"] = (
        "apiVersion: v2\nname: shop\nversion: 1.2.3\ndependencies:\n"
        "- {name: other, version: 1.x, repository: 'file://../other'}\n"
        "- {name: redis, version: 1.x, repository: 'https://charts.example', condition: redis.enabled}\n"
    )
    files["shop/values.yaml"] = "redis: {enabled: false}\nother: {v: 7}\n"
    call = Call("shop", places=(("other", "charts/other"),), absent=("redis",))
    result = package.render(job(call), write(tmp_path, files), {})
    assert [name for name, _ in parts(result.output.decode())] == [
        "shop/charts/other/templates/two.yaml",
        "shop/templates/one.yaml",
    ]
    assert "v: 7" in result.output.decode()


@needs_package
@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("a: {{ .Values.x.y }}", "shop/templates/one.yaml:1:13"),
        ('a: {{ fail "no way" }}', "no way"),
        ("a: {{", "unclosed action"),
        ("a: [", "YAML parse error on shop/templates/one.yaml"),
    ],
)
def test_words_of_a_failed_rendering(template: str, words: str, package: HelmEngine, tmp_path: Path) -> None:
    result = package.render(job(), write(tmp_path, chart(one=template)), {})
    assert result.code == "engine-failed"
    assert words in result.failure
    assert str(tmp_path) not in result.failure
    assert "\n" not in result.failure


@needs_package
@pytest.mark.parametrize("layer", [b"- a\n", b"a: [\n", b"\xff\xfea\x00"])
def test_values_that_helm_does_not_take_are_named(layer: bytes, package: HelmEngine, tmp_path: Path) -> None:
    files = chart(one="a: 1") | {"env/a.yaml": "a: 1\na: 2\n", "env/b.yaml": layer}
    result = package.render(job(Call("shop", ("env/a.yaml", "env/b.yaml"))), write(tmp_path, files), {})
    assert result.code == "engine-failed"
    assert result.failure.startswith("failed to parse env/b.yaml: ")


def test_a_fault_in_python_names_no_file_of_this_machine(rendered: Callable[[str], Rendered]) -> None:
    assert rendered("raise RuntimeError('no way')").failure == "RuntimeError: no way"


@needs_package
def test_a_chart_for_an_older_kubernetes_is_not_refused(package: HelmEngine, tmp_path: Path) -> None:
    files = chart(one="a: {{ .Chart.Name }}")
    files["shop/Chart.yaml"] = "kubeVersion: >-\n  <1.20\napiVersion: v2\nname: shop\nversion: 1.2.3\n"
    assert "a: shop" in package.render(job(), write(tmp_path, files), {}).output.decode()


@needs_package
def test_modules_of_the_repository_are_never_loaded(package: HelmEngine, tmp_path: Path) -> None:
    harm = "import os; os.write(1, b'harm'); os._exit(0)"
    files = chart(one=OBJECT)
    files |= dict.fromkeys(["json.py", "helm_python.py", "shop/json.py", "shop/sitecustomize.py"], harm)
    result = package.render(
        job(folder=""), write(tmp_path / "a", {"Chart.yaml": files["shop/Chart.yaml"], **files}), {}
    )
    assert b"harm" not in result.output
    assert result.code == ""
