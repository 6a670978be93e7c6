"""Trees of a Kubernetes object as fields: named by what the items are, not by their place, and free of noise."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, leaves, text
from generator.model.component import Aspect, Field
from generator.readers.kubernetes.normal import Bag
from generator.readers.secrets import fingerprint, is_secret_name, mask_within, protect

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from generator.readers.reader import Mask

LONGEST_VALUE = 2_000
"""Characters up to which a value is kept whole; a longer one is kept as its SHA-256."""

_IDENTITY = ("mountPath", "name", "key", "id", "host", "secretKey", "containerPort", "port", "path", "ip")
_SECRET_TREES = frozenset({"stringData", "encryptedData"})
_LONGEST_LABEL = 253
"""Characters of the longest name that Kubernetes allows."""
_FLAG = re.compile(r"--?[A-Za-z][\w.-]*")
_NOTHING: frozenset[str] = frozenset()


def shortened(value: str) -> str:
    """Return `value`, or its digest where it is too long to be shown as one value."""
    if len(value) <= LONGEST_VALUE:
        return value
    return f"sha256:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()}"


def item_labels(items: list[Node], *, words: bool = False) -> list[str]:
    """Return a label for each item of a sequence: what identifies it, or its place where nothing does.

    With `words`, a text is known by itself: in a set it has no place.
    """
    taken: set[str] = set()
    labels = []
    for place, item in enumerate(items):
        name = _shown(item.text) if words and isinstance(item, Scalar) else _identity(item)
        label = name if name and name not in taken else str(place)
        taken.add(label)
        labels.append(label)
    return labels


def _identity(item: Node) -> str:
    """Return the text by which an item of a sequence is known; empty where it has none that may be shown."""
    for key in _IDENTITY:
        found = text(item, key)
        if found:
            return _shown(found)
    return ""


def _shown(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL and mask_within(label, _blank) == label else ""


def _blank(value: str) -> str:
    del value
    return "x"


class FieldSheet:
    """The fields of one component, while they are collected; every value passes the mask on its way in."""

    def __init__(self, mask: Mask) -> None:
        """Start an empty sheet."""
        self.fields: list[Field] = []
        self._mask = mask

    def put(self, aspect: Aspect, name: str, value: str, line: int) -> None:
        """Add a value that holds no secret."""
        self.fields.append(Field(aspect, name, shortened(value), line))

    def artifact(self, name: str, scalar: Scalar) -> None:
        """Add what a container runs; a login in its address is masked, the rest stays what it is."""
        value = "" if scalar.null else mask_within(scalar.text, self._mask)
        self.put(Aspect.ARTIFACT, name, value, scalar.line)

    def secret(self, name: str, value: str, line: int) -> None:
        """Add a value that is secret whatever it looks like; an empty one hides nothing and stays empty."""
        self.fields.append(Field(Aspect.SECRET, name, fingerprint(value, self._mask) if value else "", line))

    def secret_tree(self, node: Node, path: str, read: Callable[[str], str] = str) -> None:
        """Add each entry of the mapping `node` as one secret, whatever its shape: a wrong one must not show anything.

        `read` turns the raw text into what it stands for.
        """
        parts = node.entries if isinstance(node, Mapping) else {"": node}
        for key, child in parts.items():
            value = "\n".join("" if leaf.null else leaf.text for _, leaf in leaves(child))
            self.secret(f"{path}.{key}" if key else path, read(value), child.line)

    def setting(self, aspect: Aspect, name: str, scalar: Scalar, setting: str, *, text_stays: bool = True) -> None:
        """Add a value that may be or hold a secret, judged by the name of its `setting` and its form.

        A text of several lines with a secret in it stays in its aspect, unless `text_stays` is false: most of what
        changes in a file or a script is no secret.
        """
        value = "" if scalar.null else scalar.text
        shown = protect(setting, value, self._mask)
        if shown.secret and not (text_stays and "\n" in shown.text.strip()):
            aspect = Aspect.SECRET
        self.fields.append(Field(aspect, name, shortened(shown.text), scalar.line))

    def tree(self, aspect: Aspect, node: Node, path: str, setting: str = "", skip: Container[str] = _NOTHING) -> None:
        """Add every leaf below `node` under its path in dots, but what stands at a path of `skip`."""
        if isinstance(node, Scalar):
            self.setting(aspect, path, node, setting)
        elif isinstance(node, Mapping):
            self._mapping(aspect, node, path, setting, skip)
        else:
            self._sequence(aspect, node, path, setting, skip)

    def _mapping(self, aspect: Aspect, node: Mapping, path: str, setting: str, skip: Container[str]) -> None:
        if not node.entries:
            self.put(aspect, path, "{}", node.line)
        for key, child in node.entries.items():
            below = f"{path}.{key}" if path else key
            if below in skip:
                continue
            if key in _SECRET_TREES:
                self.secret_tree(child, below)
            else:
                # An item `{name: Authorization, value: ...}` is judged by its name.
                self.tree(aspect, child, below, setting if setting and key == "value" else key, skip)

    def _sequence(self, aspect: Aspect, node: Sequence, path: str, setting: str, skip: Container[str]) -> None:
        if not node.items:
            self.put(aspect, path, "[]", node.line)
        # An item of a list of keys or tokens may be known by nothing but the secret itself.
        hidden = is_secret_name(setting)
        if hidden:
            labels = [str(place) for place in range(len(node.items))]
        else:
            labels = item_labels(node.items, words=isinstance(node, Bag))
        for label, item in zip(labels, node.items, strict=True):
            below = f"{path}[{label}]"
            if hidden and isinstance(item, Mapping):
                self._hidden_item(aspect, item, below, setting)
            elif isinstance(item, Scalar):
                self.setting(aspect, below, item, setting)
            else:
                self.tree(aspect, item, below, text(item, "name") or text(item, "key") or setting, skip)

    def _hidden_item(self, aspect: Aspect, item: Mapping, path: str, setting: str) -> None:
        rest = dict(item.entries)
        for key in ("key", "value"):
            node = rest.get(key)
            if isinstance(node, Scalar):
                self.setting(aspect, f"{path}.{key}", node, setting)
                del rest[key]
        if rest or not item.entries:
            self._mapping(aspect, Mapping(rest, item.line, item.lines), path, "", _NOTHING)

    def arguments(self, node: Node, path: str) -> None:
        """Add a command line: `--flag=value` by its flag, other words by their place among those.

        So an added flag is one change instead of a shift of all that follow. A word is judged by the flag before it.
        """
        if not isinstance(node, Sequence) or not node.items:
            self.tree(Aspect.CONFIG, node, path)
            return
        words, flag = 0, ""
        taken: set[str] = set()
        for item in node.items:
            if not isinstance(item, Scalar):
                self.tree(Aspect.CONFIG, item, f"{path}[{words}]")
                words += 1
                continue
            name, equals, value = item.text.partition("=")
            if equals and name not in taken and _FLAG.fullmatch(name):
                taken.add(name)
                scalar = Scalar(value, item.line, plain=False)
                self.setting(Aspect.CONFIG, f"{path}[{name}]", scalar, name)
                flag = ""
                continue
            self.setting(Aspect.CONFIG, f"{path}[{words}]", Scalar(item.text, item.line, plain=False), flag)
            flag = item.text if item.text.startswith("-") and not equals else ""
            words += 1
