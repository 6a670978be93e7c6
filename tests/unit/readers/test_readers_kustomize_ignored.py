"""Patterns that say which files are kept out of a repository, compared with git's own where git is asked."""

import time
from pathlib import Path

import pytest
from support.plain_git import git, new_repository
from support.plain_tree import PlainTree

from generator.readers.kustomize.ignored import ignored_by, provided_by

PATTERNS = """# a comment
*.pem
!*.enc.pem
/top.txt
build/
deep/**/x.yaml
**/any.yaml
a/*/c.txt
[ab]?.json
![!a]c.json
literal\\*.txt
inner/keep.txt
"""
PATHS = """a.pem k/a.pem a.enc.pem k/b.enc.pem top.txt k/top.txt build/x.txt k/build/y/z.txt build deep/x.yaml
deep/a/b/x.yaml any.yaml k/l/any.yaml a/b/c.txt a/b/d/c.txt ac.json bc.json cc.json k/ab.json literal*.txt
literalx.txt inner/keep.txt k/inner/keep.txt k/local.txt local.txt k/not.txt""".split()  # noqa: SIM905 - a list of paths


def test_the_same_files_are_ignored_as_by_git(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r")
    nested = "/local.txt\n!a.pem\n"
    (repository / ".gitignore").write_text(PATTERNS)
    (repository / "k").mkdir()
    (repository / "k/.gitignore").write_text(nested)
    told = git(repository, "check-ignore", "--no-index", "--stdin", data="\n".join(PATHS).encode(), check=False)
    tree = PlainTree({".gitignore": PATTERNS, "k/.gitignore": nested})
    assert [path for path in PATHS if ignored_by(path, tree)] == told.splitlines()


def test_the_file_that_says_so_is_named() -> None:
    tree = PlainTree({".gitignore": "*.txt\n", "k/.gitignore": "*.pem\n"})
    assert ignored_by("k/a.txt", tree) == ".gitignore"
    assert ignored_by("k/a.pem", tree) == "k/.gitignore"
    assert not ignored_by("a.pem", tree)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**/secrets/*.yaml", "a/b/secrets/x.yaml", True),
        ("**/secrets/*.yaml", "secrets/x.yaml", True),
        ("**/secrets/*.yaml", "secrets/deep/x.yaml", False),
        ("keycloak/cacerts", "overlays/prod/keycloak/cacerts", True),
        ("keycloak/cacerts", "overlays/prod/notkeycloak/cacerts", False),
        ("*.pem", "a/b.pem", True),
        ("made/**", "app/made/x/y.yaml", True),
        ("", "x", False),
    ],
)
def test_what_is_named_as_provided(pattern: str, path: str, fits: bool) -> None:  # noqa: FBT001 - the expectation
    assert provided_by([pattern], path) == (pattern if fits else "")


def test_a_hostile_pattern_takes_no_time() -> None:
    tree = PlainTree({".gitignore": "*a" * 400 + "b\n" + "**/" * 300 + "x\n" + "[\n\\\n!\n"})
    begin = time.perf_counter()
    ignored_by("a" * 200, tree)
    ignored_by("a/" * 100 + "a", tree)
    assert time.perf_counter() - begin < 2
