"""The plain form that people write: lists of records by their kind, in YAML, JSON or CSV."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from generator.config.suggestions import suggestion
from generator.documents.tree import Scalar
from generator.documents.tree import Sequence as Items
from generator.errors import Place, Unreadable, one_line
from generator.events.forms import FORMS, WORDS, Refused, take
from generator.events.limits import MAX_PROBLEMS, MAX_PROBLEMS_OF_RECORD, MAX_SUGGESTIONS, few
from generator.events.rows import item_of, row_of
from generator.events.values import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.documents.tree import Node
    from generator.events.csv_text import CsvText
    from generator.events.forms import Event, Form
    from generator.events.json_text import JsonText
    from generator.events.rows import Item, Row

KIND = "record"
"""Key, or column, that tells which kind a record is where its place does not."""
_NO_KIND = "write `{}:` with one of {}, or name the `mapping` of an export where `records` names the file"
_NOTED = {"deployments": "commit", "approvals": "commit", "incidents": "deployment"}
"""Keys that name the commit that a record is of."""
_FILES = {
    "deploy": "deployments",
    "incident": "incidents",
    "outage": "downtime",
    "downtime": "downtime",
    "approval": "approvals",
}


class Gathering:
    """What came of one file so far."""

    def __init__(self, path: str, note_of: str = "") -> None:
        """Gather the records of the file at `path`, or of a note on the commit `note_of`."""
        self.path = path
        self._note_of = note_of
        self.events: list[Event] = []
        self._problems: list[Unreadable] = []
        self._more = 0
        self._looked_up = 0
        self._nameless: dict[int, int] = {}

    def add(self, form: Form, row: Row, *, spare: frozenset[str] = frozenset()) -> None:
        """Take in one record, or what is wrong with it.

        One without an id is named by its file and line; one of a note that names no commit is of the note's.
        """
        named = _NOTED.get(form.section)
        if self._note_of and named and named not in row.broken:
            row.values.setdefault(named, self._note_of)
        if "id" not in row.values and "id" not in row.broken and not form.keys["id"].required:
            count = self._nameless[row.line] = self._nameless.get(row.line, 0) + 1
            row.values["id"] = one_line(f"{self.path}:{row.line}{f'.{count}' if count > 1 else ''}")[-LONGEST:]
        room = MAX_PROBLEMS - len(self._problems)
        made = take(form, row, self.path, spare=spare, most=min(MAX_PROBLEMS_OF_RECORD, room))
        if isinstance(made, Refused):
            self._problems += made.problems
            self._more += made.more
        else:
            self.events.append(made)

    def refuse(self, what: str, reason: str, line: int, fix: str = "") -> None:
        """Keep that something can't be taken."""
        self.keep([Unreadable(f"record-{what}", reason, Place(self.path, line), fix)])

    def keep(self, problems: Sequence[Unreadable]) -> None:
        """Keep what can't be taken, and count what goes beyond the limit."""
        room = MAX_PROBLEMS - len(self._problems)
        self._problems += problems[:room]
        self._more += len(problems[room:])

    def nearest(self, word: str, known: Iterable[str], what: str) -> str:
        """Return what to write instead of `word`; nothing once that was looked up for many, since it is slow."""
        self._looked_up += 1
        return suggestion(one_line(word, 120), known, what) if self._looked_up <= MAX_SUGGESTIONS else ""

    @property
    def problems(self) -> tuple[Unreadable, ...]:
        """Return everything that can't be taken, in the order of its lines."""
        told = sorted(self._problems, key=lambda problem: problem.place.line)
        if self._more:
            reason = f"{self._more} more things in this file can't be taken"
            told.append(Unreadable("record-limit", reason, Place(self.path), "mend those that are told first"))
        return tuple(told)


def form_of_file(path: str) -> Form | None:
    """Return the kind of records that a file is called after; `None` where its name says nothing, or two things."""
    name = path.rpartition("/")[2].lower()
    found = {section for word, section in _FILES.items() if word in name}
    return FORMS[found.pop()] if len(found) == 1 else None


