"""A repository, opened read-only: found, looked over before anything of it is trusted, and its refs resolved."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast

from generator.errors import Place, RefusedError
from generator.history.between import between, changed_paths, first_parent, merge_base, on_chain
from generator.history.blobs import Blobs
from generator.history.chains import Chain
from generator.history.commands import Git, finish
from generator.history.commits import SUBMODULE, SYMLINK, Commit, newest_commit, whole_commit
from generator.history.merged import merged_authors
from generator.history.notes import annotations_of
from generator.history.ownership import refuse_foreign_owner
from generator.history.people import people_of
from generator.history.refs import full_name, leads_to, tag_objects
from generator.history.signing.signatures import Signatures
from generator.history.tracks import PinTrack, TagTrack, dated_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from generator.errors import Unreadable
    from generator.history.chains import Known
    from generator.history.notes import Annotations
    from generator.history.signing.signatures import Keys

WHOLE_IN_CI = "GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0, Jenkins: cloneOption(shallow: false)"
"""What each of the pipelines that clone shallowly is told, so that it clones everything."""
_LONGEST_POINTER = 4096
_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Repository:
    """One repository. Build it with `open_repository`."""

    def __init__(self, git_dir: Path, work_tree: Path | None, *, shallow: bool) -> None:
        """Read the repository in `git_dir`."""
        self.git_dir = git_dir
        self.work_tree = work_tree
        """Folder of the checked-out files; `None` for a bare repository."""
        self.shallow = shallow
        """True where older commits are cut off."""
        self._git = Git(str(git_dir))

    def resolve(self, ref: str) -> str | None:
        """Return the full id of the commit that `ref` names; `None` where an empty repository's HEAD names none."""
        try:
            out = self._git.output(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"]
            ).strip()
        except RefusedError as fault:
            if fault.code != "git":
                raise
            if ref == "HEAD" and not self._git.output(["for-each-ref", "--count=1"]):
                return None
            fix = "name a branch, tag or commit that is there, as `ref:` or with --ref"
            raise RefusedError("ref", f"no commit is named {ref!r}", fix=fix) from fault
        # git prints the option marker too in the versions that do not know it here.
        found = _OBJECT_ID.search(out)
        if found is None:
            raise RefusedError("ref", f"no commit is named {ref!r}", fix="name a branch, tag or commit")
        return found.group().decode("ascii")

    def files(self, commit: str) -> dict[str, str]:
        """Return path → object id of every file of a commit; links and submodules are left out."""
        return self.files_and_links(commit)[0]

    def files_and_links(self, commit: str) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return path → object id of every file of a commit, and the paths of its symbolic links; no submodules."""
        process = self._git.start(["ls-tree", "-r", "-z", "--full-tree", commit])
        out = cast("IO[bytes]", process.stdout).read()
        finish(process, "git ls-tree")
        files: dict[str, str] = {}
        links: list[str] = []
        for entry in out.split(b"\0"):
            head, _, name = entry.partition(b"\t")
            if name:
                mode, _, blob = head.decode("ascii").split(" ")
                path = name.decode("utf-8", "backslashreplace")
                if mode == SYMLINK:
                    links.append(path)
                elif mode != SUBMODULE:
                    files[path] = blob
        return files, tuple(links)

    def former_files(self, head: str) -> list[str]:
        """Return the paths that a commit of the first-parent chain took away, sorted."""
        options = ["--diff-merges=first-parent", "--no-renames", "--diff-filter=D", "--name-only", "--format="]
        process = self._git.start(["log", "--first-parent", *options, "-z", "--no-show-signature", head])
        out = cast("IO[bytes]", process.stdout).read()
        finish(process, "git log")
        return sorted({p.decode("utf-8", "backslashreplace") for p in out.split(b"\0") if p})

    def chain(self, head: str, limit: int | None = None, base: str = "", known: Known | None = None) -> Chain:
        """Return the first-parent chain of `head`; `limit` keeps the newest commits only.

        With `base` it is that of `base`, and `head` is one step more: all that lies between comes with it. What is
        `known` of a commit counts for nothing in a clone that is shallow, where chains end early.
        """
        return Chain(self._git, head, limit, base, None if self.shallow else known)

    def merge_base(self, base: str, head: str) -> str:
        """Return the newest commit that both lead to, as a full id; empty where they share none."""
        return merge_base(self._git, base, head)

    def between(self, start: str, end: str) -> frozenset[str]:
        """Return the full ids of the commits that `end` leads to and `start`, which may be empty, does not."""
        return between(self._git, start, end)

    def first_parent(self, commit: str) -> str:
        """Return the full id of the first parent of `commit`; empty where it has none."""
        return first_parent(self._git, commit)

    def on_chain(self, start: str, end: str) -> bool:
        """Return whether `start` stands in the first-parent chain of `end`, or is `end`."""
        return on_chain(self._git, start, end)

    def changed_paths(self, start: str, end: str) -> frozenset[str]:
        """Return the paths that differ between two commits; every path of `end` where `start` is empty."""
        return changed_paths(self._git, start, end)

    def chain_length(self, head: str) -> int:
        """Return how many commits the whole first-parent chain of `head` has."""
        process = self._git.start(["rev-list", "--first-parent", "--count", head, "--"])
        out = cast("IO[bytes]", process.stdout).read()
        finish(process, "git rev-list")
        return int(out)

    def tagged(self, pattern: str) -> TagTrack:
        """Return the history of the tags that fit `pattern`."""
        return TagTrack(self._git, pattern)

    def pinned(self, chain: Chain, file: str, read: Callable[[str, str], str | Unreadable]) -> PinTrack:
        """Return the history of what `file` pins along `chain`; `read` gives the pin, by object id and path."""
        return PinTrack(self._git, chain, file, read)

    def ancestry(self, heads: Sequence[str]) -> list[tuple[str, int, tuple[str, ...]]]:
        """Return every commit that `heads` lead to as (id, commit time, parents), parents first."""
        return dated_order(self._git, heads)

    def branches(self) -> list[str]:
        """Return the names of the branches, those of the remote `origin` included, sorted."""
        shape = "--format=%(refname)"
        out = self._git.output(["for-each-ref", shape, "refs/heads/", "refs/remotes/origin/"])
        names = out.decode("utf-8", "backslashreplace").split()
        short = {n.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/") for n in names}
        return sorted(short - {"HEAD"})

    def tags(self) -> list[str]:
        """Return the names of the tags, sorted."""
        out = self._git.output(["for-each-ref", "--format=%(refname:strip=2)", "refs/tags/"])
        return out.decode("utf-8", "backslashreplace").split("\n")[:-1]

    def tag_objects(self) -> dict[str, tuple[str, str]]:
        """Return every tag by its full name: the id of what it names, and of the commit it leads to, if to any."""
        return tag_objects(self._git)

    def full_name(self, ref: str) -> str:
        """Return the full name of the branch or tag that `ref` means here or at `origin`; empty where it is none."""
        return full_name(self._git, ref)

    def leads_to(self, head: str, commit: str) -> bool:
        """Return whether `commit` is here and `head` leads to it, by whichever parents."""
        return leads_to(self._git, head, commit)

    def resolve_branch(self, ref: str) -> str:
        """Return the full id of the commit that `ref` names here or, in a clone that has not, at its `origin`.

        Raises `RefusedError` where it names none.
        """
        try:
            found = self.resolve(ref)
        except RefusedError as fault:
            if fault.code != "ref":
                raise
            try:
                found = self.resolve(f"refs/remotes/origin/{ref}")
            except RefusedError:
                raise fault from None
        if found is None:
            raise RefusedError("ref", f"no commit is named {ref!r}", fix="name a branch, tag or commit")
        return found

    def whole(self, commit: str) -> Commit:
        """Return a commit with every file that it has, as changes."""
        return whole_commit(self._git, commit)

    def newest(self, head: str) -> Commit:
        """Return the commit `head` itself, without its files."""
        return newest_commit(self._git, head)

    def blobs(self) -> Blobs:
        """Return a reader of file contents, to use as a context manager."""
        return Blobs(self._git)

    def annotations(self, ref: str, /) -> Annotations:
        """Return the notes of a notes ref, by the commits that they are on."""
        return annotations_of(self._git, ref)

    def signatures(self, keys: Keys | None) -> Signatures:
        """Return a judge of signatures by `keys`, to use as a context manager."""
        return Signatures(self._git, keys)

    def merged_authors(self, head: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return, by merge of the first-parent chain of `head`, name and address of those who wrote what it brought."""
        return merged_authors(self._git, head)

    def people(self, head: str) -> tuple[tuple[str, str], ...]:
        """Return name and address of everybody whom the history of `head` names, in the order in which they came."""
        return people_of(self._git, head)

    def notes(self) -> tuple[str, ...]:
        """Return what about this repository a reader of the report should know, each one sentence."""
        found = []
        if self._git.output(["for-each-ref", "--count=1", "refs/replace/"]):
            found.append("The repository has replaced objects; they are ignored, and history is read as it was made.")
        if (self.git_dir / "info" / "grafts").exists():
            found.append("The repository has grafts; they are ignored, and history is read as it was made.")
        return tuple(found)


