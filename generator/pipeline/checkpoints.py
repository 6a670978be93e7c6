"""Where a run stood when it had taken in its history, kept so that the next run begins there.

What is kept is the memory of the run's stages, as a pickle that can hold data of ours and nothing else: no class of
another package but a few plain ones, and no function, can be named in it. It lies in the cache, is checked by its
digest, and is thrown away where anything that it depends on is other than it was; the history is then read again.
"""

from __future__ import annotations

import io
import pickle
import re
from typing import TYPE_CHECKING, Any

from generator.pipeline.collector import no_collector

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOMS = re.compile(
    r"generator\.(?:model|timeline|assurance|declarations|evidence|errors|history\.commits|config\.patterns"
    r"|readers\.reader|pipeline\.(?:losses|declaring|appended|counting|taken|stages|recalling))(?:\.|$)"
)
"""Where classes may come from: none of these rooms opens a file or starts a program when a value of it is made."""
_PLAIN = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("builtins", "bytearray"),
    ("builtins", "complex"),
    ("collections", "Counter"),
    ("collections", "OrderedDict"),
    ("collections", "deque"),
    ("rpds", "HashTrieMap"),
    ("rpds", "HashTrieSet"),
}
_SEAL = 32
"""Bytes of the digest that a checkpoint begins with."""


class NotKept(Exception):  # noqa: N818 - no fault: the history is read as a whole then
    """What is to be kept holds something that can't be, or what was kept can't be taken."""


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, anchors: Mapping[str, object]) -> None:
        super().__init__(file, protocol=5)
        self._names = {id(anchor): name for name, anchor in anchors.items()}

    def persistent_id(self, value: Any) -> str | None:  # noqa: ANN401 - pickle's own signature
        return self._names.get(id(value))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, anchors: Mapping[str, object]) -> None:
        super().__init__(file)
        self._anchors = anchors

    def persistent_load(self, name: Any) -> object:  # noqa: ANN401 - pickle's own signature
        try:
            return self._anchors[name]
        except KeyError:
            reason = f"nothing is called {name!r} here"
            raise NotKept(reason) from None

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - pickle's own signature
        if (module, name) not in _PLAIN and not (_ROOMS.match(module) and _is_data(name)):
            reason = f"{module}.{name} is no data of ours"
            raise NotKept(reason)
        found = super().find_class(module, name)
        if not isinstance(found, type):
            reason = f"{module}.{name} is no class"
            raise NotKept(reason)
        return found


def _is_data(name: str) -> bool:
    """Return whether a name is that of a class in its module itself: a dotted one leads to what others imported."""
    return "." not in name


def freeze(value: object, anchors: Mapping[str, object]) -> bytes:
    """Return `value` as bytes that `thaw` takes; `anchors` are the objects in it that the next run has its own of.

    Raises `NotKept` where it holds anything that can't be kept.
    """
    file = io.BytesIO()
    try:
        _Pickler(file, anchors).dump(value)
    except (pickle.PicklingError, AttributeError, TypeError, RecursionError) as fault:
        raise NotKept(str(fault)) from fault
    return file.getvalue()


def thaw(data: bytes, anchors: Mapping[str, object]) -> Any:  # noqa: ANN401 - whatever was frozen
    """Return what `freeze` was given, with this run's own `anchors` in it; raises `NotKept` for anything else."""
    try:
        with no_collector():
            return _Unpickler(io.BytesIO(data), anchors).load()
    except NotKept:
        raise
    except Exception as fault:
        raise NotKept(type(fault).__name__) from fault
