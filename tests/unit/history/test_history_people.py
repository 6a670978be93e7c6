from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.plain_git import TIME, blob, new_repository, raw_commit, raw_tree

from generator.errors import RefusedError
from generator.history.commands import Git
from generator.history.people import people_of

if TYPE_CHECKING:
    from pathlib import Path


def test_everybody_is_told_once_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "repository")
    tree = raw_tree(repository, [("100644", b"a", blob(repository, b"1"))])
    words = "Change\n\nApproved-by: Linus <l@x.example>\nReviewed-by: nobody in brackets\nCloses: <12>"
    ada, grace = (f"{name} {TIME + number} +0000" for number, name in enumerate(["Ada <a@x.example>", "Grace <>"]))
    first = raw_commit(repository, tree, author=ada, committer=grace, message=words)
    second = raw_commit(repository, tree, [first], author=grace, committer=ada)
    git = Git(str(repository / ".git"))
    assert people_of(git, second) == (("Ada", "a@x.example"), ("Grace", ""), ("Linus", "l@x.example"))
    with pytest.raises(RefusedError):
        people_of(git, "0" * 40)
