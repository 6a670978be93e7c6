"""Reader of TOSCA service templates: the simple profile in YAML, 1.0 to 1.3; nothing is fetched, nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, find
from generator.errors import Place, Unreadable
from generator.readers.reader import Plan, Reading
from generator.readers.tosca.check import check
from generator.readers.tosca.components import Building, read_components
from generator.readers.tosca.fields import MOST_FIELDS, TooManyFieldsError
from generator.readers.tosca.functions import Functions
from generator.readers.tosca.scripts import candidates
from generator.readers.tosca.template import ParsedFiles, Template, load
from generator.rendering.jobs import InputFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.readers.reader import Mask, SourceFile, Tree, Unit
    from generator.rendering.jobs import Rendered

SUFFIXES = (".yaml", ".yml", ".tosca", ".csar")


class ToscaReader:
    """Reads a service template with the files that it imports from the repository, and the files of its inputs."""

    name = "tosca"
    whole_environment = False

    def __init__(self) -> None:
        """Start with no file parsed."""
        self._parsed = ParsedFiles()

    def accepts(self, path: str) -> bool:
        """Return whether a file can be a service template."""
        return self.root(path) is not None

    def root(self, path: str) -> str | None:
        """Return the file itself where its name can be a service template's."""
        return path if path.endswith(SUFFIXES) else None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        """Return the template, every file that it imports from the repository, and the files of its inputs."""
        if root.endswith(".csar"):
            reason = "an archive is not opened: what stands in it can't be followed file by file"
            fix = "name the service template itself"
            return Plan(problems=(Unreadable("tosca-csar", reason, Place(root), fix),))
        template = load(root, tree.read, self._parsed)
        layers = [path for path in unit.layers if tree.blob(path)]
        scripts = [path for path in dict.fromkeys(candidates(template)) if tree.blob(path)]
        files = [InputFile(path, tree.blob(path)) for path in sorted({*template.files, *layers, *scripts})]
        return Plan(tuple(files), problems=tuple(template.problems))

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the components of one template, read without what it imports from elsewhere."""
        return self.read_tree(unit, files[0].path, Plan(), files, None, mask) if files else Reading()

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        """Return the components of a planned template; none where some of its files can't be read."""
        del rendered
        if root.endswith(".csar"):
            return Reading(problems=plan.problems)
        by_path = {file.path: file.data for file in files}
        template = load(root, by_path.get, self._parsed)
        layers, problems = _layers(unit, by_path.get)
        problems = [*plan.problems, *template.problems, *problems]
        if problems or "topology_template" not in template.root.entries or template.untold:
            return Reading(problems=tuple(dict.fromkeys(problems)), notes=tuple(template.notes))
        inputs = _inputs(template, layers)
        functions = Functions(template, {name: node for name, (node, _) in inputs.items()})
        named = frozenset(unit.artifact)
        building = Building(
            template, functions, inputs, unit.environment, unit.component, named, by_path, mask, [MOST_FIELDS]
        )
        try:
            return Reading(read_components(building), notes=(*template.notes, *check(template, mask)))
        except TooManyFieldsError:
            reason = f"more than {MOST_FIELDS} fields once types and inputs are followed"
            return Reading(problems=(Unreadable("tosca-size", reason, Place(root)),))


def _layers(unit: Unit, read: Callable[[str], bytes | None]) -> tuple[list[tuple[str, Mapping]], list[Unreadable]]:
    """Return the files of inputs that are there, in their order, and what is wrong with others."""
    found: list[tuple[str, Mapping]] = []
    problems: list[Unreadable] = []
    for path in unit.layers:
        data = read(path)
        if data is None:
            continue
        documents = parse(data, path)
        root: Node | None = documents.roots[0] if documents.roots else None
        if documents.problem:
            problems.append(documents.problem)
        elif isinstance(root, Mapping):
            inner = find(root, "inputs")
            found.append((path, inner if isinstance(inner, Mapping) else root))
        elif root is not None:
            problems.append(Unreadable("tosca-shape", "inputs are expected as keys and values", Place(path, root.line)))
    return found, problems


def _inputs(template: Template, layers: list[tuple[str, Mapping]]) -> dict[str, tuple[Node, str]]:
    """Return the known value of each declared input with its file: the last layer that gives it, else its default."""
    found: dict[str, tuple[Node, str]] = {}
    for name, declared in template.section("inputs").items():
        given = [(root.entries[name], path) for path, root in layers if name in root.entries]
        # TOSCA 1.3 lets the template fix the value itself.
        default = find(declared, "value") or find(declared, "default")
        if given:
            found[name] = given[-1]
        elif default is not None:
            found[name] = (default, template.path)
    return found
