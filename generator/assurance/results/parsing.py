"""The one way into the formats: which one a report is in, and what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.assurance.results.conftest import read_conftest
from generator.assurance.results.json_text import decoded
from generator.assurance.results.junit import read_junit
from generator.assurance.results.kube_linter import read_kube_linter
from generator.assurance.results.kubeconform import read_kubeconform
from generator.assurance.results.result import MAX_BYTES, Result, hidden, unreadable
from generator.assurance.results.sarif import read_sarif
from generator.assurance.results.tap import read_tap
from generator.assurance.results.terraform_plan import read_terraform_plan
from generator.assurance.results.trivy import read_trivy
from generator.config.results import FORMATS
from generator.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.results import FailsAt, Format, Written
    from generator.readers.reader import Mask


class _Read(Protocol):
    def __call__(self, data: bytes, path: str, fails_at: FailsAt, mask: Mask, /) -> Result | Unreadable: ...


_READ: Mapping[Format, _Read] = {
    "junit": read_junit,
    "sarif": read_sarif,
    "tap": read_tap,
    "kubeconform": read_kubeconform,
    "kube-linter": read_kube_linter,
    "conftest": read_conftest,
    "trivy": read_trivy,
    "terraform-plan": read_terraform_plan,
}
_TAP = re.compile(rb"(?:TAP version \d|1\.\.\d|(?:not )?ok\b|#|pragma |Bail out!)")
_HEAD = 4_000


class _Keys(msgspec.Struct):
    """Keys that tell the formats of JSON apart."""

    runs: msgspec.Raw = msgspec.Raw()
    schema_version: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="SchemaVersion")
    reports: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="Reports")
    resources: msgspec.Raw = msgspec.Raw()
    format_version: msgspec.Raw = msgspec.Raw()
    level: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="@level")


_BY_KEY: tuple[tuple[str, Format], ...] = (
    ("runs", "sarif"),
    ("schema_version", "trivy"),
    ("reports", "kube-linter"),
    ("resources", "kubeconform"),
    ("format_version", "terraform-plan"),
    ("level", "terraform-plan"),
)


def parse(
    written: Written,
    data: bytes,
    path: str,
    *,
    fails_at: FailsAt = "error",
    mask: Mask = hidden,
) -> Result | Unreadable:
    """Return what the report `data` says, or why nobody can tell; never a pass where anything is in doubt.

    `auto` tells the format by the content. A finding from the level `fails_at` on makes the result a failed one; tests
    that failed always do. `mask` gives what stands for a secret that is quoted.
    """
    if len(data) > MAX_BYTES:
        return unreadable("size", f"{len(data)} bytes, more than the {MAX_BYTES} that are read", path)
    if not data.strip():
        return unreadable("syntax", "the report is empty", path, "look whether it was written at all")
    found = format_of(data, path) if written == "auto" else written
    return found if isinstance(found, Unreadable) else _READ[found](data, path, fails_at, mask)


def format_of(data: bytes, path: str) -> Format | Unreadable:
    """Return the format that a report is in, by its content."""
    start = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "junit"
    if start.startswith(b"["):
        return "conftest"
    if start.startswith(b"{"):
        return _format_of_json(data, path)
    if any(_TAP.match(line) for line in start.splitlines()):
        return "tap"
    return unreadable("format", "no format that is known", path, f"name it: {', '.join(FORMATS)}")


def _format_of_json(data: bytes, path: str) -> Format | Unreadable:
    first, _, rest = data.strip().partition(b"\n")
    streamed = rest and first.rstrip().endswith(b"}")
    keys = decoded(first if streamed else data, _Keys, path, "JSON report")
    if isinstance(keys, Unreadable):
        return keys
    for key, written in _BY_KEY:
        if bytes(getattr(keys, key)):
            return written
    fix = f"name its format: {', '.join(FORMATS)}"
    return unreadable("format", "JSON of no format that is known", path, fix)
