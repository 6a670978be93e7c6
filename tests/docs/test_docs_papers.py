from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.assurance.policies.engine import MOST_MEMORY, SECONDS, STRIKES
from generator.assurance.results.junit import MOST_DEPTH, MOST_ELEMENTS
from generator.assurance.results.result import MAX_BYTES as MAX_REPORT
from generator.assurance.rule_set import built_in
from generator.config.loading import load_config
from generator.config.schema import BUILT_IN_READERS
from generator.documents.yaml_text import MAX_BYTES, MAX_DEPTH, MAX_NODES
from generator.errors import ExitCode
from generator.evidence.packs import SNAPSHOT_EVERY
from generator.history.commands import ENVIRONMENT, SETTINGS
from generator.site.mass import SEARCHED

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_REQUIREMENT = re.compile(r"([A-Za-z0-9-]+)>=([0-9.]+)")


def heading_anchors(text: str) -> set[str]:
    """Return the anchors that a heading of Markdown gets where a repository is shown."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("paper_path", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(paper_path: Path) -> None:
    for link in _LINK.findall(re.sub(r"`[^`]*`", "", paper_path.read_text("utf-8"))):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (paper_path.parent / path) if path else paper_path
        assert target.exists(), link
        if anchor:
            assert anchor in heading_anchors(target.read_text("utf-8")), link


def test_the_example_of_the_readme_loads(examples: Callable[[str, str], list[str]]) -> None:
    (text,) = examples("README.md", "yaml")
    config = load_config(text.encode(), "assay.yaml", BUILT_IN_READERS)
    assert config.environments["production"].production


@pytest.mark.parametrize("name", ["README.md", "docs/commands.md"])
def test_the_exit_codes_are_those_that_there_are(name: str, paper: Callable[[str], str]) -> None:
    table = [int(code) for code in re.findall(r"^\| (\d) \|", paper(name), re.MULTILINE)]
    assert table == [int(code) for code in ExitCode]


def test_security_names_every_setting_under_which_git_runs(paper: Callable[[str], str]) -> None:
    text = paper("SECURITY.md")
    assert [name for name in [*ENVIRONMENT, *SETTINGS] if f"`{name}`" not in text] == []


def test_security_names_the_limits(paper: Callable[[str], str]) -> None:
    limits = f"size ({MAX_BYTES // 1_000_000} MB), depth ({MAX_DEPTH}) and nodes ({MAX_NODES:,}"
    assert limits in " ".join(paper("SECURITY.md").split())


def test_security_names_the_limits_of_policies_and_reports(paper: Callable[[str], str]) -> None:
    text = " ".join(paper("SECURITY.md").split())
    assert f"for {SECONDS:g} seconds and in {MOST_MEMORY // 1_000_000} MB for each evaluation" in text
    assert STRIKES == 3
    assert "after three times the policy is given up" in text
    limits = f"size ({MAX_REPORT // 1_000_000} MB), elements ({MOST_ELEMENTS:,}) and depth ({MOST_DEPTH})"
    assert limits in text


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_the_number_of_rules_is_right(name: str, paper: Callable[[str], str]) -> None:
    found = re.search(r"[Mm]ore than (\d+) (?:checks|\[rules\])", paper(name))
    assert found
    assert int(found[1]) < len(built_in()) <= int(found[1]) + 10


def test_contributing_names_every_room(named: Callable[[str, str], set[str]]) -> None:
    package = ROOT / "generator"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")} | {"errors"}
    assert rooms == named("CONTRIBUTING.md", "## The house") - {"generator/"}


def test_decisions_are_numbered_without_a_gap() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for number, path in enumerate(records, 1):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. ")
        assert [part for part in ("Context", "Choice", "Rejected", "Cost") if f"**{part}." not in text] == []


def test_every_dependency_has_its_reason_and_its_floor(paper: Callable[[str], str]) -> None:
    project = tomllib.loads(paper("pyproject.toml"))["project"]
    text = paper("docs/decisions/0002-dependencies.md")
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*\| ([0-9.]+)", text, re.MULTILINE))
    extras = project["optional-dependencies"]
    users = [one for name, needed in extras.items() if name not in {"all", "dev"} for one in needed]
    assert rows == dict(_REQUIREMENT.findall("\n".join([*project["dependencies"], *users])))
    assert extras["all"] == [f"assay[{','.join(name for name in extras if name not in {'all', 'dev'})}]"]
    assert [name for name in extras if name != "dev" and not re.search(rf"[`\[]{name}[`\]]", paper("README.md"))] == []
    tools = [name for name, _ in _REQUIREMENT.findall("\n".join(extras["dev"]))]
    assert [name for name in tools if f"`{name}`" not in text] == []


def test_decisions_tell_the_numbers_of_the_code(paper: Callable[[str], str]) -> None:
    assert f"{SEARCHED:,} releases" in paper("docs/decisions/0007-search-covers-newest.md")
    for name in ("docs/decisions/0005-lists-as-differences.md", "docs/evidence.md"):
        assert f"{SNAPSHOT_EVERY} differences in a row" in " ".join(paper(name).split())


def test_make_help_tells_every_target(paper: Callable[[str], str]) -> None:
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", paper("Makefile"), re.MULTILINE))
    told = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {line.split()[1] for line in told.splitlines()} == targets


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_targets_that_papers_name_are_there(name: str, paper: Callable[[str], str]) -> None:
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", paper("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z-]+)", paper(name), re.MULTILINE))
    assert told
    assert told <= targets
