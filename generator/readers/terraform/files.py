"""Files that a configuration takes in by its own functions: `file`, `templatefile` and their like."""

from __future__ import annotations

import hashlib
import posixpath
import re
from typing import TYPE_CHECKING

from generator.documents.tree import leaves
from generator.model.component import Aspect
from generator.readers.secrets import is_secret_name, mask_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.reader import Mask
    from generator.readers.terraform.modules import Configuration

_CALL = re.compile(
    r"\b(?:file|templatefile|filebase64|filemd5|filesha1|filesha256|filesha512|filebase64sha256|filebase64sha512)"
    r'\("(?P<path>(?:\$\{path\.(?:module|root|cwd)\}|[^"\\$])+)"'
)
_START = re.compile(r"\$\{path\.(module|root|cwd)\}/?")


def named_files(configuration: Configuration, root: str) -> Iterator[tuple[str, str]]:
    """Yield each file that is named by a plain path: its name inside the module, and its path in the repository.

    Paths start at the folder of the `root` module unless they say otherwise, as they do where Terraform runs; those
    out of the repository are left out.
    """
    seen: set[str] = set()
    for block in configuration.blocks:
        for _, leaf in leaves(block.body):
            if "file" not in leaf.text or "${" not in leaf.text:
                continue
            for found in _CALL.finditer(leaf.text):
                written = found["path"]
                start = _START.match(written)
                name = written[start.end() :] if start else written
                folder = configuration.folder if start and start[1] == "module" else root
                path = posixpath.normpath(posixpath.join(folder, name))
                if "${" not in name and path not in seen and not path.startswith(("../", "/")) and path != "..":
                    seen.add(path)
                    yield name, path


def content_field(name: str, data: bytes, mask: Mask) -> tuple[Aspect, str]:
    """Return what tells that the content of a file changed: its SHA-256, or a fingerprint where it holds a secret."""
    text = data.decode(errors="replace")
    if is_secret_name(posixpath.basename(name).partition(".")[0]) or mask_within(text, mask) != text:
        return Aspect.SECRET, mask(text)
    return Aspect.CONFIG, f"sha256:{hashlib.sha256(data).hexdigest()}"
