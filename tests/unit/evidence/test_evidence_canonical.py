from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import rfc8785

from generator.evidence.canonical import canonical

if TYPE_CHECKING:
    from support.replay import Gathered

VALUES: list[Any] = [
    {"b": 1.0, "a": [0.0, -2.0, 1e-6, 1e-7, 2e-5, 1e21, 0.25], "c": None},
    {"text": "".join(map(chr, range(0x20))) + '"\\/\x7fé€😀\u2028'},
    {"ä": 1, "z": {"é": True, "e": False}, "": []},
    {"looks": "like :1.0, and [2e-6]", "id": "12e45"},
    [1e16, 5e-324, 123456.789],
    7.0,
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_what_is_written_is_canonical(value: Any) -> None:  # noqa: ANN401 - any JSON
    text = msgspec.json.encode({"value": value}, order="sorted")
    assert canonical(text) == rfc8785.dumps({"value": value})


def test_every_line_of_a_bundle_is_canonical(demo: Gathered) -> None:
    seen = 0
    for path in sorted(demo.folder.rglob("*.json*")):
        for line in path.read_bytes().splitlines():
            assert rfc8785.dumps(json.loads(line)) == line, path.name
            seen += 1
    assert seen > 500
