"""Files beside a template that implement operations or are deployed as artifacts, so that their content counts."""

from __future__ import annotations

import hashlib
import posixpath
import re
from typing import TYPE_CHECKING

from generator.documents.tree import leaves
from generator.model.component import Aspect
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.documents.tree import Mapping
    from generator.readers.reader import Mask
    from generator.readers.tosca.template import Template

NAMED = re.compile(
    r"(?:artifacts\.[^.]+|(?:.*\.)?interfaces\.(?:.*\.)?implementation(?:\.primary)?)(?:\.file)?"
    r"|(?:.*\.)?interfaces\.(?:.*\.)?dependencies\[[^\]]*\]"
)
"""Names of fields that may hold the path of such a file."""
_WITHIN = re.compile(r"(?:^|\.)(?:artifacts|interfaces)[.\[]")
_LONGEST = 200


def candidates(template: Template) -> Iterator[str]:
    """Yield each path in the repository that an artifact or an operation may name; most of what is yielded is none."""
    bodies: list[tuple[Mapping, str]] = [(template.root, template.path)]
    bodies += [(found.body, found.path) for known in template.types.values() for found in known.values()]
    for body, path in bodies:
        for name, leaf in leaves(body):
            target = target_of(path, leaf.text) if _WITHIN.search(name) else ""
            if target:
                yield target


def target_of(path: str, written: str) -> str:
    """Return the path in the repository that a text in the file `path` names; empty where it can be none."""
    if not written or len(written) > _LONGEST or ":" in written or written.startswith(("/", "{")):
        return ""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
    return "" if target in {".", ".."} or target.startswith("../") else target


def content_field(data: bytes, mask: Mask) -> tuple[Aspect, str]:
    """Return what tells that a file changed: its SHA-256, or a fingerprint where it holds a secret."""
    text = data.decode(errors="replace")
    if mask_within(text, mask) != text:
        return Aspect.SECRET, mask(text)
    return Aspect.ARTIFACT, f"sha256:{hashlib.sha256(data).hexdigest()}"
