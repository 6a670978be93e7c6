"""The engine's adapter: how it is found and called, and what it says where it fails."""

import time
from pathlib import Path

import pytest

from generator.rendering.jobs import Engine, InputFile, Job, Rendered, Stub
from generator.rendering.kustomize import ABOVE, STUB_KIND, KustomizeEngine

ENGINE = KustomizeEngine()
needs_engine = pytest.mark.skipif(not ENGINE.version(), reason="neither kustomize nor kubectl is installed")
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


def render(
    files: dict[str, str], export: Path, *arguments: str, engine: Engine = ENGINE, stubs: tuple[Stub, ...] = ()
) -> Rendered:
    for path, text in {**files, **{stub.path: stub.content for stub in stubs}}.items():
        (export / path).parent.mkdir(parents=True, exist_ok=True)
        (export / path).write_text(text)
    job = Job("kustomize", "app", tuple(InputFile(path, "0" * 40) for path in sorted(files)), stubs, arguments)
    return engine.render(job, export, {path: text.encode() for path, text in files.items()})


def pretend(folder: Path, name: str, script: str) -> KustomizeEngine:
    """Return an adapter for a program that answers to `version` and else does as the `script` says."""
    program = folder / name
    told = 'case "$*" in *version*) echo "v9.8.7"; exit 0;; esac\n'
    program.write_text(f"#!/bin/sh\n{told}{script}\n")
    program.chmod(0o755)
    return KustomizeEngine(str(program))


def test_without_an_engine_the_reason_and_the_way_out_are_said(tmp_path: Path) -> None:
    engine: Engine = KustomizeEngine(str(tmp_path / "no-such-program"))
    done = render({}, tmp_path, engine=engine)
    assert engine.version() == ""
    assert (done.code, done.output) == ("engine-missing", b"")
    assert "assay[kustomize]" in done.fix


def test_a_program_that_is_none_counts_as_missing(tmp_path: Path) -> None:
    program = tmp_path / "kustomize"
    program.write_text("not a program")
    program.chmod(0o755)
    assert render({}, tmp_path, engine=KustomizeEngine(str(program))).code == "engine-missing"


@pytest.mark.parametrize(("name", "word"), [("kustomize", "build"), ("kubectl-1.30", "kustomize")])
def test_both_programs_are_called_in_their_own_way(tmp_path: Path, name: str, word: str) -> None:
    engine = pretend(tmp_path, name, 'echo "$@"')
    assert engine.version() == "kustomize v9.8.7"
    export = tmp_path / "export"
    assert render({"app/x": ""}, export, engine=engine).output.decode() == f"{word} {export}/app\n"
    allowed = render({"app/x": ""}, export, ABOVE, engine=engine).output.decode()
    assert allowed == f"{word} --load-restrictor LoadRestrictionsNone {export}/app\n"


NESTED = (
    "error: accumulating resources: accumulation err='accumulating resources from '../b': 'HERE/b' must resolve to a "
    "file': recursed accumulation of path 'HERE/b': accumulating resources: accumulation err='accumulating resources "
    "from 'c.yaml': not valid': must build at directory: 'HERE/b/c.yaml': file is not directory"
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("error: no such thing in 'HERE/app/x.yaml'", "no such thing in 'app/x.yaml'"),
        ("Error: HERE is odd", ". is odd"),
        (r'E1123 05:17:43.1 7 run.go:72] "command failed" err="bad \"HERE/app\""', 'bad "app"'),
        ('E1123 05:17:43.1 7 run.go:72] "command failed" err=<\n\tbad HERE/app\n >', "bad app"),
        ("# Warning: 'bases' is deprecated. Please run that.\nerror: bad", "bad"),
        ("error: loading KV pairs: literal sources: [KEY=canary]: bad", "loading KV pairs: literal sources: bad"),
        ("error: trouble with config: `\nliterals: [canary]\n`: bad", "trouble with its settings: bad"),
        (
            "error: unable to parse SM or JSON patch from [data: {a: canary}]",
            "unable to parse SM or JSON patch from […]",
        ),
        ("error: merging from generator &{0x5c92533930 <nil>}: id x", "merging from generator: id x"),
        ("W1123 05:17:43.1 7 x.go:1] odd\nerror: bad", "bad"),
        ("error: invalid file `\na: canary\n` in HERE/app/x", "invalid file  …  in app/x"),
        ("error: trouble with config: `\nliterals: [canary]" + "canary\n" * 2000, "trouble with its settings"),
        (
            NESTED,
            "in b, c.yaml, not valid",
        ),
    ],
)
def test_its_words_name_the_repository_and_repeat_no_content(tmp_path: Path, said: str, told: str) -> None:
    export = tmp_path / "export"
    words = tmp_path / "words"
    words.write_text(said.replace("HERE", str(export)))
    cat = f'while IFS= read -r line || [ -n "$line" ]; do printf "%s\\n" "$line" >&2; done < {words}; exit 1'
    done = render({"app/x": ""}, export, engine=pretend(tmp_path, "kustomize", cat))
    assert (done.code, done.failure) == ("engine-failed", told)


