"""The paper on what can be taken away names every table with its columns, in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from generator.site.takeaway.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.site.takeaway.table import Table

PAPER = "docs/takeaway.md"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_those_of_the_paper(table: Table, paper: Callable[[str], str]) -> None:
    section = paper(PAPER).split(f"### {table.name}.csv\n")[1].split("\n#")[0]
    listed = section.strip().split("\n\n")[-1]
    assert tuple(re.findall(r"`([a-z0-9_]+)`", listed)) == tuple(table.head)
