"""What is known of a signature: whether it is good, and whose it is."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class SignatureOutcome(StrEnum):
    """What looking at a signature gave."""

    GOOD = "good"
    """Made over exactly this object, by a key that was given, while the key was valid."""
    BAD = "bad"
    """Not made over this object, not by this key, or by a key that was not valid then."""
    UNKNOWN_KEY = "unknown key"
    """Made by a key that is not among those given."""
    UNSIGNED = "unsigned"
    NOT_ASSESSED = "not assessed"
    """It can't be told; the reason says why."""


class Signature(msgspec.Struct, frozen=True):
    """What is known of the signature of a commit or a tag."""

    outcome: SignatureOutcome
    reason: str
    """A sentence's part that says how it was told; empty where it is good."""
    signers: tuple[tuple[str, str], ...] = ()
    """Names and addresses that the key carries, the one to show first; only of a good signature."""
    key: str = ""
    """Fingerprint of the key."""

    @property
    def good(self) -> bool:
        """Return whether it is good."""
        return self.outcome is SignatureOutcome.GOOD


UNSIGNED = Signature(SignatureOutcome.UNSIGNED, "carries no signature")
NO_KEYS = Signature(SignatureOutcome.NOT_ASSESSED, "is signed, and no keys were given to check it (--keys FILE)")


def bad(reason: str, key: str = "") -> Signature:
    """Return that a signature is bad."""
    return Signature(SignatureOutcome.BAD, reason, key=key)


def not_assessed(reason: str) -> Signature:
    """Return that it can't be told."""
    return Signature(SignatureOutcome.NOT_ASSESSED, reason)


def unknown_key(key: str) -> Signature:
    """Return that the key is not among those given."""
    return Signature(SignatureOutcome.UNKNOWN_KEY, f"is signed by a key that was not given ({key})", key=key)
