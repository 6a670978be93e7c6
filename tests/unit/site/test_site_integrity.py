"""What pages say of integrity, in the language of the site."""

from __future__ import annotations

import pytest

from generator.evidence.summary import UNSIGNED
from generator.site.integrity import integrity, integrity_line
from generator.site.sources import text_folders
from generator.site.texts import speaking


@pytest.mark.parametrize(
    ("said", "part", "line", "german"),
    [
        (UNSIGNED, "digests only", "Integrity only: not signed.", "Nur Integrität: nicht signiert."),
        (
            "signed by SHA256:abc",
            "signed by SHA256:abc",
            "Signed by the key SHA256:abc.",
            "mit dem Schlüssel SHA256:abc.",
        ),
        ("signed in m.json", "signed in m.json", "Signed in m.json.", "Signiert in m.json."),
        ("of a later version", "digests only", "Integrity only: not signed.", "Nur Integrität: nicht signiert."),
    ],
)
def test_pages_say_who_signed_or_that_nobody_did(said: str, part: str, line: str, german: str) -> None:
    assert integrity(said) == part
    assert integrity_line(said) == line
    with speaking("de", text_folders(())):
        assert integrity_line(said).endswith(german)
