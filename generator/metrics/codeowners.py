"""CODEOWNERS files: who owns which file, by the rules that GitHub and GitLab publish for them.

Both read patterns much like those of `.gitignore`, and of the rules that fit, the last one counts. They part on this:
GitLab lets every path that begins without a slash stand in any folder, gives each section a say of its own, and takes
exceptions (`!`); GitHub takes neither, and ends a line at a `#`. A file in `.gitlab/`, or one with a section, is
GitLab's.

No library for `.gitignore` is used: `docs/*` means less here than there, and the regular expression that one makes of a
pattern such as `*a*a*a*a*a*a*a*a*b` runs for as long as whoever wrote the pattern likes. Here no pattern takes longer
than its own length times that of the path.
"""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_BYTES = 3_000_000
"""Largest file that is read, as on GitHub."""
MOST_RULES = 20_000
MOST_WILD = 4000
"""Names on the ways of all rules with wildcards together, since each of these is tried for every file."""
MOST_PROBLEMS = 20
"""Bad lines that are told one by one; of more, the number is."""
LONGEST_PATTERN = 1000
MOST_OWNERS = 50
DEEPEST = 40
"""Folders on the way to a file; one that lies deeper has no owners."""

_WORD = re.compile(r"(?:\\.|[^\s\\])+|\\")
_HEADING = re.compile(r"\^?\[(?P<name>[^\[\]]{1,200})\](?:\[\d{1,9}\])?(?P<owners>(?:\s.*)?)")
_OWNER = re.compile(r"@{1,2}\w[\w./-]{0,199}")
_ADDRESS = re.compile(r"(?P<name>[^\s@]{1,100})@[^\s@]{1,200}")
_PIECE = re.compile(r"\\(?P<escaped>.)|(?P<wild>\*+|\?)|(?P<plain>[^\\*?]+)")
_SETS = re.compile(r"(?<!\\)[\[\]]")
_ANY_FOLDERS = None
_Name = str | re.Pattern[str] | None
"""A name on the way to a file: as it is, as a pattern, or any number of folders."""


class _Rule(NamedTuple):
    """A line with a pattern."""

    names: tuple[_Name, ...]
    of_files: bool
    """Whether it fits a file of this path."""
    of_folders: bool
    """Whether it fits whatever lies in a folder of this path."""
    owners: tuple[str, ...]


class _Rules:
    """Rules in their order, of which the last one that fits is asked for."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._plain: dict[tuple[str, bool, bool], int] = {}
        """By path, whether that is a folder, and whether it may lie anywhere: number of the last rule for it."""
        self._wild: list[int] = []

    def add(self, rule: _Rule) -> None:
        number = len(self._rules)
        self._rules.append(rule)
        anywhere = rule.names[0] is _ANY_FOLDERS
        names = rule.names[anywhere:]
        texts = [name for name in names if isinstance(name, str)]
        if len(texts) < len(names):
            self._wild.append(number)
        else:
            path = "/".join(texts)
            self._plain |= {(path, folder, anywhere): number for folder in _fitted(rule)}

    def last(self, names: Sequence[str]) -> _Rule | None:
        """Return the last rule that fits the file with these names on its way; `None` where none does."""
        found = max(self._known(names), default=-1)
        for number in reversed(self._wild):
            if number < found:
                break
            if _fits(self._rules[number], names):
                found = number
                break
        return self._rules[found] if found >= 0 else None

    def _known(self, names: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of the rules without any pattern that fit."""
        for start in range(len(names) if self._plain else 0):
            for end in range(start + 1, len(names) + 1):
                path, folder = "/".join(names[start:end]), end < len(names)
                for anywhere in (True, False) if start == 0 else (True,):
                    yield self._plain.get((path, folder, anywhere), -1)


class _Section:
    """Rules that have a say of their own."""

    def __init__(self, owners: tuple[str, ...] = ()) -> None:
        self.owners = owners
        """Owners of what its rules name without an owner."""
        self.rules, self.excluded = _Rules(), _Rules()

    def of(self, names: Sequence[str]) -> tuple[str, ...]:
        found = self.rules.last(names)
        return found.owners if found is not None and self.excluded.last(names) is None else ()


