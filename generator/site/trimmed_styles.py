"""A theme's style sheet without the rules that no page of a site can ever meet.

A theme brings styles for all that it can do; a report uses a part of it, and its home page has to be light. A rule
goes where each of its selectors needs a class that is named nowhere: in no page, no template, no script.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"[A-Za-z_][\w-]*")
TOKENS = re.compile(
    r"""[{};]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)|/\*.*?\*/""", re.DOTALL
)
NEGATED = re.compile(r":(?:not|has|is|where)\((?:[^()]|\([^()]*\))*\)")
GROUPS = ("@media", "@supports", "@layer", "@container")
CHOSEN = re.compile(r"""\[(?:data-md-[\w-]+|dir)=["']?([\w-]+)["']?\]""")
"""An attribute by which a page chooses among many: colours mostly, and the direction of its writing."""
PICTURE = re.compile(r"""(--[\w-]+):url\((?:"[^"]*"|'[^']*'|[^)]*)\);?""")
"""A picture that is held by a variable."""
USED = re.compile(r"var\((--[\w-]+)")
HELD = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^"')]*\))"""
"""What stays as it is, whatever stands in it."""
COMMENT = re.compile(HELD + r"|/\*(?!!).*?\*/", re.DOTALL)
"""One that begins with ! is a licence's."""
BETWEEN = re.compile(HELD + r"|\s*([{}])\s*|([;,])\s*|\s+")
SOURCE_MAP = re.compile(r"/[/*]# sourceMappingURL=\S+(?:\s*\*/)?\s*")


def named_words(text: str) -> frozenset[str]:
    """Return every word of `text` that could be the name of a class."""
    return frozenset(WORD.findall(text))


def trimmed(css: str, named: frozenset[str]) -> str:
    """Return `css` without rules that need a class or a choice which is not in `named`, and pictures that none uses."""
    kept = "".join(_kept(SOURCE_MAP.sub("", css), named))
    used = named | frozenset(USED.findall(kept))
    return PICTURE.sub(lambda picture: picture[0] if picture[1] in used else "", kept)


def packed_style(css: str) -> str:
    """Return `css` without comments, and without the white space that only its readers need."""
    bare = COMMENT.sub(lambda found: found[1] or "", css)
    return BETWEEN.sub(lambda found: found[1] or found[2] or found[3] or " ", bare).strip()


def _kept(css: str, named: frozenset[str]) -> Iterator[str]:
    for prelude, body in rules(css):
        if body is None:
            yield prelude
            continue
        head = prelude.strip()
        if head.startswith(GROUPS):
            inner = "".join(_kept(body, named))
            if inner.strip():
                yield f"{prelude}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{prelude}{{{body}}}"
        else:
            kept = [one for one in selectors(head) if _can_match(one, named)]
            if kept:
                yield f"{','.join(kept)}{{{body}}}"


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield (what stands before the brace, what stands in it); a statement without a brace has `None`."""
    start = depth = opened = 0
    for token in TOKENS.finditer(css):
        text = token[0]
        if text == "{":
            if not depth:
                opened = token.end()
            depth += 1
        elif text == "}":
            depth -= 1
            if not depth:
                yield css[start : opened - 1], css[opened : token.start()]
                start = token.end()
        elif text == ";" and not depth:
            yield css[start : token.end()], None
            start = token.end()
        elif text.startswith("/*") and not depth and not css[start : token.start()].strip():
            start = token.end()


def selectors(head: str) -> Iterator[str]:
    """Yield the selectors of a list; commas in brackets are theirs."""
    depth, start = 0, 0
    for at, character in enumerate(head):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and not depth:
            yield head[start:at]
            start = at + 1
    yield head[start:]


def _can_match(selector: str, named: frozenset[str]) -> bool:
    """Return whether every class that a selector needs is named; what it excludes or chooses among is no need."""
    needed = NEGATED.sub("", selector)
    return all(name in named for name in (*CLASS.findall(needed), *CHOSEN.findall(needed)))
