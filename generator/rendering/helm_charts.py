"""A chart laid out for the engine: local dependencies in their place, values in layers, and a clock that stands still.

Helm gives templates no way to be told the time, so the function `now` is written over with a fixed time in the copy
that is rendered, another one in the second copy: what comes from the clock then differs for sure and is told apart.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tarfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

TIMES = ("2001-02-03 04:05:06", "2016-11-27 18:39:47")
"""Two times that share no part."""
_CHANGING = re.compile(
    rb"\{\{[^}]*(?<![\w.$])(?:rand\w+|gen[A-Z]\w+|uuidv4|shuffle|htpasswd|bcrypt|encryptAES|keys|values|now|date\w*|ago)\b"
)
"""Functions of templates that give something else each time, or their items in another order."""
_RANGE = re.compile(rb"^kubeVersion:[^\n]*(?:\n[ \t]+[^\n]*)*\n?", re.MULTILINE)
_MOST_UNPACKED = 64_000_000
"""Bytes of a packed chart that are looked into."""
_NOW = re.compile(rb"\{\{[^}]*(?<![\w.$])now\b")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|/\*.*?\*/|[.$]?\w+', re.DOTALL)


class Call(msgspec.Struct, frozen=True):
    """What the arguments of a job ask for."""

    release: str
    layers: tuple[str, ...] = ()
    """Values files from the top of the repository, later ones win."""
    places: tuple[tuple[str, str], ...] = ()
    """Charts of the repository that the chart depends on: (its folder, where it goes inside the chart)."""
    absent: tuple[str, ...] = ()
    """Names of dependencies that are not there and that the values switch off: nothing of them is rendered."""


def arguments(call: Call) -> tuple[str, ...]:
    """Return the call as the arguments of a job."""
    found = ["release", call.release]
    for layer in call.layers:
        found += ["values", layer]
    for folder, place in call.places:
        found += ["place", folder, place]
    for name in call.absent:
        found += ["absent", name]
    return tuple(found)


def call_of(words: tuple[str, ...]) -> Call:
    """Return the call that `arguments` made `words` of."""
    waiting = iter(words)
    release, layers, places, absent = "", list[str](), list[tuple[str, str]](), list[str]()
    for word in waiting:
        if word == "release":
            release = next(waiting)
        elif word == "values":
            layers.append(next(waiting))
        elif word == "place":
            places.append((next(waiting), next(waiting)))
        else:
            absent.append(next(waiting))
    return Call(release, tuple(layers), tuple(places), tuple(absent))


def lay_out(export: Path, folder: str, call: Call, work: Path, times: int) -> tuple[Path, ...]:
    """Copy what is rendered from the export to `work`; raises `OSError` where the files don't fit together.

    Returns a folder for each rendering, with the chart in `chart` and the values files, named in their order, in
    `values`. There are two renderings, or `times` where a template has something in it that changes each time.
    """
    first = work / "first"
    chart, values = first / "chart", first / "values"
    shutil.copytree(export / folder, chart)
    # Which Kubernetes the chart goes to is not known here, so a chart that asks for an older one is not refused.
    named = chart / "Chart.yaml"
    named.write_bytes(_RANGE.sub(b"", named.read_bytes()))
    for source, place in call.places:
        shutil.copytree(export / source, chart / place, dirs_exist_ok=True)
    for number, name in enumerate(call.absent):
        # Helm refuses a chart without its dependencies before it looks whether they are switched on.
        folder_of = chart / "charts" / f"absent-{number}"
        folder_of.mkdir(parents=True)
        (folder_of / "Chart.yaml").write_text(f"apiVersion: v2\nname: {json.dumps(name)}\nversion: 0.0.0\n")
    values.mkdir()
    for number, layer in enumerate(call.layers):
        shutil.copyfile(export / layer, values / f"{number:03}.yaml")
    changing = False
    for archive in sorted(chart.rglob("*.tgz")):
        content = _unpacked(archive.read_bytes())
        changing = changing or _CHANGING.search(content) is not None
        if _NOW.search(content):
            _unpack(content, archive.parent)
            archive.unlink()
    contents = {path: path.read_bytes() for path in sorted(first.rglob("*")) if path.is_file()}
    if not changing and not any(map(_CHANGING.search, contents.values())):
        return first, first
    timed = [path for path, data in contents.items() if _NOW.search(data)]
    if not timed:
        return (first,) * times
    second = work / "second"
    shutil.copytree(first, second)
    for copy, time in zip((first, second), TIMES, strict=True):
        for path in timed:
            _stop_clock(copy / path.relative_to(first), time)
    return (first, second) * (times // 2)


def _unpacked(archive: bytes) -> bytes:
    """Return the tar file inside a packed chart; nothing where it is none, or too large to be looked into."""
    opened = zlib.decompressobj(wbits=31)
    try:
        content = opened.decompress(archive, _MOST_UNPACKED)
    except zlib.error:
        return b""
    return b"" if opened.unconsumed_tail else content


def _unpack(content: bytes, folder: Path) -> None:
    """Write the files of a packed chart, and nothing else that it holds, below `folder`."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                way = PurePosixPath(member.name)
                data = archive.extractfile(member) if member.isreg() else None
                if data is not None and not way.is_absolute() and ".." not in way.parts:
                    (folder / way).parent.mkdir(parents=True, exist_ok=True)
                    (folder / way).write_bytes(data.read())
    except tarfile.TarError as fault:
        message = "a packed chart that is no tar file"
        raise OSError(message) from fault


def _stop_clock(path: Path, time: str) -> None:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    path.write_bytes(stopped(text, time).encode("utf-8", "surrogateescape"))


def stopped(template: str, time: str) -> str:
    """Return `template` with the function `now` giving `time`."""
    # Backquotes, since the template may itself stand in quotes, as a value that another template renders.
    fixed = f"(toDate `2006-01-02 15:04:05` `{time}`)"

    def word(found: re.Match[str]) -> str:
        return fixed if found[0] == "now" else found[0]

    return _ACTION.sub(lambda action: _WORD.sub(word, action[0]), template)