class CodeOwners:
    """What one file says; without sections it says nothing."""

    def __init__(self, sections: Sequence[_Section] = ()) -> None:
        """Take the sections as they are."""
        self._sections = sections

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of the file at `path`, sorted; none where nobody owns it.

        Handles and teams as written; of an address, what stands before the `@`: no record holds an address.
        """
        names = path.split("/")
        if not path or len(names) > DEEPEST:
            return ()
        return tuple(sorted({owner for section in self._sections for owner in section.of(names)}))


def parse_codeowners(data: bytes, path: str) -> tuple[CodeOwners, tuple[Unreadable, ...]]:
    """Return what the file `path` says, and every line of it that can't be taken; it never raises.

    A bad line costs that line alone, as on the hosting services. Reasons quote nothing.
    """
    if len(data) > MAX_BYTES:
        reason = f"{len(data)} bytes, more than the {MAX_BYTES} that are read"
        return CodeOwners(), (Unreadable("codeowners-large", reason, Place(path), "name folders, not files"),)
    lines = data.decode("utf-8", "replace").split("\n")
    gitlab = path.startswith(".gitlab/") or any(_HEADING.fullmatch(line.strip()) for line in lines if "[" in line)
    reading = _Reading(path, gitlab=gitlab)
    for number, line in enumerate(lines, 1):
        reading.take(line.strip(), number)
    return CodeOwners(tuple(reading.sections.values())), reading.told()


class _Reading:
    """One file while it is read."""

    def __init__(self, path: str, *, gitlab: bool) -> None:
        self._path, self._gitlab = path, gitlab
        self._here = _Section()
        self.sections = {"": self._here}
        self._count = self._wild = 0
        self._problems: list[Unreadable] = []
        self._more = 0

    def take(self, line: str, number: int) -> None:
        """Take in one line."""
        if not line or line.startswith("#"):
            return
        heading = _HEADING.fullmatch(line) if self._gitlab else None
        if heading is not None:
            self._begin(heading["name"].strip().lower(), heading["owners"].split())
            return
        if self._count >= MOST_RULES:
            self._refuse(number, f"more than the {MOST_RULES} rules that are read")
            return
        pattern, *words = _WORD.findall(line)
        wrong = self._wrong(pattern) or self._taken(pattern, words)
        if wrong:
            self._refuse(number, wrong)

    def _begin(self, name: str, words: Sequence[str]) -> None:
        """Go on with a section; one that was there before goes on too."""
        owners = tuple(filter(None, map(_owner, words)))[:MOST_OWNERS]
        self._here = self.sections.setdefault(name, _Section(owners))
        self._here.owners = owners or self._here.owners

    def _wrong(self, pattern: str) -> str:
        """Return why a pattern can't be taken; empty where it can."""
        if len(pattern) > LONGEST_PATTERN:
            return f"a pattern of {len(pattern)} characters, more than the {LONGEST_PATTERN} that are read"
        if _SETS.search(pattern):
            return "a set of characters in brackets, which no pattern of a path may have"
        if pattern.startswith("!") and not self._gitlab:
            return "an exception, which GitHub does not take"
        return "" if _names(pattern.removeprefix("!"), relative=False) else "a pattern that names no path"

    def _taken(self, pattern: str, words: Sequence[str]) -> str:
        """Take in a rule; return why its owners can't be."""
        excluding = self._gitlab and pattern.startswith("!")
        plain = pattern.removeprefix("!") if excluding else pattern
        if not self._gitlab:
            words = words[: next((at for at, word in enumerate(words) if word.startswith("#")), len(words))]
        owners = tuple(filter(None, map(_owner, words)))
        if len(owners) < len(words) and (not owners or not self._gitlab):
            return "an owner that is neither `@name`, `@organisation/team` nor an address"
        if len(owners) > MOST_OWNERS:
            return f"{len(owners)} owners, more than the {MOST_OWNERS} that are read"
        names = _names(plain, relative=self._gitlab)
        if any(isinstance(name, re.Pattern) for name in names) or _ANY_FOLDERS in names[1:]:
            if self._wild + len(names) > MOST_WILD:
                return f"rules with wildcards of more than the {MOST_WILD} names that are read"
            self._wild += len(names)
        files, folders = not plain.endswith("/"), not plain.endswith("/*")
        # A pattern for any name alone goes for all files, and `/**` for all below.
        everything = len(names) > 1 and names[-2] is _ANY_FOLDERS
        rule = _Rule(names, files, folders or everything, owners or self._here.owners)
        (self._here.excluded if excluding else self._here.rules).add(rule)
        self._count += 1
        return ""

    def _refuse(self, line: int, reason: str) -> None:
        if len(self._problems) >= MOST_PROBLEMS:
            self._more += 1
            return
        fix = "write `PATTERN @owner @organisation/team`, a rule a line"
        self._problems.append(Unreadable("codeowners-line", f"line {line}: {reason}", Place(self._path, line), fix))

    def told(self) -> tuple[Unreadable, ...]:
        """Return what could not be taken."""
        if not self._more:
            return tuple(self._problems)
        more = Unreadable("codeowners-line", f"{self._more} more lines that can't be taken", Place(self._path))
        return (*self._problems, more)


