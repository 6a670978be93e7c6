"""Text of Terraform's expressions: one spacing for all, what they refer to, and known values put in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark import Token, Tree

_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HIGHEST = 0x10FFFF
_TIGHT_BEFORE = frozenset({")", "]", ".", ",", "...", "[*]", ".*", "::"})
_TIGHT_AFTER = frozenset({"(", "[", ".", "!", "::"})
_OPENING = frozenset({"INTERP_START", "DIRECTIVE_START", "LBRACE", "DBLQUOTE"})
_CALLED = re.compile(r"[\w\])]")

_MARK = re.compile(r"(?P<escaped>\$\$\{|%%\{)|[$%]\{")
_BRACE = re.compile(r"[{}]")
_TRAVERSAL = re.compile(
    r"(?<![\w.-])(?:(?P<mode>data|ephemeral)\.)?(?P<root>[A-Za-z_][\w-]*)\.(?P<name>[A-Za-z_][\w-]*)"
)


def tokens(tree: Tree[Token]) -> Iterator[Token]:
    """Yield the tokens below a node in their order, comments and line ends left out; however deep it is nested."""
    stack: list[Tree[Token] | Token] = [tree]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            yield top
        elif top.data != "new_line_or_comment":
            stack += reversed(top.children)


def canonical(tree: Tree[Token]) -> str:
    """Return an expression in one line with the same spacing whatever the file's, the insides of strings untouched."""
    parts: list[str] = []
    inside: list[str] = []
    last = ""
    for token in tokens(tree):
        text, kind = str(token), token.type
        here = inside[-1] if inside else ""
        if kind in _OPENING and not (kind == here == "DBLQUOTE"):
            parts.append(text if here == "DBLQUOTE" else _gap(last, text) + text)
            inside.append(kind)
            last = text if kind == "LBRACE" else ""
        elif here == "DBLQUOTE":
            parts.append(text)
            last = text
            if kind == "DBLQUOTE":
                inside.pop()
        elif kind == "RBRACE" and inside:
            parts.append("}" if inside.pop() != "LBRACE" else _gap(last, text) + text)
            last = text
        else:
            # The end of the line before an operator is part of its token.
            text = text if text.startswith("<<") else text.rsplit(maxsplit=1)[-1]
            parts.append(_gap(last, text) + text)
            last = text
    return "".join(parts)


def _gap(last: str, text: str) -> str:
    if not last or last in _TIGHT_AFTER or text in _TIGHT_BEFORE or (last == "{" and text == "}"):
        return ""
    return "" if text in {"(", "["} and _CALLED.fullmatch(last[-1]) else " "


def template_text(tree: Tree[Token]) -> str:
    """Return what a text in quotes stands for, with its insertions as `${...}`."""
    parts = []
    for part in tree.children:
        if isinstance(part, str):
            continue
        for child in part.children:
            if isinstance(child, str):
                parts.append(unescape(child) if child.type == "STRING_CHARS" else str(child))
            elif child.data == "interpolation":
                inner = next((c for c in child.children if not isinstance(c, str)), None)
                parts.append(f"${{{canonical(inner)}}}" if inner is not None else "${}")
            else:
                parts.append(canonical(child))
    return "".join(parts)


def unescape(text: str) -> str:
    """Return a quoted text with its escapes replaced; one that is none is left as it stands."""
    return _ESCAPE.sub(_unescaped, str(text)) if "\\" in text else str(text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return _LETTERS[found[1]]
    code = int(found[2] or found[3], 16)
    return chr(code) if code <= _HIGHEST else found[0]


def dedent(lines: list[str]) -> list[str]:
    """Return the lines of an indented heredoc without the indentation that they share."""
    widths = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
    width = min(widths, default=0)
    return [line[width:] if line.strip() else line.lstrip(" \t") for line in lines]


def insertions(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each outermost `${...}` or `%{...}` of a text begins and ends, the marks included."""
    place = 0
    while mark := _MARK.search(text, place):
        place = mark.end()
        if mark["escaped"]:
            continue
        depth = 1
        while depth:
            brace = _BRACE.search(text, place)
            if brace is None:
                place = len(text)
                break
            place = brace.end()
            depth += 1 if brace[0] == "{" else -1
        yield mark.start(), place


def references(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the insertions of a text refer to: mode (`data`, `ephemeral` or empty), first and second name.

    `module.db.host` gives `("", "module", "db")`, `data.aws_ami.base.id` gives `("data", "aws_ami", "base")`.
    """
    if "${" not in text and "%{" not in text:
        return
    for start, end in insertions(text):
        for found in _TRAVERSAL.finditer(text, start + 2, end):
            yield found["mode"] or "", found["root"], found["name"]
