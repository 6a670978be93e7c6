"""Links files in a process of its own: pages are drawn meanwhile.

Run by path, with nothing but the standard library. Without arguments it is told what to link on its standard input:
pairs of paths, source and target, each ended by a zero byte. A file that can't be linked is copied; the first that
can't be copied either ends the work, with its reason on the standard error.

With the arguments `FORMER STOCK NAME...` it links every file in these folders of `FORMER` into the same of `STOCK`, and
writes what each is known by on its standard output, see `stocked`. What can't be linked ends the work.
"""

from __future__ import annotations

import errno
import marshal
import os
import shutil
import stat
import sys

CHUNK = 1 << 16


def link(source: str | bytes, target: str | bytes) -> None:
    """Put the file `source` at `target`, too; raises `OSError` where that can't be done."""
    try:
        os.link(source, target)
    except OSError:
        # Another disk, or a system without links of this kind.
        shutil.copyfile(source, target)


def stocked(former: str, stock: str, names: list[str]) -> dict[str, tuple[int, int, int]]:
    """Link the files in the folders `names` of `former` into those of the folder `stock`, which is made.

    Return for each, by its path in either, its size, time (nanoseconds since 1970) and number on the disk as they are
    where it was linked to: that is what a page stands for from now on. A folder that is not there has no files. Raises
    `OSError` where one can't be linked.
    """
    marks = {}
    os.mkdir(stock)  # noqa: PTH102 - to load pathlib takes longer than to link a thousand files
    for name in names:
        try:
            source = os.open(f"{former}/{name}", os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        os.mkdir(f"{stock}/{name}")  # noqa: PTH102 - as above
        target = os.open(f"{stock}/{name}", os.O_RDONLY | os.O_DIRECTORY)
        with os.scandir(source) as entries:
            # The kind stands in the folder's own list: asking each file takes longer.
            files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        for file in files:
            os.link(file, file, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
            found = os.lstat(file, dir_fd=target)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, "no plain file any more", f"{former}/{name}/{file}")
            marks[f"{name}/{file}"] = found.st_size, found.st_mtime_ns, found.st_ino
        os.close(source)
        os.close(target)
    return marks


def _work() -> None:
    left: list[bytes] = []
    rest = b""
    while data := os.read(0, CHUNK):
        *names, rest = (rest + data).split(b"\0")
        left += names
        for place in range(0, len(left) - 1, 2):
            link(left[place], left[place + 1])
        left = left[len(left) // 2 * 2 :]


if __name__ == "__main__":
    try:
        if sys.argv[1:]:
            marshal.dump(stocked(sys.argv[1], sys.argv[2], sys.argv[3:]), sys.stdout.buffer)
        else:
            _work()
    except OSError as fault:
        sys.exit(f"{fault}")