def _owner(word: str) -> str:
    """Return an owner as it is told; empty for what is none."""
    if _OWNER.fullmatch(word):
        return word
    address = _ADDRESS.fullmatch(word)
    return address["name"] if address else ""


def _names(pattern: str, *, relative: bool) -> tuple[_Name, ...]:
    """Return the names on the way that a pattern tells; none where it tells none.

    With `relative` it may lie in any folder unless it begins with a slash, else unless it has one before its end.
    """
    inner = pattern.removesuffix("/")
    anchored = inner.startswith("/") if relative else "/" in inner
    found: list[_Name] = [] if anchored else [_ANY_FOLDERS]
    for text in inner.strip("/").split("/"):
        if text == "**":
            if found[-1:] != [_ANY_FOLDERS]:
                found.append(_ANY_FOLDERS)
        elif text:
            found.append(_name(text))
    if found[-1:] == [_ANY_FOLDERS]:
        return (*found, re.compile(fnmatch.translate("*"))) if "*" in inner else ()
    return tuple(found)


def _name(text: str) -> str | re.Pattern[str]:
    """Return one name: as text, or ready to be matched where it has wildcards."""
    plain, pattern, wild = "", "", False
    for piece in _PIECE.finditer(text):
        if piece["wild"]:
            wild = True
            pattern += "?" if piece["wild"] == "?" else "*"
        else:
            literal = piece["escaped"] or piece["plain"]
            plain += literal
            pattern += re.sub(r"[\[*?]", r"[\g<0>]", literal)
    return re.compile(fnmatch.translate(pattern)) if wild else plain


def _fitted(rule: _Rule) -> Iterator[bool]:
    """Yield whether it is a folder for each thing that a rule fits."""
    if rule.of_files:
        yield False
    if rule.of_folders:
        yield True


def _fits(rule: _Rule, names: Sequence[str]) -> bool:
    """Return whether a rule fits a file; every way through it is followed at once, so that none is gone back."""
    wanted = rule.names
    places = _from({0}, wanted)
    for passed, name in enumerate(names, 1):
        after = {p for p in places if p < len(wanted) and wanted[p] is _ANY_FOLDERS}
        after |= {p + 1 for p in places if p < len(wanted) and _is(wanted[p], name)}
        places = _from(after, wanted)
        if len(wanted) in places and (rule.of_files if passed == len(names) else rule.of_folders):
            return True
        if not places:
            return False
    return False


def _from(places: set[int], wanted: Sequence[_Name]) -> set[int]:
    """Return `places` with those that are reached by taking no folder for any number of them."""
    return places | {p + 1 for p in places if p < len(wanted) and wanted[p] is _ANY_FOLDERS}


def _is(wanted: _Name, name: str) -> bool:
    return wanted == name if isinstance(wanted, str) else wanted is not None and wanted.match(name) is not None
