"""Path templates: `charts/{environment}/{component}.yaml` as a fast match and as a git pathspec.

A placeholder stands for a part of one path segment, never for a `/`. A placeholder that comes twice must stand for
the same text both times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PLACEHOLDERS = ("environment", "component", "cluster")
_PART = re.compile(r"\{([^{}/]*)\}")
_GLOB_MEANING = re.compile(r"([*?\[\]\\])")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A template made ready by `compile_template`."""

    text: str
    """The template as written."""
    placeholders: frozenset[str]
    """Names of the placeholders in it."""
    prefix: str
    """Folder that every match stands in: what comes before the first placeholder; empty for the whole repository.

    A template without placeholders is its own prefix.
    """
    pathspec: str
    """Pathspec for git that holds every match, and little else: placeholders become `*`."""
    pathspec_below: str
    """The same for everything below a match, where the template names folders."""
    _exact: re.Pattern[str]
    _below: re.Pattern[str]

    def match(self, path: str) -> Mapping[str, str] | None:
        """Return the text of each placeholder where the whole of `path` fits the template, else `None`."""
        found = self._exact.fullmatch(path)
        return found.groupdict() if found else None

    def match_below(self, path: str) -> Mapping[str, str] | None:
        """Return the text of each placeholder where `path` fits the template or lies below a folder that does."""
        found = self._below.fullmatch(path)
        return found.groupdict() if found else None

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path in which each placeholder is replaced by its text in `values`; KeyError where one lacks."""
        return _PART.sub(lambda part: values[part.group(1)], self.text)


def compile_template(text: str, environments: Iterable[str] = ()) -> PathTemplate:
    """Return `text` ready to match; `environments`, where given, are the only texts of `{environment}`.

    Knowing them tells `shop-pre-production.yaml` apart under `{component}-{environment}.yaml`. Raises ValueError with
    a sentence for a person where `text` is no template.
    """
    _refuse(text)
    names = sorted(set(environments), key=lambda name: (-len(name), name))
    part = {
        "environment": "|".join(map(re.escape, names)) if names else "[^/]+",
        "component": "[^/]+?" if names else "[^/]+",
        "cluster": "[^/]+?" if names else "[^/]+",
    }
    pattern, globbed, seen = "", "", set[str]()
    # The pieces of a split by a pattern with one group alternate: text, name, text, name, ..., text.
    for place, piece in enumerate(_PART.split(text)):
        if place % 2 == 0:
            pattern += re.escape(piece)
            globbed += _GLOB_MEANING.sub(r"\\\1", piece)
            continue
        pattern += f"(?P={piece})" if piece in seen else f"(?P<{piece}>{part[piece]})"
        globbed += "*"
        seen.add(piece)
    prefix = text if not seen else text.partition("{")[0].rpartition("/")[0]
    return PathTemplate(
        text=text,
        placeholders=frozenset(seen),
        prefix=prefix,
        pathspec=f":(glob){globbed}",
        pathspec_below=f":(glob){globbed}/**",
        _exact=re.compile(pattern),
        _below=re.compile(f"{pattern}(?:/(?s:.*))?"),
    )


def _refuse(text: str) -> None:
    """Raise ValueError where the marks of `text` make no template."""
    names = _PART.findall(text)
    for name in names:
        if name not in PLACEHOLDERS:
            message = f"{{{name}}} is no placeholder; {suggestion(name, PLACEHOLDERS, 'placeholders')}"
            raise ValueError(message)
    if re.search(r"[{}]", _PART.sub("", text)):
        message = "a brace that belongs to no placeholder; placeholders are {environment}, {component} and {cluster}"
        raise ValueError(message)
    if "}{" in text:
        message = "two placeholders with nothing between them can't be told apart"
        raise ValueError(message)
