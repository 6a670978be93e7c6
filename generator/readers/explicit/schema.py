"""Check of a parsed file against a shape: every fault at once with its line, and everything good kept."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, Scalar, Sequence
from generator.errors import Place, Unreadable, one_line
from generator.readers.explicit.shapes import FORMAT, Shape

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from generator.readers.reader import SourceFile

CODE = "explicit-schema"
MAX_PROBLEMS = 100
"""Faults reported of one file; a file with more is not of this format."""
ROUNDS = 8
"""Times that the rest is checked after the faults of the time before were taken out; two are usual."""

_REASONS = {
    "missing": "is missing",
    "model_type": "must be a mapping",
    "dict_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "list_type": "must be a list",
    "string_type": "must be a single value",
    "string_too_short": "must not be empty",
}

_Shape = TypeVar("_Shape", bound=Shape)
_Location = tuple[int | str, ...]


def load(file: SourceFile, shape: type[_Shape]) -> tuple[_Shape | None, Node | None, list[Unreadable]]:
    """Return the file as its `shape`, its tree (for lines), and what is wrong with it.

    What is wrong is left out and the rest is kept. There is no shape where the text is no YAML at all or the format's
    version is another one. An empty file is an empty shape.
    """
    documents = parse(file.data, file.path)
    if documents.problem is not None:
        return None, None, [documents.problem]
    root: Node = documents.roots[0] if documents.roots else Mapping({}, 1, {})
    if isinstance(root, Scalar) and root.null:
        root = Mapping({}, root.line, {})
    other = _other_version(root, file.path)
    if other is not None:
        return None, root, [other]
    problems = [
        Unreadable(CODE, "a second document; only the first is read", Place(file.path, extra.line))
        for extra in documents.roots[1:2]
    ]
    if isinstance(root, Mapping) and "assay" not in root.entries:
        if root.entries and shape.model_fields["assay"].is_required():
            reason = f"`assay: {FORMAT}`, the version of the format, is missing"
            problems.append(Unreadable(CODE, reason, Place(file.path, root.line), "write it as the first line"))
        root.entries["assay"] = Scalar(FORMAT, 0)
    value, faults = _check(root, file.path, shape)
    return value, root, problems + faults


def line_of(root: Node | None, *location: int | str) -> int:
    """Return the line of the key or item at `location`, or of the nearest thing around it that is there."""
    line = root.line if root is not None else 0
    node = root
    for step in location:
        if isinstance(node, Mapping) and str(step) in node.entries:
            line = node.lines.get(str(step), line)
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line = node.line
        else:
            break
    return line


def _other_version(root: Node, path: str) -> Unreadable | None:
    if not isinstance(root, Mapping):
        return None
    version = root.entries.get("assay")
    if version is None or (isinstance(version, Scalar) and version.text == FORMAT):
        return None
    shown = version.text if isinstance(version, Scalar) else "a mapping or list"
    reason = f"version {shown} of the explicit model's format is not known"
    return Unreadable(CODE, reason, Place(path, root.lines.get("assay", root.line)), f"write `assay: {FORMAT}`")


def _check(root: Node, path: str, shape: type[_Shape]) -> tuple[_Shape | None, list[Unreadable]]:
    """Check, take out what is wrong, and check the rest again until nothing is."""
    problems: list[Unreadable] = []
    for turn in range(ROUNDS):
        try:
            return shape.model_validate(_plain(root)), problems
        except ValidationError as fault:
            errors = fault.errors(include_url=False, include_context=True)
        # What is missing after the first turn was taken out by us, and its fault has been told.
        told = [error for error in errors if turn == 0 or error["type"] != "missing"]
        problems += [_problem(error, root, path, shape) for error in told[: MAX_PROBLEMS - len(problems)]]
        if not _take_out(root, errors):
            return None, problems
        if len(errors) > MAX_PROBLEMS:
            break
    problems.append(Unreadable(CODE, "too much is wrong for the rest to be read", Place(path)))
    return None, problems


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return None if node.null else node.text
        case Mapping():
            return {key: _plain(child) for key, child in node.entries.items()}
        case Sequence():
            return [_plain(child) for child in node.items]


def _location(error: ErrorDetails) -> _Location:
    """Return where the fault is; a fault of a key itself is told by a last step `[key]`."""
    location = error["loc"]
    return location[:-1] if location and location[-1] == "[key]" else location


def _take_out(root: Node, errors: list[ErrorDetails]) -> bool:
    """Remove every faulty node from the tree; return whether anything was removed."""
    doomed: list[tuple[Mapping | Sequence, int | str, Node]] = []
    for error in errors:
        location = _location(error)
        if error["type"] == "missing":
            location = location[:-1]
        found = _holder(root, location)
        if found is not None:
            doomed.append(found)
    for holder, step, child in doomed:
        if isinstance(holder, Mapping):
            holder.entries.pop(str(step), None)
        else:
            holder.items[:] = [item for item in holder.items if item is not child]
    return bool(doomed)


def _holder(root: Node, location: _Location) -> tuple[Mapping | Sequence, int | str, Node] | None:
    """Return the mapping or list that holds the node at `location`, the step into it, and the node."""
    found: tuple[Mapping | Sequence, int | str, Node] | None = None
    node = root
    for step in location:
        if isinstance(node, Mapping) and str(step) in node.entries:
            found = (node, step, node.entries[str(step)])
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            found = (node, step, node.items[step])
        else:
            break
        node = found[2]
    return found


def _problem(error: ErrorDetails, root: Node, path: str, shape: type[Shape]) -> Unreadable:
    location = _location(error)
    where = _dotted(location)
    place = Place(path, line_of(root, *location))
    if error["type"] == "extra_forbidden":
        key = str(location[-1])
        near = get_close_matches(key, _known_keys(shape, location[:-1]), 1)
        fix = f"did you mean {near[0]!r}?" if near else "take it out, or see the documentation of the format"
        return Unreadable(CODE, one_line(f"unknown key {key!r} in {_dotted(location[:-1])}"), place, fix)
    if error["loc"] and error["loc"][-1] == "[key]":
        reason = f"{where}: the name has characters that names can't have"
        return Unreadable(CODE, reason, place, "use letters, digits and `.`, `_`, `-`, `/`; no spaces")
    reason = _REASONS.get(error["type"]) or _wording(error)
    return Unreadable(CODE, f"{where} {reason}", place)


def _dotted(location: _Location) -> str:
    """Return where a fault is, for a sentence: names may hold anything, and the sentence stays one line."""
    return one_line(".".join(str(step) for step in location) or "the file")


def _wording(error: ErrorDetails) -> str:
    expected = error.get("ctx", {}).get("expected")
    if expected is not None:
        return f"must be {expected}"
    if error["type"] == "string_pattern_mismatch":
        pattern = error.get("ctx", {}).get("pattern", "")
        return "must be a whole number in range" if "[0-9]" in pattern else "has characters that it can't have"
    return f"can't be read: {error['msg']}"


def _known_keys(shape: type[Shape], location: _Location) -> list[str]:
    """Return the keys that the shape at `location` has; found by the shape's own schema."""
    schema: dict[str, Any] = shape.model_json_schema()
    part = schema
    for step in location:
        part = _resolved(_below(part, step), schema)
    return sorted(part.get("properties", {}))


def _below(part: dict[str, Any], step: int | str) -> dict[str, Any]:
    """Return the part of a JSON Schema that describes what stands at `step`; empty where it says nothing."""
    if isinstance(step, int):
        found = part.get("items", {})
    else:
        named = [*part.get("patternProperties", {}).values(), part.get("additionalProperties", {})]
        found = part.get("properties", {}).get(step, named[0])
    return found if isinstance(found, dict) else {}


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; of several forms, take the mapping, which alone has keys."""
    part = next((form for form in part.get("anyOf", []) if "$ref" in form), part)
    name = part.get("$ref", "").removeprefix("#/$defs/")
    found: dict[str, Any] = schema["$defs"][name] if name else part
    return found
