"""A repository with its branches and tags where they stood once: the same objects, under other refs."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast

from generator.errors import RefusedError
from generator.history.commands import Git, finish
from generator.history.naming import asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TAGS, _HEAD = "refs/tags/", "HEAD"
_NAME = re.compile(r"refs/[^\x00-\x20\x7f~^:?*\[\\]+")
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256_DIGITS = 64


def common_dir(git_dir: Path) -> Path:
    """Return where objects and refs are: a work tree added later has them in the main repository."""
    pointer = git_dir / "commondir"
    return (git_dir / pointer.read_text("utf-8", "replace").strip()).resolve() if pointer.is_file() else git_dir


def not_there(git_dir: Path, ids: Sequence[str]) -> list[str]:
    """Return those of the object `ids` that a repository does not have; what is no id is never there."""
    named = [identity for identity in ids if _ID.fullmatch(identity)]
    answers = dict(zip(named, asked(Git(str(git_dir)), named), strict=True))
    return [identity for identity in ids if answers.get(identity, ("", "")) == ("", "")]


def pin(git_dir: Path, refs: Mapping[str, str], head: str, folder: Path) -> Path:
    """Make a git directory in `folder`, which must not exist, that has `refs` (full name → object id) and `head`.

    Its objects are those of `git_dir`, which it only reads. Tags are those of `refs` alone; branches that `refs` do not
    name, and every other ref, such as notes, stay as they are now. Raises `RefusedError` for a ref that can be none.
    """
    odd = next((n for n, o in refs.items() if n != _HEAD and not (_NAME.fullmatch(n) and _ID.fullmatch(o))), "")
    if odd or not _ID.fullmatch(head) or any(".." in name or "@{" in name for name in refs):
        raise RefusedError("ref", f"no ref can be named {odd!r}", fix="the bundle was changed: verify it first")
    source = common_dir(git_dir)
    folder.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "objects").symlink_to(source / "objects", target_is_directory=True)
    kept = {name: identity for name, identity in _refs(git_dir).items() if not name.startswith(_TAGS)}
    kept |= {name: identity for name, identity in refs.items() if name != _HEAD}
    lines = [f"{identity} {name}\n" for name, identity in sorted(kept.items())]
    (folder / "packed-refs").write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
    (folder / _HEAD).write_text(f"{head}\n", "ascii")
    (folder / "config").write_text(_config(head), "ascii")
    if (source / "shallow").is_file():
        (folder / "shallow").write_bytes((source / "shallow").read_bytes())
    return folder


def _config(head: str) -> str:
    if len(head) == _SHA256_DIGITS:
        return "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
    return "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"


def _refs(git_dir: Path) -> dict[str, str]:
    process = Git(str(git_dir)).start(["for-each-ref", "--format=%(objectname) %(refname)"])
    out = cast("IO[bytes]", process.stdout).read().decode("utf-8", "surrogateescape")
    finish(process, "git for-each-ref")
    return {name: identity for identity, _, name in (line.partition(" ") for line in out.split("\n") if line)}
