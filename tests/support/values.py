"""Histories in one line a commit: settings files of two environments, an artifact each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.replay import Gathered, gathered, write_trees

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENVIRONMENTS = {"s": "staging", "p": "production"}
CONFIG = """\
environments:
  staging: {}
  production: {upstream: staging, production: true}
bulk: 3
model:
  - values: deploy/{environment}/{component}.yaml
    artifact: image
"""


def tree(line: str) -> dict[str, str]:
    """Return the files that `line` writes: words `p/api=A,replicas:2`, or `p/api=!` for a file that is no YAML.

    `p` and `s` are production and staging, `A` the image (nothing after `=`: an empty key), further settings follow
    after commas. A word `#text` puts a comment into every file.
    """
    words = line.split()
    comments = "".join(f"# {word[1:]}\n" for word in words if word.startswith("#"))
    files = {}
    for word in words:
        if word.startswith("#"):
            continue
        where, _, told = word.partition("=")
        environment, component = where.split("/")
        image, *settings = told.split(",")
        lines = [f"image: {image}\n"] + [f"{s.replace(':', ': ', 1)}\n" for s in settings]
        text = "image: [\n" if image == "!" else "".join(lines)
        files[f"deploy/{ENVIRONMENTS[environment]}/{component}.yaml"] = comments + text
    return files


def replay(tmp_path: Path, lines: Sequence[str]) -> Gathered:
    """Return what Assay reads in a history with one commit a line; a file that no word writes is deleted.

    Every commit also has a file outside of the model, so that a line may leave the model empty.
    """
    trees = [{"README": f"{number}\n", **tree(line)} for number, line in enumerate(lines)]
    return gathered(write_trees(tmp_path / "repository", trees), tmp_path / "evidence", CONFIG)
