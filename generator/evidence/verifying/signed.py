"""Signatures of a bundle and a site, by the keys that somebody gave: no key that comes with a bundle is trusted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.dsse import (
    DSSE_NAMESPACE,
    HOOK_BUNDLE,
    MANIFEST_NAMESPACE,
    MANIFEST_SIGNATURE,
    PAYLOAD_TYPE,
    Envelope,
)
from generator.evidence.ssh_signatures import Problem, is_made_by, verify_ssh
from generator.evidence.verifying.listing import read_bounded
from generator.evidence.verifying.texts import Canon, TextError, decoded

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.ssh_signatures import AllowedSigners
    from generator.evidence.verifying.verdict import Report

MOST_SIGNATURE_BYTES = 1 << 20
SIGNED_BY = "signed by "
"""Begins what the summary of a signed bundle says of its integrity."""
SIGNED_IN = f"signed in {HOOK_BUNDLE}"
"""What it says where only a program signed."""


class Signatures:
    """Checks signatures by the lines of an allowed signers file; without one, tells that they were not checked."""

    def __init__(self, allowed: AllowedSigners | None, integrity: str, as_of: str, report: Report) -> None:
        """Check by `allowed`; `integrity` is what the summary says, `as_of` the report time, which they are over.

        A key that counts for a time only is looked at by that time.
        """
        self.allowed, self.report = allowed, report
        self._integrity = integrity
        self.expected_key = integrity.removeprefix(SIGNED_BY) if integrity.startswith(SIGNED_BY) else ""
        self._time = _seconds(as_of)
        self._envelopes = msgspec.json.Decoder(Envelope)
        self._canon = Canon()

    def missing(self, path: str) -> None:
        """Tell that a signature is not there, where one was asked for or the summary says that there is one."""
        if self.expected_key:
            self.report.wrong(path, f"removed: the evidence says that it is signed by {self.expected_key}")
        elif self.allowed is not None:
            self.report.wrong(path, "is not there: signers were asked for, and nothing is signed here")

    def file(self, folder: Path, path: str, data: bytes, namespace: str) -> None:
        """Check the signature in the file `path` over `data`."""
        file = folder / path
        if not file.is_file():
            self.missing(path)
            return
        try:
            armored = read_bounded(file, MOST_SIGNATURE_BYTES)
        except OSError as fault:
            self.report.wrong(path, f"can't be read: {fault.strerror}")
            return
        if armored is None:
            self.report.wrong(path, f"has more than {MOST_SIGNATURE_BYTES} bytes")
            return
        if self.expected_key and not is_made_by(armored, self.expected_key, namespace):
            self.report.wrong(path, f"is not by {self.expected_key}, whom the evidence names")
            return
        if self.allowed is None:
            self.report.not_checked(f"{path} is there, and was not checked: no --allowed-signers.")
            return
        found = verify_ssh(data, armored, self.allowed, namespace, self._time)
        if isinstance(found, Problem):
            self.report.wrong(path, found.reason)
        else:
            self.report.signed(f"{self.report.above}{path}: {found.name}, {found.key}")

    def manifest(self, folder: Path, data: bytes) -> None:
        """Check the signature over the manifest, whose bytes are `data`."""
        self.file(folder, MANIFEST_SIGNATURE, data, MANIFEST_NAMESPACE)
        if self._integrity == SIGNED_IN and not (folder / HOOK_BUNDLE).is_file():
            self.report.wrong(HOOK_BUNDLE, "removed: the evidence says that it is signed in it")
        if (folder / HOOK_BUNDLE).is_file():
            self.report.not_checked(
                f"{HOOK_BUNDLE} is there, and is for another tool to check, such as `cosign verify-blob`."
            )

    def envelope_fault(self, statement: bytes, text: bytes, path: str) -> str:
        """Return what is wrong with an envelope that should carry `statement`; empty where nothing is known to be."""
        try:
            if fault := self._canon.fault(text):
                return fault
            found: Envelope = decoded(self._envelopes, text)
        except TextError as error:
            return error.reason
        if found.payloadType != PAYLOAD_TYPE or found.statement != statement:
            return "is an envelope of another statement"
        key = self.expected_key
        if not found.signatures or (
            key and not any(is_made_by(o.armored, key, DSSE_NAMESPACE) for o in found.signatures)
        ):
            return f"is not signed by {key}, whom the evidence names" if key else "is an envelope without a signature"
        return self._judged(found, path)

    def _judged(self, found: Envelope, path: str) -> str:
        if self.allowed is None:
            self.report.not_checked(f"{path} is signed, and was not checked: no --allowed-signers.")
            return ""
        told = [verify_ssh(found.signed, o.armored, self.allowed, DSSE_NAMESPACE, self._time) for o in found.signatures]
        problems = [one.reason for one in told if isinstance(one, Problem)]
        return problems[0] if len(problems) == len(told) else ""

    def say(self, sentence: str, what: str) -> None:
        """Tell what was found of many signatures at once."""
        signed = f", and all {what} are signed by who may sign" if self.allowed is not None else ""
        self.report.checked(f"{sentence}{signed}.")


def _seconds(moment: str) -> int | None:
    try:
        return int(datetime.fromisoformat(moment).timestamp())
    except ValueError:
        return None
