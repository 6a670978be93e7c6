"""Reader of Terraform: a folder's files with its variables, modules and resources; Terraform itself is never run."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from generator.documents.tree import Documents, Mapping, Node
from generator.errors import Place, Unreadable
from generator.readers.reader import Plan, Reading
from generator.readers.terraform.fields import MOST_FIELDS, TerraformSizeError
from generator.readers.terraform.files import named_files
from generator.readers.terraform.modules import (
    Configuration,
    gather,
    is_automatic,
    is_configuration,
    is_outside,
)
from generator.readers.terraform.root import LOCK, read_root
from generator.readers.terraform.shown import is_shown, read_shown, unknown_format
from generator.readers.terraform.syntax import parse_terraform
from generator.rendering.jobs import InputFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.readers.reader import Mask, SourceFile, Tree, Unit
    from generator.rendering.jobs import Rendered

MOST_FOLDERS = 200
"""Folders of modules that one root may lead to."""
KEPT = 512
"""Parsed files that are kept, by their content: most commits change one file of a folder."""


class TerraformReader:
    """Reads the folder of a root module, and what `terraform show -json` printed of a plan or a state."""

    name = "terraform"
    whole_environment = False

    def __init__(self) -> None:
        """Start with no file parsed."""
        self._parsed: dict[tuple[str, bool], Documents] = {}

    def accepts(self, path: str) -> bool:
        """Return whether a file makes a root."""
        return self.root(path) is not None

    def root(self, path: str) -> str | None:
        """Return the folder of a configuration's file, or the file itself where it is JSON of its own.

        What stands below `.terraform` was fetched there by Terraform, and is no configuration of the repository.
        """
        if ".terraform" in path.split("/"):
            return None
        if is_configuration(path):
            return posixpath.dirname(path)
        return path if path.endswith(".json") and not path.endswith(".tfvars.json") else None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return the files of the root module, of its variables, and of every local module that it leads to."""
        if root.endswith(".json"):
            return Plan((InputFile(root, tree.blob(root)),)) if tree.blob(root) else Plan()
        wanted: set[str] = set()
        problems: list[Unreadable] = []
        self._follow(_folder(root), unit, tree, wanted, problems)
        files = tuple(InputFile(path, tree.blob(path)) for path in sorted(wanted))
        return Plan(files, problems=tuple(problems))

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the components of one folder's files, without those of modules elsewhere."""
        root = posixpath.dirname(files[0].path) if files else ""
        return self.read_tree(unit, root, Plan(), files, None, mask)

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the components of a planned folder; none where some of its files can't be read, as Terraform itself
        takes all of a configuration or nothing.
        """  # noqa: D205 - one sentence that does not fit on a line
        del rendered
        blobs = {file.path: file.blob for file in plan.files}
        problems: list[Unreadable] = list(plan.problems)
        if root.endswith(".json"):
            return self._shown(unit, files, mask) if files else Reading(problems=tuple(problems))
        root = _folder(root)
        roots: dict[str, Mapping] = {}
        contents = {file.path: file.data for file in files if not _is_parsed(unit, root, file.path)}
        for file in files:
            if file.path in contents:
                continue
            found = self._mapping(file.path, blobs.get(file.path, ""), file.data, problems)
            if found is not None:
                roots[file.path] = found
        folders = sorted({posixpath.dirname(path) for path in roots if is_configuration(path)})
        configurations = {folder: gather(folder, _of_folder(roots, folder)) for folder in folders}
        problems += [problem for folder in folders for problem in configurations[folder].problems]
        if problems or root not in configurations:
            return Reading(problems=tuple(dict.fromkeys(problems)))
        try:
            return Reading(read_root(unit, root, configurations, roots, contents, mask))
        except TerraformSizeError as fault:
            return Reading(problems=(Unreadable("terraform-size", str(fault), Place(root)),))

    def _follow(self, root: str, unit: Unit, tree: Tree, wanted: set[str], problems: list[Unreadable]) -> None:
        """Fill `wanted` with what the root leads to, folder by folder."""
        waiting, seen = [root], {root}
        while waiting:
            folder = waiting.pop()
            for block, below in self._configuration(root, folder, unit, tree, wanted, problems).local_modules():
                if below in seen:
                    continue
                place = Place(block.path, block.body.lines.get("source", 0))
                if is_outside(below):
                    problems.append(Unreadable("terraform-outside", "a module outside of the repository", place))
                elif not any(is_configuration(path) for path in _here(tree, below)):
                    reason = f"the module's folder {below or '.'} holds no file of a configuration"
                    problems.append(Unreadable("terraform-module", reason, place))
                elif len(seen) >= MOST_FOLDERS:
                    problems.append(Unreadable("terraform-size", f"more than {MOST_FOLDERS} modules", place))
                else:
                    waiting.append(below)
                seen.add(below)

    def _configuration(
        self, root: str, folder: str, unit: Unit, tree: Tree, wanted: set[str], problems: list[Unreadable]
    ) -> Configuration:
        """Return what one folder holds, its files added to `wanted`, and for the root those of its variables too."""
        here = _here(tree, folder)
        taken = [path for path in here if is_configuration(path)]
        if folder == root:
            taken += [path for path in here if is_automatic(path) or path.rpartition("/")[2] == LOCK]
            taken += [path for path in unit.layers if tree.blob(path)]
        parsed = []
        for path in taken:
            found = self._planned(path, tree, problems)
            wanted.add(path)
            parsed += [(path, found)] if found is not None and is_configuration(path) else []
        configuration = gather(folder, parsed)
        wanted |= {path for _, path in named_files(configuration, root) if tree.blob(path)}
        return configuration

    def _shown(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the components of a plan or a state; any other JSON is passed over."""
        path = files[0].path
        documents = parse_terraform(files[0].data, path)
        root = documents.roots[0] if documents.roots else None
        if documents.problem is not None:
            return Reading(problems=(documents.problem,))
        if not isinstance(root, Mapping) or not is_shown(root):
            note = Unreadable("not-terraform", "neither a plan nor a state of `terraform show -json`", Place(path))
            return Reading(notes=(note,))
        problem = unknown_format(root, path)
        if problem is not None:
            return Reading(problems=(problem,))
        try:
            return Reading(read_shown(unit, path, root, mask, [MOST_FIELDS]))
        except TerraformSizeError as fault:
            return Reading(problems=(Unreadable("terraform-size", str(fault), Place(path)),))

    def _planned(self, path: str, tree: Tree, problems: list[Unreadable]) -> Mapping | None:
        """Return the tree of a file, without reading what was parsed before."""
        blob = tree.blob(path)
        data = b"" if (blob, path.endswith(".json")) in self._parsed else tree.read(path)
        if isinstance(data, Unreadable):
            problems.append(data)
            return None
        return None if data is None else self._mapping(path, blob, data, problems)

    def _mapping(self, path: str, blob: str, data: bytes, problems: list[Unreadable]) -> Mapping | None:
        """Return the tree of one file; what keeps it from being read is added to `problems`."""
        key = (blob, path.endswith(".json"))
        documents = self._parsed.get(key) or parse_terraform(data, path)
        if blob and documents.problem is None and key not in self._parsed:
            if len(self._parsed) >= KEPT:
                self._parsed.clear()
            self._parsed[key] = documents
        if documents.problem is not None:
            problems.append(documents.problem)
            return None
        found: Node = documents.roots[0] if documents.roots else Mapping({}, 1, {})
        if not isinstance(found, Mapping):
            problems.append(Unreadable("terraform-shape", "an object is expected", Place(path, found.line)))
            return None
        return found


def _folder(root: str) -> str:
    """Return the folder that a root names; the top of the repository may be written as a dot."""
    return "" if root == "." else root.strip("/")


def _is_parsed(unit: Unit, root: str, path: str) -> bool:
    """Return whether a planned file is Terraform's own, and not one that a function takes in."""
    if is_configuration(path) or path in unit.layers:
        return True
    return posixpath.dirname(path) == root and (is_automatic(path) or path.rpartition("/")[2] == LOCK)


def _here(tree: Tree, folder: str) -> list[str]:
    return [path for path in tree.files(folder) if posixpath.dirname(path) == folder]


def _of_folder(roots: dict[str, Mapping], folder: str) -> Iterable[tuple[str, Mapping]]:
    return [
        (path, node) for path, node in roots.items() if is_configuration(path) and posixpath.dirname(path) == folder
    ]
