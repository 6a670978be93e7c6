"""Versions and their differences as Markdown: tables in which no text of a repository can become markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.evidence.version_views import ShownDeployment, ShownDifference, ShownSide, ShownVersion
    from generator.evidence.versions import ComponentDifference

_LONGEST = 400
_PLAIN = re.compile(r"[^`|\\]+")
"""What a code span can hold as it is, also inside a table."""
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!|~&@\"']")


def version_markdown(shown: ShownVersion) -> str:
    """Return what `assay show --format markdown` prints."""
    return "\n".join(_version(shown)) + "\n"


def difference_markdown(shown: ShownDifference) -> str:
    """Return what `assay diff --format markdown` prints."""
    return "\n".join(_difference(shown)) + "\n"


def code(text: str) -> str:
    """Return `text` as inline code, folded to one line, for a paragraph or a cell."""
    folded = one_line(text, _LONGEST)
    if not folded:
        return ""
    if _PLAIN.fullmatch(folded):
        return f"`{folded}`"
    # A bar ends a cell and a backtick ends a code span, so these are written by their numbers.
    return f"<code>{_MARKUP.sub(lambda found: f'&#{ord(found[0])};', folded)}</code>"


def plain(text: str) -> str:
    """Return `text` as running words, folded to one line, with every character of markup written by its number."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", one_line(text, _LONGEST))


def _version(shown: ShownVersion) -> Iterator[str]:
    side = shown.version
    yield f"# {code(side.environment)} {code(side.digest[:12])}"
    yield ""
    yield from _table(("", ""), _facts(side))
    yield ""
    yield "## Bring it back"
    yield ""
    *commands, remove = side.bring_back.commands
    yield "```sh"
    yield from (one_line(command) for command in commands)
    yield "```"
    yield ""
    yield f"Afterwards: {code(remove)}"
    yield ""
    artifacts = side.bring_back.artifacts
    yield from _table(
        ("Artifact to pull", "Component", "Named by a digest"),
        [(code(a.artifact), code(a.component), "yes" if a.pinned else "no") for a in artifacts],
    )
    yield from _section("Components", len(shown.components))
    rows = [(code(c.id), c.role, code(c.kind), ", ".join(code(a) for a in c.artifacts)) for c in shown.components]
    yield from _table(("Component", "Role", "Kind", "Artifact"), rows)
    settings = [(c.id, f) for c in shown.components for f in c.fields if f.aspect != "artifact"]
    yield from _section("Settings", len(settings))
    rows = [(code(identity), f.aspect, code(f.field), code(f.value)) for identity, f in settings]
    yield from _table(("Component", "Aspect", "Field", "Value"), rows)
    yield from _section("Connections", len(shown.connections))
    rows = [(code(c.source), code(c.target), code(c.port), c.how) for c in shown.connections]
    yield from _table(("From", "To", "Port", "Known by"), rows)


def _facts(side: ShownSide) -> Iterator[tuple[str, str]]:
    made = side.deployment
    yield "Digest", code(side.digest)
    yield "Found", plain(side.how)
    yield "Deployment", f"{code(made.id)}, {made.kind} ({made.confidence})"
    yield "Commit", f"{code(made.commit)} {made.at}".rstrip()
    yield "Subject", code(made.subject)
    if made.author:
        yield "Author", code(made.author)
    if made.deployed:
        yield "Deploys", code(made.deployed)
    if made.tags:
        yield "Tags", ", ".join(code(tag) for tag in made.tags)
    if side.deployments > 1:
        yield "Had by", f"{side.deployments} deployments, {_dated(side.first)} to {_dated(side.last)}"
    if side.unreadable:
        yield (
            "Unreadable",
            f"{side.unreadable} at this commit, taken as last read: the commit alone makes another version",
        )
    if side.bring_back.paths:
        paths = ", ".join(code(path) for path in side.bring_back.paths)
        yield "Read from", f"{paths} by {', '.join(side.bring_back.reader)}"


def _dated(made: ShownDeployment) -> str:
    return f"{code(made.id)} ({made.at})" if made.at else code(made.id)


def _difference(shown: ShownDifference) -> Iterator[str]:
    names = [f"{code(side.environment)} {code(side.digest[:12])}" for side in (shown.a, shown.b)]
    yield f"# {names[0]} and {names[1]}"
    yield ""
    sides = [("a", shown.a), ("b", shown.b)]
    rows = [(n, code(s.environment), code(s.digest), _dated(s.deployment), code(s.deployment.commit)) for n, s in sides]
    yield from _table(("Side", "Environment", "Digest", "Deployment", "Commit"), rows)
    found = shown.difference
    if shown.same:
        yield ""
        yield "Nothing differs."
        return
    yield from _section("Components that differ", len(found.components))
    yield from _table(("Component", "Aspect", "Field", "a", "b"), [r for c in found.components for r in _rows(c)])
    yield from _section("Connections that differ", len(found.connections))
    edges = [(code(c.source), code(c.target), code(c.port), c.a or "none", c.b or "none") for c in found.connections]
    yield from _table(("From", "To", "Port", "a", "b"), edges)


def _rows(one: ComponentDifference) -> Iterator[tuple[str, ...]]:
    name = code(one.component)
    if one.a != one.b:
        yield name, "topology", "component" if None in {one.a, one.b} else "kind", _value(one.a), _value(one.b)
    for field in one.fields:
        yield name, field.aspect, code(field.field), _value(field.a), _value(field.b)
    if one.a == one.b and not one.fields:
        yield name, "topology", "names, ports, labels or references", "", ""


def _value(value: str | None) -> str:
    return "none" if value is None else code(value) or "empty"


def _section(title: str, count: int) -> Iterator[str]:
    yield ""
    yield f"## {title} ({count})"
    yield ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    cells = list(rows)
    if not cells:
        yield "None."
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join([' --- '] * len(head))}|"
    yield from (f"| {' | '.join(row)} |" for row in cells)
