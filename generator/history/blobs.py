"""Contents of files by their object ids, from one `git cat-file --batch`."""

from __future__ import annotations

from collections import OrderedDict
from typing import IO, TYPE_CHECKING, Self, cast

from generator.errors import Place, RefusedError, Unreadable
from generator.history.commands import close

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.history.commands import Git

BATCH = 512
"""Ids asked for before answers are read: 512 ids fit the smallest pipe, so neither side waits for the other."""
MAX_BYTES = 8_000_000
"""Largest file whose content is kept; a larger one is passed over by the size in its header."""
KEPT_BYTES = 48_000_000
"""Contents kept for files that are read again, such as a model shared by environments."""
_SKIP = 1 << 20


class Blobs:
    """Reads contents on demand; use as a context manager."""

    def __init__(self, git: Git) -> None:
        """Start the one process that answers every request."""
        self._process = git.start(["cat-file", "--batch"], feed=True)
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)
        self._kept: OrderedDict[str, bytes | Unreadable] = OrderedDict()
        self._kept_bytes = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """End the process."""
        close(self._process)

    def fetch(self, ids: Iterable[str]) -> None:
        """Read the contents of `ids` ahead of `get`, many at a time."""
        wanted = [i for i in dict.fromkeys(ids) if i not in self._kept]
        for start in range(0, len(wanted), BATCH):
            self._ask(wanted[start : start + BATCH])

    def get(self, blob: str, path: str) -> bytes | Unreadable:
        """Return the content of one file, or why there is none; `path` only says where it stands."""
        if blob not in self._kept:
            self._ask([blob])
        found = self._kept[blob]
        self._kept.move_to_end(blob)
        if isinstance(found, Unreadable):
            return Unreadable(found.code, found.reason, Place(path), found.fix)
        return found

    def _ask(self, ids: Sequence[str]) -> None:
        try:
            self._in.write("".join(f"{i}\n" for i in ids).encode("ascii"))
            self._in.flush()
        except BrokenPipeError:
            raise RefusedError("git", "git cat-file ended early", fix="run git fsck on the repository") from None
        for blob in ids:
            self._keep(blob, self._answer())

    def _answer(self) -> bytes | Unreadable:
        header = self._out.readline().split()
        if not header:
            raise RefusedError("git", "git cat-file ended early", fix="run git fsck on the repository")
        if len(header) == 2:  # noqa: PLR2004 - "ID missing", as against "ID TYPE SIZE"
            return Unreadable("missing-object", "the object is not in the repository", Place(), "fetch it, or git fsck")
        size = int(header[2])
        if header[1] == b"blob" and size <= MAX_BYTES:
            return self._out.read(size + 1)[:-1]
        left = size + 1
        while left:
            left -= len(self._out.read(min(left, _SKIP)))
        if header[1] != b"blob":
            return Unreadable("not-a-file", f"a {header[1].decode('ascii')} where a file is expected", Place())
        return Unreadable("too-large", f"{size} bytes, more than the {MAX_BYTES} that are read", Place())

    def _keep(self, blob: str, content: bytes | Unreadable) -> None:
        self._kept[blob] = content
        self._kept_bytes += len(content) if isinstance(content, bytes) else 0
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._kept_bytes -= len(old) if isinstance(old, bytes) else 0
