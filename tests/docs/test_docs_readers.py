from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pytest
from support.plain_tree import PlainTree, rendered

from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.model.component import Aspect, Field, Role, component
from generator.readers.ignoring import ignoring
from generator.readers.reader import Reading, SourceFile, Unit
from generator.readers.registry import reader
from generator.readers.secrets import is_secret_name
from generator.rendering.engines import ADAPTERS, Engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from generator.readers.reader import TreeReader

PAPER = "docs/readers.md"
ENVIRONMENTS = "environments:\n  staging:\n  production: {upstream: staging}\n"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^# (\S+)\n", re.MULTILINE)
EXTRAS = {"terraform": "hcl2", "tosca": "toscaparser"}
"""Readers that need a package and no engine."""


def mask(value: str) -> str:
    del value
    return "secret:5f1c0a9be2d4"


def section(text: str, heading: str) -> str:
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def files_in(block: str) -> dict[str, str]:
    """Return the files of an example, each below a line with its path; a block without one is a file by itself."""
    if not block.startswith("# "):
        return {"checkout.yaml": block}
    parts = _FILE.split(block)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture
def example(paper: Callable[[str], str]) -> Callable[[str, int], tuple[dict[str, str], str]]:
    """Return a function that gives an example below a heading, by its number: its files, and what becomes of them."""

    def found(heading: str, number: int = 0) -> tuple[dict[str, str], str]:
        blocks = _FENCE.findall(section(paper(PAPER), heading))
        (language, block), (becomes, text) = blocks[2 * number : 2 * number + 2]
        assert language in {"yaml", "hcl"}
        assert becomes == "text"
        return files_in(block), text

    return found


def shown(reading: Reading) -> str:
    """Return components in the form of the paper."""
    assert not reading.problems
    lines = []
    for one in reading.components:
        lines.append(one.id)
        lines += [f"  {field.aspect}  {field.name} = {field.value}" for field in one.fields]
    return "\n".join(lines) + "\n"


def sources(files: Mapping[str, str], paths: Iterable[str]) -> list[SourceFile]:
    return [SourceFile(path, files[path].encode()) for path in paths]


@pytest.mark.parametrize(
    ("heading", "number", "unit"),
    [
        ("Kubernetes", 0, Unit("production")),
        ("Values", 0, Unit("production", "checkout", artifact=("image.tag",))),
        ("Values", 1, Unit("production", artifact=("image.tag",), components="services")),
    ],
)
def test_files_become_what_the_paper_says(
    heading: str, number: int, unit: Unit, example: Callable[[str, int], tuple[dict[str, str], str]]
) -> None:
    files, told = example(heading, number)
    assert shown(reader(heading.lower()).read(unit, sources(files, files), mask)) == told


@pytest.mark.parametrize(
    ("heading", "root", "unit", "notes"),
    [
        ("Kustomize", "shop/production", Unit("production", provided=("**/secrets/*",)), {"provided"}),
        (
            "Helm",
            "charts/checkout",
            Unit("production", "checkout", layers=("charts/checkout/values-production.yaml",)),
            set(),
        ),
        (
            "Compose",
            "compose.yaml",
            Unit("production", layers=("compose.yaml", "compose.production.yaml")),
            {"compose-variables"},
        ),
        ("Terraform", "environments/production", Unit("production"), set()),
        ("TOSCA", "topology/production.yaml", Unit("production"), set()),
    ],
)
def test_a_tree_becomes_what_the_paper_says(
    heading: str,
    root: str,
    unit: Unit,
    notes: set[str],
    example: Callable[[str], tuple[dict[str, str], str]],
    tmp_path: Path,
) -> None:
    files, told = example(heading)
    name = heading.lower()
    if name in ADAPTERS and not Engines({}).version(name):
        pytest.skip(f"no engine for {name} is installed")
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name], reason=f"the extra `{name}` is not installed")
    tree, tree_reader = PlainTree(files), cast("TreeReader", reader(name))
    plan = tree_reader.plan(unit, root, tree)
    done = rendered(plan, tree, Engines({}).get(name), tmp_path) if plan.job else None
    planned = sources(files, [file.path for file in plan.files])
    reading = tree_reader.read_tree(unit, root, plan, planned, done, mask)
    assert shown(reading) == told
    assert {note.code for note in reading.notes} == notes


def test_every_reader_has_its_heading(paper: Callable[[str], str]) -> None:
    headings = {heading.lower() for heading in re.findall(r"^## (\w+)$", paper(PAPER), re.MULTILINE)}
    assert headings >= BUILT_IN_READERS


@pytest.mark.parametrize(
    ("environment", "left"),
    [
        ("production", {"checkout": ["env.BUILDER", "replicas"], "job/import": ["web.env.LEVEL"]}),
        ("staging", {"checkout": ["env.BUILDER"]}),
    ],
)
def test_what_is_ignored_is_what_the_paper_says(
    environment: str, left: dict[str, list[str]], paper: Callable[[str], str]
) -> None:
    ((_, text),) = _FENCE.findall(section(paper(PAPER), "Ignore"))
    rules = load_config(
        f"{ENVIRONMENTS}model:\n  - values: a-{{environment}}.yaml\n{text}".encode(), "assay.yaml", BUILT_IN_READERS
    ).ignore
    names = {"checkout": ["env.BUILDER", "web.env.BUILD_ID", "replicas"], "job/import": ["web.env.LEVEL"]}
    reading = Reading(
        tuple(
            component(
                identity,
                Role.COMPONENT,
                "Deployment",
                fields=[Field(Aspect.SCALE if name == "replicas" else Aspect.CONFIG, name, "1") for name in of],
            )
            for identity, of in names.items()
        )
    )
    found = ignoring(reading, rules, environment).components
    assert {one.id: [field.name for field in one.fields] for one in found} == left


def test_the_names_of_secrets_are_those_of_the_paper(paper: Callable[[str], str]) -> None:
    named = re.search(r"by its name \((.*?); not\s+(.*?)\)", section(paper(PAPER), "Secrets"), re.DOTALL)
    assert named
    secret, other = (re.findall(r"`(\w+)`", part) for part in named.groups())
    assert secret
    assert other
    assert all(is_secret_name(name) for name in secret)
    assert not any(is_secret_name(name) for name in other)
