"""What evidence shows of people: their names, pseudonyms, or nothing; an address never.

Inside a run everybody has their name and address: four eyes are judged by them. Here every record passes on its way
into a file, so that a name that is not to be shown has one way out less than there are records. Who is the same person
is told as gates tell it, by the name or by the address.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

from generator.assurance.gates.people import Person, machine, plain_address, plain_name
from generator.evidence.mentions import Names
from generator.evidence.redaction import MARK, Erased

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Mode = Literal["names", "pseudonyms", "none"]
NAMELESS: Final = "[name left out]"
"""What stands in the place of a name where no names are shown."""
ADDRESSLESS: Final = "[address left out]"
PSEUDONYM: Final = re.compile(r"person-[0-9a-f]{10}")
_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z][\w-]{1,62}(?![\w@])")
_ADDRESS_BYTES: Final = re.compile(rb"@(?:[\w-]|[\x80-\xff]){1,63}\.")
_BRACKETED: Final = re.compile(r"\s*<[^<>]*@[^<>]*>")
_PERSONS: Final = frozenset({"author", "committer", "by", "owner"})
"""Keys under which a person stands."""
_WRITTEN: Final = frozenset(
    {"subject", "reason", "reasons", "title", "cause", "message", "detail", "effect", "expected", "notes", "value"}
    | {"owner", "says", "problem"}
)
"""Keys of what people write in their own words: there a name of one word is looked for too."""
_STRUCTURE: Final = frozenset(
    {"id", "digest", "previous_digest", "object", "base", "commit", "deployed", "kind", "environment", "format"}
)
_RULES: Final = "rules"
"""Key of the texts of rules, which are Assay's own but for those of the repository."""
_NOBODY: Final = frozenset({"an unread signature", "somebody without a name", NAMELESS})
"""What stands in the place of a name and names nobody."""
_MOST_NAMES = 4
"""Names that one address may have and still be one person's; with more it is that of a team or of a machine."""
_COST = 1 << 14
_DIGITS = 10


