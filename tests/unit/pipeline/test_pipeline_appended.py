"""Declaration files that grow: what is read of them is what the whole of them says, and the old of it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.pipeline.appended import GrowingFile
from generator.pipeline.masking import parse_masked

PATH = ".assay/approvals.yaml"
FIRST = "# who said yes\nwaivers: []\napprovals:  # newest last\n  - {commit: 1a2b3c4d, by: Grace}\n"
PIECES = [
    "  - {commit: 2a2b3c4d, by: Ada}\n",
    "  - commit: 3a2b3c4d\n    by: Linus\n    reason: |\n      - no item\n      - none either\n",
    "\n",
    "    # deeper\n",
    "# at the left\n",
    "  - {commit: 4a2b3c4d, by: Kay, gate: g}",
    "\n  - [no, mapping]\n",
    "   - {commit: 5a2b3c4d, by: Off}\n",
    "incidents:\n  - {id: INC-1, commit: 1a2b3c4d}\n",
    "---\napprovals:\n  - {commit: 6a2b3c4d, by: Other}\n",
    "approvals: []\n",
    "- {commit: 7a2b3c4d, by: Left}\n",
    "  - {commit: 8a2b3c4d, by: &who Anchored}\n",
    "  - {commit: 9a2b3c4d, by: *who}\n",
    "  - {commit: aa2b3c4d, by: 'open\n",
    "    quoted'}\n",
]


@given(steps=st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3), max_size=6), flush=st.booleans())
def test_a_growing_file_says_what_the_whole_of_it_says(steps: list[list[str]], *, flush: bool) -> None:
    text = FIRST.replace("\n  - ", "\n- ") if flush else FIRST
    growing = GrowingFile()
    assert growing.read(text.encode(), PATH) == parse_masked(text.encode(), PATH)
    for step in steps:
        text += "".join(step).replace("  - ", "- ") if flush else "".join(step)
        assert growing.read(text.encode(), PATH) == parse_masked(text.encode(), PATH)


@pytest.mark.parametrize("form", ["  - {{commit: {0}, by: Ada}}\n", "  - commit: {0}\n    by: Ada\n"])
def test_entries_that_stood_there_before_are_not_read_again(form: str) -> None:
    growing = GrowingFile()
    text = "approvals:\n" + form.format("1a2b3c4d")
    before, _ = growing.read(text.encode(), PATH)
    after, _ = growing.read((text + form.format("2a2b3c4d")).encode(), PATH)
    assert [entry.commit for entry in after.approvals] == ["1a2b3c4d", "2a2b3c4d"]
    assert after.approvals[0] is before.approvals[0]


def test_an_edited_file_is_read_anew() -> None:
    growing = GrowingFile()
    growing.read(b"approvals:\n  - {commit: 1a2b3c4d, by: Ada}\n", PATH)
    found, problems = growing.read(
        b"approvals:\n  - {commit: 1a2b3c4d, by: Kay}\n  - {commit: 2a2b3c4d, by: X}\n", PATH
    )
    assert [entry.by for entry in found.approvals] == ["Kay", "X"]
    assert problems == ()
