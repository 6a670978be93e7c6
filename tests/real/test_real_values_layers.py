"""Settings in layers through a long history, against a merge of a few lines on what PyYAML reads."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from real.oracle_git import blobs, chain, contents, documents, text

from generator.readers.encrypted import encrypted_kind, encrypted_resource
from generator.readers.reader import SourceFile, Unit
from generator.readers.values.reader import ValuesReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.errors import Unreadable
    from generator.model.component import Component

pytestmark = pytest.mark.real

FOLDER = "helmfile.d/services"
ENVIRONMENTS = ("staging", "eqiad", "codfw")
COMMITS = 50


class Files:
    """The files of one commit below `FOLDER`."""

    def __init__(self, repository: Path, commit: str) -> None:
        self.blobs: dict[str, str] = {}
        for entry in text(repository, "ls-tree", "-r", commit, "--", FOLDER).splitlines():
            head, path = entry.split("\t")
            if head.startswith("100"):
                self.blobs[path] = head.split()[2]

    @property
    def services(self) -> list[str]:
        return sorted({path.split("/")[2] for path in self.blobs if path.count("/") > 2})

    def blob(self, path: str) -> str:
        return self.blobs.get(path, "")

    def mode(self, path: str) -> str:
        return "100644" if path in self.blobs else ""

    def read(self, path: str) -> bytes | Unreadable | None:
        raise NotImplementedError(path)

    def files(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.blobs if path.startswith(f"{folder}/")))


def laid(under: Any, over: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return one layer over another; a null stays, as what it took away is not there any more."""
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return {**under, **{key: laid(under.get(key), node) for key, node in over.items()}}


def leaves(node: Any, prefix: str = "") -> dict[str, str]:  # noqa: ANN401 - as above
    """Return path in dots → text of what is not null; items of a list by `name`, `key` or `id`, else by their place."""
    if not isinstance(node, (dict, list)):
        return {} if node is None else {prefix: str(node)}
    if not node:
        return {prefix: "{}" if isinstance(node, dict) else "[]"}
    if isinstance(node, dict):
        below = [(f"{prefix}.{key}" if prefix else str(key), child) for key, child in node.items()]
    else:
        labels: list[str] = []
        for place, item in enumerate(node):
            # A key is a name where something is said of it: it might be a secret by itself.
            said = isinstance(item, dict) and item.keys() & {"value", "values", "valueFrom", "operator", "effect"}
            keys = ("name", "key", "id") if said else ("name", "id")
            names = [item.get(k) for k in keys] if isinstance(item, dict) else []
            name = next((n for n in names if n and isinstance(n, str)), "")
            labels.append(name if name and name not in labels else str(place))
        below = [(f"{prefix}[{label}]", item) for label, item in zip(labels, node, strict=True)]
    return {name: value for path, child in below for name, value in leaves(child, path).items()}


class Mask:
    """Marks what is masked, so that it can be put back."""

    def __init__(self) -> None:
        self.hidden: list[str] = []

    def __call__(self, value: str) -> str:
        self.hidden.append(value)
        return f"<hidden {len(self.hidden) - 1}>"

    def unmasked(self, made: Component) -> dict[str, str]:
        """Return name → raw text of the fields."""
        found = {field.name: field.value for field in made.fields}
        for number, value in reversed(list(enumerate(self.hidden))):
            found = {name: shown.replace(f"<hidden {number}>", value) for name, shown in found.items()}
        return found


@pytest.fixture(scope="module")
def repository(real_history: Callable[[str], Path]) -> Path:
    return real_history("deployment-charts")


@pytest.fixture(scope="module")
def trees(repository: Path) -> list[Files]:
    """Return the files at commits spread evenly over the history."""
    chain = text(repository, "rev-list", "--first-parent", "--reverse", "HEAD", "--", FOLDER).split()
    return [Files(repository, chain[place * (len(chain) - 1) // (COMMITS - 1)]) for place in range(COMMITS)]


def layers(tree: Files) -> dict[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    """Return blobs of the layers that stand → service and paths of all its layers."""
    found: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for service in tree.services:
        for environment in ENVIRONMENTS:
            paths = (f"{FOLDER}/{service}/values.yaml", f"{FOLDER}/{service}/values-{environment}.yaml")
            standing = tuple(tree.blob(path) for path in paths if tree.blob(path))
            if standing:
                found[standing] = (service, paths)
    return found


def test_merged_values_are_those_of_another_merge(repository: Path, trees: list[Files]) -> None:
    data = blobs(repository, {blob for tree in trees for standing in layers(tree) for blob in standing})
    parsed = functools.cache(lambda blob: documents(data[blob]))
    reader = ValuesReader()
    seen: set[tuple[str, ...]] = set()
    counts = Counter[str]()
    for tree in trees:
        for standing, (service, paths) in layers(tree).items():
            if standing in seen:
                continue
            seen.add(standing)
            unit, mask = Unit("", service, layers=paths), Mask()
            plan = reader.plan(unit, "", tree)
            sources = [SourceFile(file.path, data[file.blob]) for file in plan.files]
            reading = reader.read_tree(unit, "", plan, sources, None, mask)
            read = [parsed(blob) for blob in standing]
            if None in read:
                counts["unread"] += 1
                assert reading.problems
                assert not reading.components
                continue
            expected: Any = functools.reduce(laid, [root for roots in read for root in roots or []], {})
            (made,) = reading.components
            assert mask.unmasked(made) == (leaves(expected) if expected else {}), (service, standing)
            counts["layered" if len(standing) > 1 else "alone"] += 1
    assert counts["layered"] > 500
    assert counts["alone"] > 200
    assert 0 < counts["unread"] < counts["layered"] / 10


def test_files_of_git_crypt_are_secrets_and_no_error(real_history: Callable[[str], Path]) -> None:
    repository = real_history("pangeo-cloud-federation")
    commits = chain(repository, "HEAD", "deployments/*/secrets/*.yaml")
    data = contents(repository, commits)
    versions = {(path, blob) for commit in commits for path, blob in commit.changes.items() if blob}
    sealed = {(path, blob) for path, blob in versions if data[blob].startswith(b"\0GITCRYPT\0")}
    assert len(sealed) > 60
    digests = set()
    for path, blob in sorted(versions):
        file = SourceFile(path, data[blob])
        assert encrypted_kind(file.data, path) == ("git-crypt" if (path, blob) in sealed else "")
        mask = Mask()
        reading = ValuesReader().read(Unit("", path.split("/")[1]), [file], mask)
        assert not reading.problems
        if (path, blob) in sealed:
            (made,) = reading.components
            assert [field.name for field in made.fields] == [f"encrypted.{path.rpartition('/')[2]}"]
            assert mask.hidden
            digests.add((path, hashlib.sha256(mask.hidden[0].encode()).hexdigest()))
            resource = encrypted_resource(file, mask)
            assert resource is not None
            assert resource.role == "secret"
    assert len(digests) == len(sealed)
