"""Terraform's files as plain trees: both forms (`.tf` and `.tf.json`) in the shape that the JSON form has.

A block becomes entries under its labels, `resource "TYPE" "NAME" {}` the path `resource`, `TYPE`, `NAME`. Of several
blocks with one name in a body the first goes by the name alone, the next by `name[1]`, so that adding one renames
nothing. What is no plain value is kept as text between `${` and `}`, with the spacing of the tokens and not that of
the file.
"""

from __future__ import annotations

import importlib.util
import re
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Documents, Mapping, Node, Scalar, Sequence
from generator.documents.yaml_text import MAX_DEPTH
from generator.errors import Place, Unreadable
from generator.readers.terraform.text import canonical, dedent, template_text

if TYPE_CHECKING:
    from lark import Token, Tree

MAX_BYTES = 1_000_000
"""Largest file in Terraform's own language."""
MAX_WORDS = 100_000
"""Words and marks of one file: the parser takes a second for some 30,000. A file of 8,000 lines has about as many."""
MAX_BLANK = 1_000
"""Longest run of blanks and empty lines: what the parser's pattern for a heredoc takes grows with its square."""

_BLANK = re.compile(rf"\s{{{MAX_BLANK},}}")
_WORDS = re.compile(r"[\w.-]+|[^\s\w]")
_PLAIN_KEYS = frozenset({"identifier", "string", "int_lit", "float_lit", "literal_value"})
_ENCODERS = frozenset({"jsonencode", "yamlencode"})


class _HclFault(Exception):  # noqa: N818 - private, and never leaves this module
    def __init__(self, code: str, reason: str, line: int) -> None:
        super().__init__(reason)
        self.code, self.reason, self.line = code, reason, line


def parse_terraform(data: bytes, path: str) -> Documents:
    """Return the tree of one file of a configuration or of variables; never raises for what it holds."""
    if path.endswith(".json"):
        return parse(data, path)
    if len(data) > MAX_BYTES:
        return _fault("too-large", f"{len(data)} bytes, more than the {MAX_BYTES} that are parsed", path)
    if importlib.util.find_spec("hcl2") is None:
        place = Place(path)
        fix = "install assay[terraform]"
        return Documents((), Unreadable("engine-missing", "python-hcl2 is not installed here", place, fix))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return _fault("hcl-syntax", "not UTF-8", path, data.count(b"\n", 0, fault.start) + 1)
    return _too_costly(text, path) or _parse_hcl(text, path)


def _too_costly(text: str, path: str) -> Documents | None:
    """Return why a text is not given to the parser; `None` where it may be."""
    blank = _BLANK.search(text)
    if blank:
        reason = f"more than {MAX_BLANK} blanks and empty lines in a row"
        return _fault("hcl-blank", reason, path, text.count("\n", 0, blank.start()) + 1)
    words = sum(1 for _ in _WORDS.finditer(text))
    if words > MAX_WORDS:
        return _fault("too-large", f"{words} words and marks, more than the {MAX_WORDS} that are parsed", path)
    return None


def _parse_hcl(text: str, path: str) -> Documents:
    # The parser takes a tenth of a second to load, and a repository without Terraform never needs it.
    from hcl2.api import parses_to_tree  # noqa: PLC0415 - an extra, and slow to load
    from lark.exceptions import LarkError  # noqa: PLC0415 - as above

    try:
        start = parses_to_tree(text)
        body = next(child for child in _trees(start) if child.data == "body")
        return Documents((_body(body, 1, 0),))
    except _HclFault as fault:
        return _fault(fault.code, fault.reason, path, fault.line)
    except LarkError as fault:
        # The parser's own words quote the file, and with it whatever secret stands there.
        line = getattr(fault, "line", 0)
        reason = "not Terraform's language from here on"
        return _fault("hcl-syntax", reason, path, line if isinstance(line, int) and line > 0 else 0)
    except (RecursionError, MemoryError):
        return _fault("hcl-depth", "nested too deep to be parsed", path)


def _fault(code: str, reason: str, path: str, line: int = 0) -> Documents:
    return Documents((), Unreadable(code, reason, Place(path, line)))


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    """Return the children of a node that are no tokens and no comments."""
    return [c for c in tree.children if not isinstance(c, str) and c.data != "new_line_or_comment"]


def _line(tree: Tree[Token]) -> int:
    line = getattr(tree.meta, "line", 0)
    return line if isinstance(line, int) else 0