def open_repository(path: Path, *, allow_shallow: bool = False) -> Repository:
    """Open the repository at `path`, a folder inside it, or a bare one, also one whose `config` file is missing.

    Raises `RefusedError` for what is no repository, belongs to somebody else, borrows objects from outside of
    itself, is shallow without `allow_shallow`, or is kept in a format that git here can't read.
    """
    git_dir, work_tree = _locate(path)
    common = _common_dir(git_dir)
    refuse_foreign_owner(git_dir)
    _refuse_alternates(common)
    shallow = (common / "shallow").exists()
    if shallow and not allow_shallow:
        fix = f"git fetch --unshallow (in CI {WHOLE_IN_CI}), or --allow-shallow for a report that says so"
        raise RefusedError("shallow", "a shallow clone: older history is cut off", place=Place(str(path)), fix=fix)
    repository = Repository(git_dir, work_tree, shallow=shallow)
    # Answers at once or says why not: an unknown format, a configuration that never ends.
    repository.notes()
    return repository


def _locate(path: Path) -> tuple[Path, Path | None]:
    """Return the git directory and the work tree.

    Nothing but names is looked at, and no git is run: GitPython reads the configuration as it opens a repository, and
    a configuration may include a pipe that never ends.
    """
    if not path.exists():
        raise RefusedError("no-repository", "no such folder", place=Place(str(path)), fix="check --repo")
    start = path.resolve()
    for folder in (start, *start.parents):
        if _is_git_dir(folder):
            return folder, None
        dot = folder / ".git"
        if dot.is_dir() and _is_git_dir(dot):
            return dot.resolve(), folder
        if dot.is_file() and (pointed := _pointed(dot)) is not None and _is_git_dir(pointed):
            return pointed, folder
    fix = "name a folder with a git repository by --repo"
    raise RefusedError("no-repository", "not a git repository", place=Place(str(path)), fix=fix)


