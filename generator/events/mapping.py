"""Mappings: which key of another tool's export means what; their files, and those that come with the package."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from generator.config.suggestions import suggestion
from generator.documents.tree import Mapping as Node
from generator.documents.tree import Scalar, Sequence
from generator.documents.yaml_text import parse_yaml
from generator.errors import Place, Unreadable, one_line
from generator.events.forms import FORMS, WORDS
from generator.events.paths import Path, path_of

if TYPE_CHECKING:
    from generator.documents.tree import Node as Anything

SHIPPED = ("github-deployments", "github-issues", "gitlab-deployments", "pagerduty")
"""Names of the mappings that come with the package."""
_KEYS = ("record", "items", "where", "fields")
_MOST = 100
"""Ways of one key, values of one condition, and conditions."""
_TAKING = ("from", "prefix", "values", "default")


class Taking(NamedTuple):
    """Where the value of one key of a record is taken from."""

    paths: tuple[Path, ...] = ()
    """Ways to it; the first that leads to a value counts."""
    prefix: str = ""
    """Only a text that begins so counts, and what comes after it is the value."""
    values: dict[str, str] = {}  # noqa: RUF012 - it is never changed
    """What is written instead of a value; what is not named stays as it is, and an empty text is nothing."""
    default: str = ""
    """Value where no way leads to one."""

    @property
    def shown(self) -> str:
        """Return what the key is called in the export."""
        return " or ".join(path.text for path in self.paths)


class Condition(NamedTuple):
    """What has to hold of an entry, so that it is a record."""

    path: Path
    of: tuple[str, ...]
    """One of these has to stand there; with none, nothing may stand there."""


class Mapping(NamedTuple):
    """How the entries of an export become records of one kind."""

    section: str
    """Kind of records, by the name of its section."""
    items: tuple[str, ...]
    """Keys from the top of the file to the list of entries; none where the file is the list."""
    where: tuple[Condition, ...]
    fields: dict[str, Taking]
    """By key of the record."""


def shipped_mapping(name: str) -> Mapping | None:
    """Return the mapping of the package that `name` names; `None` where there is none of that name."""
    if name not in SHIPPED:
        return None
    data = (files("generator.events") / "mappings" / f"{name}.yaml").read_bytes()
    found = parse_mapping(data, f"{name}.yaml")
    if isinstance(found, Unreadable):
        raise TypeError(found)
    return found


def parse_mapping(data: bytes, path: str) -> Mapping | Unreadable:
    """Return the mapping that a file describes, or the first thing in it that can't be taken; it never raises."""
    documents = parse_yaml(data, path)
    if documents.problem:
        return documents.problem
    try:
        return _mapping(_top(documents.roots))
    except _Wrong as wrong:
        return Unreadable("record-mapping", wrong.reason, Place(path, wrong.line), wrong.fix)


class _Wrong(Exception):  # noqa: N818 - private, and never leaves this module
    def __init__(self, reason: str, line: int, fix: str = "") -> None:
        super().__init__(reason)
        self.reason, self.line, self.fix = reason, line, fix


def _top(roots: tuple[Anything, ...]) -> Node:
    if len(roots) != 1 or not isinstance(roots[0], Node):
        reason = "a mapping file is one mapping"
        raise _Wrong(reason, 1, f"write {', '.join(f'`{key}:`' for key in _KEYS)}")
    _known(roots[0], _KEYS, "keys")
    return roots[0]


def _known(node: Node, keys: tuple[str, ...], what: str) -> None:
    for key in node.entries:
        if key not in keys:
            reason = f"`{one_line(key, 80)}` is not known here"
            raise _Wrong(reason, node.lines[key], suggestion(one_line(key), keys, what))


def _mapping(top: Node) -> Mapping:
    word = _text(top, "record")
    form = WORDS.get(word)
    if form is None:
        reason = f"`record`: `{one_line(word, 80)}` is no kind of record"
        raise _Wrong(reason, top.lines.get("record", top.line), suggestion(word, FORMS, "kinds"))
    fields = top.entries.get("fields")
    if not isinstance(fields, Node):
        reason = "`fields` is no mapping"
        raise _Wrong(reason, top.lines.get("fields", top.line), "name a key of the export for each key of the record")
    _known(fields, tuple(form.keys), "keys")
    takings = {key: _taking(node, fields.lines[key]) for key, node in fields.entries.items()}
    missing = [key.name for key in form.keys.values() if key.required and key.name not in takings]
    if missing:
        reason = f"`fields` does not say where `{missing[0]}` comes from"
        raise _Wrong(reason, top.lines["fields"], f"write `{missing[0]}:` with a key of the export, or a `default`")
    items = _text(top, "items")
    return Mapping(
        form.section, tuple(items.split(".")) if items else (), _conditions(top.entries.get("where")), takings
    )


def _conditions(node: Anything | None) -> tuple[Condition, ...]:
    if node is None or (isinstance(node, Scalar) and node.null):
        return ()
    if not isinstance(node, Node):
        reason = "`where` is no mapping"
        raise _Wrong(reason, node.line, "a key of the export, and the list of values that may stand there")
    if len(node.entries) > _MOST:
        reason = f"more than {_MOST} conditions"
        raise _Wrong(reason, node.line)
    return tuple(
        Condition(_path(key, node.lines[key]), tuple(_texts(child, node.lines[key])))
        for key, child in node.entries.items()
    )


def _taking(node: Anything, line: int) -> Taking:
    if not isinstance(node, Node):
        return Taking(tuple(_path(text, line) for text in _texts(node, line)))
    _known(node, _TAKING, "keys")
    values = node.entries.get("values")
    if values is not None and not isinstance(values, Node):
        reason = "`values` is no mapping"
        raise _Wrong(reason, node.lines["values"], "what the export writes, and what it means")
    table = {key: _text(values, key) for key in values.entries} if values is not None else {}
    paths = _texts(node.entries["from"], node.lines["from"]) if "from" in node.entries else []
    taking = Taking(tuple(_path(path, line) for path in paths), _text(node, "prefix"), table, _text(node, "default"))
    if not taking.paths and not taking.default:
        reason = "neither `from` nor `default`"
        raise _Wrong(reason, line, "say where the value comes from")
    return taking


def _path(text: str, line: int) -> Path:
    found = path_of(text)
    if found is None:
        reason = f"`{one_line(text, 80)}` is no way to a value"
        raise _Wrong(reason, line, "keys with dots between them, as in `environment.name`")
    return found


def _texts(node: Anything, line: int) -> list[str]:
    """Return a text, or a list of texts, as a list."""
    if isinstance(node, Scalar):
        return [] if node.null else [node.text]
    if isinstance(node, Sequence) and len(node.items) > _MOST:
        reason = f"more than {_MOST} texts"
        raise _Wrong(reason, line)
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        return [item.text for item in node.items if isinstance(item, Scalar)]
    reason = "neither a text nor a list of texts"
    raise _Wrong(reason, line)


def _text(node: Node, key: str) -> str:
    found = node.entries.get(key)
    if found is not None and not isinstance(found, Scalar):
        reason = f"`{one_line(key, 80)}` is no single value"
        raise _Wrong(reason, node.lines[key])
    return "" if found is None or found.null else found.text