def _body(tree: Tree[Token], line: int, depth: int) -> Mapping:
    """Return the attributes and blocks between two braces."""
    if depth > MAX_DEPTH:
        raise _HclFault("hcl-depth", f"nested deeper than {MAX_DEPTH} levels", line)
    body = Mapping({}, line, {})
    numbers: dict[tuple[str, ...], int] = {}
    for child in _trees(tree):
        parts = _trees(child)
        if child.data == "attribute":
            _add(body, _word(parts[0]), _value(parts[-1], depth + 1), _line(child))
            continue
        content = next((part for part in parts if part.data == "body"), None)
        names = tuple(_word(part) for part in parts if part.data != "body")
        block = _body(content, _line(child), depth + 1) if content else Mapping({}, _line(child), {})
        number = numbers[names] = numbers.get(names, -1) + 1
        _add_block(body, names, block, f"{names[-1]}[{number}]" if number else names[-1])
    return body


def _add(body: Mapping, name: str, node: Node, line: int) -> None:
    if name in body.entries:
        reason = f"{name!r} stands on line {body.lines[name]} and again here"
        raise _HclFault("hcl-duplicate", reason, line)
    body.entries[name] = node
    body.lines[name] = line


def _add_block(body: Mapping, names: tuple[str, ...], block: Mapping, own: str) -> None:
    """Put a block under its type and labels, by its `own` name at the end of that way."""
    if len(names) > MAX_DEPTH:
        raise _HclFault("hcl-depth", f"more than {MAX_DEPTH} labels", block.line)
    for name in names[:-1]:
        below = body.entries.get(name)
        if not isinstance(below, Mapping):
            below = Mapping({}, block.line, {})
            _add(body, name, below, block.line)
        body = below
    _add(body, own, block, block.line)


def _word(tree: Tree[Token]) -> str:
    """Return the text of a name, a keyword or a label in quotes."""
    if tree.data == "string":
        return template_text(tree)
    return "".join(str(child) for child in tree.children)


def _value(tree: Tree[Token], depth: int) -> Node:
    """Return a plain value as it is, a list or an object with its parts, and anything else as `${...}`."""
    line = _line(tree)
    if depth > MAX_DEPTH:
        raise _HclFault("hcl-depth", f"nested deeper than {MAX_DEPTH} levels", line)
    parts = _trees(tree)
    whole = len(parts) == 1 and len(tree.children) == 1
    if tree.data == "expr_term" and whole:
        return _term(parts[0], line, depth)
    if tree.data == "unary_op" and str(tree.children[0]) == "-":
        number = _value(parts[0], depth + 1)
        if isinstance(number, Scalar) and number.plain and number.text[:1].isdigit():
            return Scalar(f"-{number.text}", line)
    return Scalar(f"${{{canonical(tree)}}}", line, plain=False)


def _term(tree: Tree[Token], line: int, depth: int) -> Node:
    found: Node | None = None
    match tree.data:
        case "string":
            found = Scalar(template_text(tree), line, plain=False)
        case "int_lit" | "float_lit" | "literal_value":
            found = Scalar(_word(tree), line)
        case "heredoc_template" | "heredoc_template_trim":
            found = Scalar(_heredoc(_word(tree), trim=tree.data.endswith("trim")), line, plain=False)
        case "tuple":
            found = Sequence([_value(part, depth + 1) for part in _trees(tree)], line)
        case "object":
            found = _object(tree, line, depth)
        case "function_call":
            inner = _encoded(tree)
            found = _value(inner, depth + 1) if inner is not None else None
    return found if found is not None else Scalar(f"${{{canonical(tree)}}}", line, plain=False)


def _object(tree: Tree[Token], line: int, depth: int) -> Mapping:
    found = Mapping({}, line, {})
    for element in _trees(tree):
        key, value = _trees(element)[:2]
        name = _key(key)
        found.entries[name] = _value(value, depth + 1)
        found.lines[name] = _line(element)
    return found


def _key(tree: Tree[Token]) -> str:
    """Return the key of an object: a word and a text in quotes are the same key, what is computed stays in `(...)`."""
    inner = _trees(tree)
    parts = _trees(inner[0]) if inner and inner[0].data == "expr_term" and len(inner[0].children) == 1 else []
    return _word(parts[0]) if parts and parts[0].data in _PLAIN_KEYS else canonical(tree)


def _encoded(tree: Tree[Token]) -> Tree[Token] | None:
    """Return the one argument of `jsonencode` or `yamlencode` where it is an object or a list, written out."""
    parts = _trees(tree)
    if not parts or _word(parts[0]) not in _ENCODERS or len(parts) != 2:  # noqa: PLR2004 - the name and the arguments
        return None
    arguments = _trees(parts[1])
    if len(arguments) != 1 or arguments[0].data != "expr_term":
        return None
    inner = _trees(arguments[0])
    return arguments[0] if len(inner) == 1 and inner[0].data in {"object", "tuple"} else None


def _heredoc(text: str, *, trim: bool) -> str:
    """Return what stands between the marks of a heredoc."""
    lines = text.replace("\r\n", "\n").split("\n")[1:]
    while lines and not lines[-1]:
        lines.pop()
    lines = lines[:-1]
    return "\n".join([*(dedent(lines) if trim else lines), ""]) if lines else ""
