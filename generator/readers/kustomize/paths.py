"""Paths in kustomizations: from the top of the repository, never out of it; and what names another machine."""

from __future__ import annotations

import posixpath
import re

from generator.errors import Place, Unreadable

KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""Names that make a folder a kustomization; the engine takes exactly one of them."""

_LONGEST_PART = 255
_LONGEST = 1_000
_WEB = re.compile(r"\s*https?:", re.IGNORECASE)
_REMOTE = re.compile(
    r"://|^git::|^[\w.-]+@[\w.-]+[:/]|^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)[/:]"
    r"|[?&](?:ref|version|timeout|submodules)=|/_git/|^[A-Za-z][\w+.-]*:",
    re.IGNORECASE,
)


def is_web(text: str) -> bool:
    """Return whether the engine would fetch `text` wherever it stands for a file."""
    return _WEB.match(text) is not None


def is_remote(text: str) -> bool:
    """Return whether the engine would take `text` for a repository elsewhere where it stands for a folder."""
    return _REMOTE.search(text) is not None


def resolved(folder: str, text: str, place: Place) -> str | Unreadable:
    """Return the path that `text` in a kustomization of `folder` means, from the top of the repository (then empty).

    The engine puts paths together by their text alone, and so does this; a path out of the repository is a problem.
    """
    if not text.isprintable():
        return Unreadable("kustomize-shape", "a path with characters that no file name should have", place)
    path = posixpath.normpath(posixpath.join(folder, text))
    if text.startswith("/") or path == ".." or path.startswith("../"):
        reason = f"{text!r} leads out of the repository, so it is not rendered"
        return Unreadable("outside", reason, place, "keep everything that is rendered in the repository")
    if len(path.encode()) > _LONGEST or any(len(part.encode()) > _LONGEST_PART for part in path.split("/")):
        return Unreadable("kustomize-shape", "a path that is longer than a file system takes", place)
    return "" if path == "." else path


def inside(folder: str, path: str) -> bool:
    """Return whether `path` lies in or below `folder`; both from the top of the repository."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def parents(path: str) -> list[str]:
    """Return the folders above `path`, the topmost first; without the top of the repository itself."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