def _is_git_dir(folder: Path) -> bool:
    """Return whether a folder has what git needs; its `config` may be missing."""
    head = folder / "HEAD"
    if not (head.is_symlink() or head.is_file()):
        return False
    common = _common_dir(folder)
    return (common / "objects").is_dir() and (common / "refs").is_dir()


def _pointed(dot: Path) -> Path | None:
    """Return the git directory that a `.git` file of a work tree or submodule names."""
    if dot.stat().st_size > _LONGEST_POINTER:
        return None
    word, _, target = dot.read_text("utf-8", "replace").strip().partition(" ")
    return (dot.parent / target).resolve() if word == "gitdir:" else None


def _common_dir(git_dir: Path) -> Path:
    """Return where objects and refs are: a work tree added later has them in the main repository."""
    pointer = git_dir / "commondir"
    if not pointer.is_file() or pointer.stat().st_size > _LONGEST_POINTER:
        return git_dir
    return (git_dir / pointer.read_text("utf-8", "replace").strip()).resolve()


def _refuse_alternates(common: Path) -> None:
    file = common / "objects" / "info" / "alternates"
    if not file.exists():
        return
    for line in file.read_text("utf-8", "replace").splitlines():
        target = (common / "objects" / line).resolve()
        if line and not line.startswith("#") and common not in target.parents:
            reason = f"objects are borrowed from outside of the repository: {line}"
            fix = "git repack -a -d, then remove objects/info/alternates"
            raise RefusedError("alternates", reason, place=Place(str(file)), fix=fix)
