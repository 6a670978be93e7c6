"""The files that results may stand in, each put where the deployment that it is about will look for it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from generator.config.results import KEYS, SHORTEST_COMMIT, SHORTEST_DIGEST, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.config.results import ResultSource
    from generator.errors import Unreadable


MOST_LOOKED_AT = 10_000
"""Files for one deployment that are told apart; more of them are too many in any case."""


class Listing(NamedTuple):
    """Files of one place, and how to read them."""

    files: Mapping[str, str]
    """Path, or for notes the full id of the commit → handle: the same handle is the same content."""
    read: ReadHandle
    note: str = ""
    """Why there are none, where there should be some."""


class ReadHandle(Protocol):
    """Reads the content behind a handle."""

    def __call__(self, handle: str, path: str, /) -> bytes | Unreadable:
        """Return the content, or why there is none; `path` only says where it stands."""
        ...


class ResultKeys(msgspec.Struct, frozen=True):
    """What the results of one deployment may be found by."""

    environment: str
    commit: str
    """Full id of the commit."""
    deployed: str = ""
    """Full id of the commit whose files are deployed, where a pin names another one."""
    tags: tuple[str, ...] = ()
    digest: str = ""
    """Environment version."""
    artifact_digests: tuple[str, ...] = ()
    """Digests of artifacts, with or without `sha256:` before them."""
    versions: tuple[str, ...] = ()
    """Tags of artifacts."""

    @property
    def commits(self) -> tuple[str, ...]:
        """Return the ids of the commits that a report may name."""
        return (self.commit, self.deployed) if self.deployed and self.deployed != self.commit else (self.commit,)

    @property
    def digests(self) -> tuple[str, ...]:
        """Return all digests, in hexadecimal alone."""
        found = (self.digest, *self.artifact_digests)
        return tuple(dict.fromkeys(bare for digest in found if (bare := _bare(digest))))


class Found(NamedTuple):
    """One file that fits a template."""

    path: str
    handle: str
    said: Mapping[str, str]
    """Text of each placeholder."""


class Files:
    """The files of one result, by what they say of their deployment."""

    def __init__(self, source: ResultSource, listing: Listing, environments: Sequence[str]) -> None:
        """Look once at every file of `listing`."""
        self.paths: set[str] = set()
        """Everything that fits."""
        self._buckets: dict[tuple[str, str], list[Found]] = {}
        self._key, self._by_environment = "commit", False
        if source.notes is None:
            self._key = next(key for key in KEYS if f"{{{key}}}" in source.template)
            self._by_environment = "{environment}" in source.template
            pattern = compiled(source.template, environments)
            fitting = ((path, pattern.fullmatch(path)) for path in sorted(listing.files))
            said = ((path, match.groupdict()) for path, match in fitting if match)
        else:
            said = ((commit, {"commit": commit}) for commit in sorted(listing.files))
        for path, texts in said:
            self.paths.add(path)
            found = Found(path, listing.files[path], texts)
            self._buckets.setdefault(self._bucket(texts[self._key], texts.get("environment", "")), []).append(found)

    def of(self, keys: ResultKeys) -> Sequence[Found]:
        """Return the files about a deployment, by path; more than `MOST_LOOKED_AT` come unsifted."""
        found: dict[str, Found] = {}
        for text in _texts(self._key, keys):
            bucket = self._buckets.get(self._bucket(text, keys.environment), ())
            if len(bucket) > MOST_LOOKED_AT:
                return bucket
            for one in bucket:
                if one.path not in found and all(_fits(key, value, keys) for key, value in one.said.items()):
                    found[one.path] = one
        return [found[path] for path in sorted(found)] if len(found) > 1 else [*found.values()]

    def _bucket(self, text: str, environment: str) -> tuple[str, str]:
        """Return where files are kept of which `text` may be the beginning, or the whole."""
        short = {"commit": SHORTEST_COMMIT, "digest": SHORTEST_DIGEST}.get(self._key)
        kept = _bare(text)[:short] if self._key == "digest" else text[:short]
        return (kept, environment if self._by_environment else "")


class Commits:
    """Every commit that is known, to tell whether the beginning of an id names one of them alone."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Take the full ids."""
        self._ids = sorted(set(ids))

    def ambiguous(self, beginning: str | None) -> bool:
        """Return whether more than one id begins so; nothing said is never ambiguous."""
        if beginning is None:
            return False
        place = bisect_left(self._ids, beginning)
        return len([one for one in self._ids[place : place + 2] if one.startswith(beginning)]) > 1


def _texts(key: str, keys: ResultKeys) -> Sequence[str]:
    match key:
        case "commit":
            return keys.commits
        case "digest":
            return keys.digests
        case "tag":
            return keys.tags
        case _:
            return keys.versions


def _fits(key: str, value: str, keys: ResultKeys) -> bool:
    match key:
        case "commit":
            return any(commit.startswith(value) for commit in keys.commits)
        case "digest":
            return any(digest.startswith(_bare(value)) for digest in keys.digests)
        case "environment":
            return value == keys.environment
        case _:
            return value in (keys.tags if key == "tag" else keys.versions)


def _bare(digest: str) -> str:
    return digest[7:] if digest.startswith(("sha256:", "sha256-", "sha256_")) else digest
