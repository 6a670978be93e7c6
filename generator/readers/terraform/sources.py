"""Where a module comes from, and which version of it is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.documents.tree import Mapping

_REF = re.compile(r"[?&]ref=([^&]*)")


def read_source(body: Mapping) -> Iterator[tuple[str, Scalar]]:
    """Yield the artifact fields of a module's call: `source`, and `version` where one is named.

    A version is the argument, or the `ref` of an address of git; then the source is given without it, so that moving
    to another version changes one field.
    """
    source, version = body.entries.get("source"), body.entries.get("version")
    if isinstance(source, Scalar):
        found = _REF.search(source.text)
        if found:
            rest = source.text[found.end() :]
            shown = source.text[: found.start()] + (f"?{rest[1:]}" if found[0][0] == "?" and rest[:1] == "&" else rest)
            yield "source", Scalar(shown, source.line, plain=False)
            yield "version", Scalar(found[1], source.line, plain=False)
        else:
            yield "source", source
    if isinstance(version, Scalar):
        yield "version", version
