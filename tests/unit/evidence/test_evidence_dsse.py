"""DSSE envelopes: what is signed, how it is written, and what is made of one that is broken."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import msgspec
import pytest
import rfc8785
from support.signing import ssh_key, ssh_signature

from generator.errors import RefusedError
from generator.evidence.dsse import (
    DSSE_NAMESPACE,
    PAYLOAD_TYPE,
    Envelope,
    EnvelopeSignature,
    armoured,
    blob,
    envelope,
    envelope_text,
    envelopes_path,
    pae,
    read_envelopes,
    statements_path,
)
from generator.evidence.manifest import is_signature

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_signed_is_that_of_the_specification() -> None:
    told = pae("http://example.com/HelloWorld", b"hello world")
    assert told == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("é", "ü".encode()) == "DSSEv1 2 é 2 ü".encode()


def test_a_signature_comes_back_from_its_envelope(tmp_path: Path) -> None:
    signature = ssh_signature(ssh_key(tmp_path, "ed25519"), pae(PAYLOAD_TYPE, b"{}"), DSSE_NAMESPACE)
    made = envelope(b"{}", "SHA256:x", signature)
    assert made.signatures[0].armored == signature
    assert armoured(blob(signature)) == signature
    assert made.statement == b"{}"
    assert made.signed == pae(PAYLOAD_TYPE, b"{}")


def test_an_envelope_is_canonical_json_on_one_line(tmp_path: Path) -> None:
    signature = ssh_signature(ssh_key(tmp_path, "ed25519"), b"", DSSE_NAMESPACE)
    text = envelope_text(envelope(b'{"a":1}', "SHA256:x", signature))
    assert text == rfc8785.dumps(json.loads(text))
    assert b"\n" not in text


def test_envelopes_in_either_alphabet_are_read() -> None:
    data = bytes(range(248, 256)) * 3
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert Envelope(encode(data).decode(), PAYLOAD_TYPE, ()).statement == data


@pytest.mark.parametrize("text", ["", "%%%", "a", "é"])
def test_what_is_no_base64_is_nothing(text: str) -> None:
    assert Envelope(text, PAYLOAD_TYPE, ()).statement == b""
    assert EnvelopeSignature("", text).armored == b""


def test_a_broken_line_is_refused_with_its_place(tmp_path: Path) -> None:
    good = envelope_text(Envelope("e30=", PAYLOAD_TYPE, ()))
    (tmp_path / "e.jsonl").write_bytes(good + b"\n" + good[:-5] + b"\n")
    assert list(read_envelopes(tmp_path / "absent")) == []
    with pytest.raises(RefusedError, match=r"e\.jsonl:2"):
        list(read_envelopes(tmp_path / "e.jsonl"))


def test_no_two_environments_share_a_file() -> None:
    names = ["production", "production.intoto", "production.intoto.intoto", "a.b"]
    paths = [path(name) for name in names for path in (statements_path, envelopes_path)]
    assert len(set(paths)) == len(paths)
    assert not any(is_signature(statements_path(name)) for name in names)
    assert all(is_signature(envelopes_path(name)) for name in names)


def test_an_envelope_without_signatures_is_still_one() -> None:
    assert msgspec.json.decode(envelope_text(Envelope("", PAYLOAD_TYPE, ())), type=Envelope).signatures == ()