class People:
    """The people of one run, and how records show them. Names are learnt before the texts that may hold them."""

    def __init__(self, mode: Mode, key: Callable[[], bytes], erased: Erased | None = None) -> None:
        """Show people as `mode` says; `key` is asked for with the first pseudonym. `erased` are shown in no mode."""
        self.mode: Mode = mode
        self.erased = erased
        self._key = key
        self._derived = b""
        self._groups: dict[str, str] = {}
        """Plain name or address of somebody → what the person was called first."""
        self._known: set[tuple[str, str]] = set()
        self._owners: Counter[str] = Counter()
        """By plain address, how many names it came with."""
        self._names = Names()
        self._pseudonyms: dict[str, str] = {}

    def learn(self, people: Iterable[tuple[str, str]]) -> None:
        """Take in people by name and address; of those who are one, the first name of all is the one that counts."""
        if self.mode == "names":
            return
        fresh = [one for one in dict.fromkeys(people) if one not in self._known and any(one)]
        self._known.update(fresh)
        for _, address in fresh:
            self._owners[plain_address(address)] += 1
        for name, address in fresh:
            self._join(name, address)
        for name, address in fresh:
            words = Person(name, address).words
            if (name or address) and words not in _NOBODY and not _is_machine(words):
                self._names.add(words, self._shown(words))

    def record(self, value: Any) -> Any:  # noqa: ANN401 - anything that JSON can hold
        """Return a record, as JSON has it, as it may be shown."""
        return self._inside(value, "")

    def touches(self, text: bytes) -> bool:
        """Return whether a record, as JSON text, may hold anything that is not to be shown."""
        return self.mode != "names" or bool(self.erased) or _ADDRESS_BYTES.search(text) is not None

    def _join(self, name: str, address: str) -> None:
        shared = self._owners[plain_address(address)] > _MOST_NAMES
        keys = [key for key in (_name_key(name), "" if shared else _address_key(name, address)) if key]
        if not keys and (name or address):
            keys = [_name_key(Person(name, address).words)]
        found = [self._groups[key] for key in keys if key in self._groups]
        first = found[0] if found else keys[0]
        for other in found[1:]:
            if other != first:
                self._groups = {key: first if group == other else group for key, group in self._groups.items()}
        self._groups |= dict.fromkeys(keys, first)
        if not name and address:
            self._groups.setdefault(_name_key(Person(name, address).words), first)

    def _inside(self, value: Any, key: str) -> Any:  # noqa: ANN401 - anything that JSON can hold
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, list):
            return [self._inside(item, key) for item in value]
        if isinstance(value, dict):
            return self._object(value)
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        shown = {key: self._member(key, item, value) for key, item in value.items()}
        if shown.get("committer") and shown["committer"] == shown.get("author"):
            del shown["committer"]
        return shown

    def _member(self, key: str, item: Any, of: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
        if not isinstance(item, str):
            return self._inside(item, key) if key != _RULES else self._rules(item)
        if key in _PERSONS and _is_person(key, of):
            return self.person(item, accountable=key == "owner")
        if key == "team" or (key == "subject" and of.get("by") == "team"):
            return self._team(item)
        if key == "subject" and "committed_at" not in of:
            return self._text(item, "")
        if key == "value" and "effect" not in of:
            return self._text(item, "")
        return self._text(item, key)

    def _rules(self, value: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(value, dict):
            return {key: self._rules(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._rules(item) for item in value]
        return self._written(value, alone=False) if isinstance(value, str) else value

    def person(self, text: str, *, accountable: bool = False) -> str:
        """Return how somebody is shown who stands in a record by name, with or without an address.

        Where no names are shown nobody stands there; only who is `accountable` leaves a word that somebody is.
        """
        if not text or MARK.fullmatch(text) or PSEUDONYM.fullmatch(text) or text in _NOBODY:
            return text
        name = _BRACKETED.sub("", text).strip() or text.strip("<> ")
        words = name.partition("@")[0] if _ADDRESS.fullmatch(name) else name
        if self.erased and (gone := self.erased.whole(words) or self.erased.whole(name)):
            return gone
        if self.mode == "names":
            return self._written(words)
        if _is_machine(words) or _is_group(words):
            return words
        if self.mode == "none":
            return NAMELESS if accountable else ""
        self.learn([("", name) if words != name else (words, "")])
        return self._shown(words)

    def _team(self, text: str) -> str:
        """Return a team; one of a single person is shown as that person is."""
        if self.mode == "names" or _is_group(text) or not (text.startswith("@") or _ADDRESS.fullmatch(text)):
            return self._text(text, "title")
        return self.person(text.removeprefix("@"), accountable=True)

    def _text(self, text: str, key: str) -> str:
        if not text or key in _STRUCTURE:
            return text
        return self._written(text, alone=key in _WRITTEN, addresses=key in _WRITTEN)

    def _written(self, text: str, *, alone: bool = True, addresses: bool = True) -> str:
        if self.erased:
            text = self.erased.replaced(text, alone=alone)
        if self.mode != "names":
            text = self._names.replaced(text, alone=alone)
        return _ADDRESS.sub(ADDRESSLESS, text) if addresses and "@" in text else text

    def _shown(self, words: str) -> str:
        return NAMELESS if self.mode == "none" else self.pseudonym(words)

    def pseudonym(self, name: str) -> str:
        """Return the pseudonym of somebody: the same for everything that the person is known by."""
        first = self._groups.get(_name_key(name), _name_key(name))
        if first not in self._pseudonyms:
            if not self._derived:
                self._derived = hashlib.scrypt(self._key(), salt=b"assay people", n=_COST, r=8, p=1, dklen=32)
            digest = hmac.new(self._derived, first.encode(), hashlib.sha256).hexdigest()
            self._pseudonyms[first] = f"person-{digest[:_DIGITS]}"
        return self._pseudonyms[first]


def _name_key(name: str) -> str:
    return f"n {plain_name(name)}" if name else ""


def _address_key(name: str, address: str) -> str:
    """Return what an address is known by; that of a service is nobody's own."""
    return "" if not address or machine(Person(name, address)) else f"a {plain_address(address)}"


def _is_machine(words: str) -> bool:
    """Return whether a name is that of a service or a bot, which is nobody to protect."""
    return machine(Person(words, ""))


def _is_group(words: str) -> bool:
    """Return whether it is a team of a hosting service, such as `@shop/payments`."""
    return words.startswith("@") and "/" in words


def _is_person(key: str, of: dict[str, Any]) -> bool:
    """Return whether a person stands under a key: measures are `by` something, and gates have an owner by role."""
    return "expires" in of if key == "owner" else "unit" not in of