def test_an_engine_that_misses_target_after_target_is_not_asked_for_ever(tmp_path: Path) -> None:
    complain = (
        f"n=0; while [ -e {tmp_path}/asked-$n ]; do n=$((n+1)); done; : > {tmp_path}/asked-$n\n"
        'echo "no matches for Id Secret.v1.[noGrp]/gone-$n.[noNs]; failed to find unique target for patch" >&2; exit 1'
    )
    stub = Stub("app/later.yaml", f"kind: {STUB_KIND}\n", "said so")
    done = render({"app/x": ""}, tmp_path / "export", engine=pretend(tmp_path, "kustomize", complain), stubs=(stub,))
    assert done.code == "engine-failed"
    assert len(list(tmp_path.glob("asked-*"))) <= 41


@needs_engine
def test_a_kustomization_is_rendered_and_the_version_is_known(tmp_path: Path) -> None:
    files = {"app/kustomization.yaml": "namePrefix: eu-\nresources: [a.yaml]\n", "app/a.yaml": MAP % "settings"}
    done = render(files, tmp_path)
    assert done.code == ""
    assert b"name: eu-settings" in done.output
    assert ENGINE.version().startswith("kustomize v")


@needs_engine
@pytest.mark.parametrize(
    "line",
    [
        "configMapGenerator: [{name: a, files: [FILE]}]",
        "configMapGenerator: [{name: a, envs: [FILE]}]",
        "patches: [{path: FILE}]",
        "resources: [FILE]",
        "configMapGenerator: [{name: a, files: [../../outside.yaml]}]",
        "resources: [../../outside.yaml]",
    ],
)
def test_the_engines_own_guard_stands_where_no_plan_has_lifted_it(tmp_path: Path, line: str) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(MAP % "canary")
    done = render({"app/kustomization.yaml": line.replace("FILE", str(outside))}, tmp_path / "export")
    assert done.code == "engine-failed"
    assert b"canary" not in done.output
    assert "canary" not in done.failure


@needs_engine
def test_nothing_is_fetched_even_from_this_machine(tmp_path: Path) -> None:
    done = render({"app/kustomization.yaml": "resources: ['https://example.org/x.git//a?ref=b']\n"}, tmp_path)
    assert done.code == "engine-failed"


@needs_engine
def test_a_patch_without_its_object_is_given_one_in_a_stub(tmp_path: Path) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gone, namespace: shop}\nspec: {replicas: 2}\n"
    files = {"app/kustomization.yaml": "resources: [s.yaml]\npatches: [{path: p.yaml}]\n", "app/p.yaml": patch}
    stub = Stub("app/s.yaml", f"apiVersion: assay.invalid/v1\nkind: {STUB_KIND}\nmetadata: {{name: stub}}\n", "x")
    done = render(files, tmp_path, stubs=(stub,))
    assert done.code == ""
    assert "Deployment/gone" in done.stubs[0].how


@needs_engine
def test_two_renderings_are_byte_for_byte_the_same(tmp_path: Path) -> None:
    files = {
        "app/kustomization.yaml": "resources: [b.yaml, a.yaml]\n",
        "app/a.yaml": MAP % "a",
        "app/b.yaml": MAP % "b",
    }
    assert render(files, tmp_path / "one").output == render(files, tmp_path / "two").output


def test_words_made_to_take_long_take_no_time(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("[\n{`with config: `patch [literal sources: [accumulating resources: " * 3000)
    script = f'while IFS= read -r line; do printf "%s\\n" "$line" >&2; done < {words}; exit 1'
    engine = pretend(tmp_path, "kustomize", script)
    begin = time.perf_counter()
    assert render({"app/x": ""}, tmp_path / "export", engine=engine).code == "engine-failed"
    assert time.perf_counter() - begin < 10
