"""Secrets that reach a setting by a variable: `FROM: ${TOKEN}` shows what `.env` says of `TOKEN`.

The name of the setting says nothing then, and the engine's output has the value alone. So the places that use a
variable with the name of a secret are looked up in the files, with what they become.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from generator.documents.tree import Mapping, Scalar
from generator.model.component import Aspect, Field
from generator.readers.compose.env import BrokenLineError, bindings
from generator.readers.compose.interpolation import interpolate, uses
from generator.readers.secrets import is_secret_name, protect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Values

    from generator.documents.tree import Node
    from generator.readers.reader import Mask


_SHORTEST = 4
"""Characters of a secret that is looked for in any text; a shorter one would be found by chance."""


class Taint:
    """Texts that hold a secret though the name of their setting does not tell."""

    def __init__(self, values: Values[str, str], mask: Mask) -> None:
        """Know the `values` of variables; those with the name of a secret are followed."""
        self._values = values
        self._secret = {name for name, value in values.items() if protect(name, value, mask).secret}
        self._shown = {n: mask(v) if n in self._secret and is_secret_name(n) else v for n, v in values.items()}
        self._found: dict[str, dict[str, str]] = {}

    def look_into(self, roots: Iterable[Node]) -> None:
        """Take in the places of parsed compose files."""
        if self._secret:
            for root in roots:
                for key, template in _templates(root, ""):
                    self._take(key, template)

    def look_into_env(self, data: bytes) -> None:
        """Take in the places of an env file."""
        if self._secret:
            with suppress(BrokenLineError):  # told where the file is read for its values
                for binding in bindings(data.decode("utf-8", "replace")):
                    if binding.template and not binding.literal:
                        self._take(binding.key, binding.template)

    def cleaned(self, field: Field) -> Field:
        """Return the field with the secret in it masked, if it is one of those places."""
        if field.aspect is Aspect.SECRET:
            return field
        for key, texts in self._found.items():
            if field.value in texts and key in field.name:
                return msgspec.structs.replace(field, aspect=Aspect.SECRET, value=texts[field.value])
        return field

    def removed(self, text: str) -> str:
        """Return `text` without any value of a secret variable, whatever else it may be there."""
        for name in sorted(self._secret, key=lambda n: (-len(self._values[n]), n)):
            if len(self._values[name]) >= _SHORTEST:
                text = text.replace(self._values[name], self._shown[name])
        return text

    def _take(self, key: str, template: str) -> None:
        # A command line is shown as its words, and a list as one text.
        for text in {template, *template.split()}:
            if "$" in text and any(use.name in self._secret for use in uses(text)):
                shown = interpolate(text, self._values)
                masked = interpolate(text, self._shown)
                if shown != masked:
                    self._found.setdefault(key, {})[shown] = masked


def _templates(node: Node, key: str) -> Iterator[tuple[str, str]]:
    """Yield every text with the key under which it stands; `KEY=text` in a list under its own."""
    if isinstance(node, Scalar):
        yield key, node.text
    elif isinstance(node, Mapping):
        for name, child in node.entries.items():
            yield from _templates(child, name)
    else:
        for item in node.items:
            name, equals, text = item.text.partition("=") if isinstance(item, Scalar) else ("", "", "")
            if equals and name.replace("_", "").isalnum():
                yield name, text
            yield from _templates(item, key)
