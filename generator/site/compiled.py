"""Templates as they were compiled, kept beside their sources as Python keeps its own modules.

To compile them takes half a second of each build. They are code, so they are not kept in the cache of a repository:
who may write there would choose what runs. Who may write beside the templates may write these.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING

import jinja2
from jinja2 import BytecodeCache

from generator.evidence.cached import read_sealed, write_sealed
from generator.evidence.stamps import COMPILED, code_stamp

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Compiled templates of one folder; those of others are compiled in each build."""

    def __init__(self, templates: Path) -> None:
        """Keep them beside those in the folder `templates`."""
        self._templates = templates
        # How they are compiled, and with what filters, is said by code.
        self._made_by = code_stamp() + jinja2.__version__.encode() + b"\0"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of a template's file; empty for one of another folder."""
        ours = filename == str(self._templates / name)
        return f"{name}.{sys.implementation.cache_tag}" if ours else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled from the very source of `bucket` by the very same code, if there is any."""
        data = read_sealed(self._templates / COMPILED / bucket.key) if bucket.key else None
        if data is not None and data[: len(self._made_by)] == self._made_by:
            bucket.load_bytecode(BytesIO(data[len(self._made_by) :]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where that is possible and wanted."""
        if bucket.key and not sys.dont_write_bytecode:
            made = self._made_by + bucket.bytecode_to_string()
            write_sealed(self._templates / COMPILED / bucket.key, made)