def entries(gathering: Gathering, form: Form, items: Iterable[Item]) -> None:
    """Take in the list of one section."""
    for item in few(gathering, items):
        row = row_of(item)
        if row is None:
            needed = ", ".join(f"{key.name}: ..." for key in form.keys.values() if key.required)
            reason = f"an entry of `{form.section}` that is no mapping"
            gathering.refuse("entry", reason, item.line, f"`- {{{needed}}}`")
        else:
            gathering.add(form, row)


def labelled(gathering: Gathering, items: Iterable[Item], fallback: Form | None = None) -> None:
    """Take in entries that tell their kind themselves, by the key `record`; else they are of the kind `fallback`."""
    for item in few(gathering, items):
        row = row_of(item)
        if row is None:
            gathering.refuse("entry", "an entry that is no mapping", item.line, f"a mapping with the key `{KIND}`")
            continue
        word = row.values.pop(KIND, "")
        form = WORDS.get(word.lower()) if word else fallback
        if form is None:
            said = f"`{one_line(word, 80)}` is no kind of record" if word else "a record that does not tell its kind"
            kinds = sorted(form.word for form in FORMS.values())
            fix = gathering.nearest(word, kinds, "kinds") if word else _NO_KIND.format(KIND, ", ".join(kinds))
            gathering.refuse("kind", said, row.line_of(KIND), fix)
        else:
            gathering.add(form, row)


def sections_fix() -> str:
    """Return how a file of records begins."""
    return f"write one of {', '.join(f'`{section}:`' for section in FORMS)}"


def plain_yaml(gathering: Gathering, roots: Iterable[Node]) -> None:
    """Take in the documents of a YAML file: a mapping of sections, a list of records that tell their kind, or one."""
    fallback = form_of_file(gathering.path)
    for root in roots:
        if isinstance(root, Scalar):
            if not root.null:
                gathering.refuse("section", "the file is no mapping of sections", root.line, sections_fix())
        elif isinstance(root, Items):
            labelled(gathering, map(item_of, root.items), fallback)
        elif KIND in root.entries or (fallback and all(isinstance(node, Scalar) for node in root.entries.values())):
            labelled(gathering, [item_of(root)], fallback)
        else:
            for section, node in root.entries.items():
                _section(gathering, section, node, root.lines[section])


def _section(gathering: Gathering, section: str, node: Node, line: int) -> None:
    form = FORMS.get(section)
    if form is None:
        reason = f"`{one_line(section, 80)}` is no section of records"
        gathering.refuse("section", reason, line, gathering.nearest(section, FORMS, "sections"))
    elif isinstance(node, Items):
        entries(gathering, form, map(item_of, node.items))
    elif not (isinstance(node, Scalar) and node.null):
        gathering.refuse("section", f"`{section}` is no list", line, "write a record a line, each behind `- `")


def plain_json(gathering: Gathering, text: JsonText) -> None:
    """Take in a file of JSON: an object of sections, or records that tell their kind."""
    members = text.section(frozenset(FORMS))
    if not members:
        labelled(gathering, text.items(), form_of_file(gathering.path))
        return
    for member, line in members:
        form = FORMS.get(member.key)
        items = text.array(member.position)
        if form is None:
            reason = f"`{one_line(member.key, 80)}` is no section of records"
            gathering.refuse("section", reason, line, gathering.nearest(member.key, FORMS, "sections"))
        elif items is None and not text.is_null(member.position):
            gathering.refuse("section", f"`{member.key}` is no list", line, "write the records into `[` and `]`")
        elif items is not None:
            entries(gathering, form, items)


def plain_csv(gathering: Gathering, text: CsvText) -> None:
    """Take in a file of CSV; a column that is not known costs the file, since what stands in it would be lost."""
    fallback = form_of_file(gathering.path)
    items = iter(text.items())
    first = next(items, None)
    known = {KIND, *(key for form in _forms(text, fallback) for key in form.keys)}
    unknown = [name for name in text.columns if name and name not in known]
    for name in unknown:
        reason = f"the column `{one_line(name, 80)}` is not known, so no row was read"
        gathering.refuse("column", reason, 1, gathering.nearest(name, known, "columns"))
    if not unknown and first is not None:
        labelled(gathering, chain([first], items), fallback)


def _forms(text: CsvText, fallback: Form | None) -> Iterable[Form]:
    return FORMS.values() if KIND in text.columns or fallback is None else [fallback]
