"""The `rules:` and `checks:` of `assay.yaml`: rules of the user's own, and levels of all of them.

What a rule compares is the raw text of a field, as everywhere: `1.10` is not `1.1`, and `True` is not `true`. Numbers
are compared by `at_least` and `at_most` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import SchemaError, SchemaValidator, core_schema

from generator.config.cleaning import clean_text, distinct, flag, one_or_many, refuse
from generator.config.closed import Closed, OrWords
from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

OPERATORS: Final = (
    "exist",
    "absent",
    "equal",
    "not_equal",
    "match",
    "one_of",
    "at_least",
    "at_most",
    "same_as_upstream",
)
"""What a rule may ask of a field."""
WORDS: Final = ("exist", "absent", "same_as_upstream")
"""Operators that stand alone; these can be asked of a secret too, of which no more is known than whether it changed."""
PLACEHOLDERS: Final = ("component", "field", "value", "environment")
"""What may stand in braces in a message."""
LONGEST_REGEX = 200
"""Characters of a regular expression."""
MOST_RULES = 200

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
POLICY: Final = "policy/"
"""What the ids of rules begin with that policies of the repository bring."""
_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[numkMGTPE]|[KMGTPE]i)?")
_BRACES = re.compile(r"\{([A-Za-z_]{1,40})\}")


def compiled(expression: str) -> Callable[[str], bool]:
    """Return what tells whether a regular expression is found in a text; `^` and `$` hold it to the whole.

    The engine takes time linear in the text whatever the expression is, so a hostile one can't stop a run; it knows
    neither look-around nor back references. Raises ValueError where `expression` is none for it, or is too large.
    """
    try:
        return SchemaValidator(core_schema.str_schema(pattern=expression, regex_engine="rust-regex")).isinstance_python
    except SchemaError as error:
        lines = [line.strip() for line in f"{error}".splitlines() if line.strip()]
        raise ValueError(lines[-1].removeprefix("SchemaError: ").removeprefix("error: ").rstrip(".")) from error


def _clean_id(value: str) -> str:
    if len(value) > _LONGEST_ID or not _ID.fullmatch(value):
        fix = f"small letters and digits with `-` between words, {_LONGEST_ID} characters at most: `owner-label`"
        refuse(f"`{value}` is no id for a rule", fix)
    return value


def _clean_check(value: str) -> str:
    """Return the id of a rule, or that of a policy of the repository, whose name is known once its file is read."""
    return POLICY + _clean_id(value.removeprefix(POLICY)) if value.startswith(POLICY) else _clean_id(value)


def _clean_regex(value: str) -> str:
    clean_text(value)
    if len(value) > LONGEST_REGEX:
        refuse(f"a regular expression of {len(value)} characters", f"{LONGEST_REGEX} at most; use two rules")
    try:
        compiled(value)
    except ValueError as error:
        refuse(f"`{value}` is no regular expression: {error}", "write it without look-around and back references")
    return value


def _clean_amount(value: str) -> str:
    if not _AMOUNT.fullmatch(value):
        refuse(f"`{value}` is no number", "a number, or an amount of Kubernetes: `3`, `0.5`, `500m`, `2Gi`")
    return value


def _clean_message(value: str) -> str:
    for name in _BRACES.findall(clean_text(value)):
        if name not in PLACEHOLDERS:
            fix = suggestion(name, PLACEHOLDERS, "names in braces")
            refuse(f"`{{{name}}}` stands for nothing in a message", fix)
    return value


def _clean_pattern(value: str) -> str:
    if not clean_text(value).strip():
        refuse("is empty", "a name, with `*` for any text")
    return value


RuleId = Annotated[str, AfterValidator(_clean_id)]
"""Id of a rule: a slug."""
Pattern = Annotated[str, Field(max_length=300), AfterValidator(_clean_pattern)]
"""A text in which `*` stands for any text."""
_Text = Annotated[str, Field(max_length=1000), AfterValidator(clean_text)]
_Scalar = Annotated[_Text, WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A text that may look like a number or a boolean: it is taken as it is written."""
_Amount = Annotated[str, AfterValidator(_clean_amount), WithJsonSchema({"type": ["string", "number"]})]
_Flag = Annotated[bool, BeforeValidator(flag)]
FamilyName = Literal["references", "exposure", "resilience", "configuration", "supply", "promotion", "schema"]
LevelName = Literal["error", "warning", "note"]
RoleName = Literal["component", "exposure", "config", "secret", "volume", "external"]


class Where(Closed):
    """Which components a rule looks at; each key narrows it."""

    component: Pattern = "*"
    """Pattern of ids."""
    kind: Pattern = "*"
    """Pattern of kinds, such as `Deployment`."""
    role: RoleName | Literal[""] = ""
    """Role; empty for `component`, or for any where `kind` is given."""
    environment: Pattern = "*"
    """Pattern of names of environments."""
    labels: Annotated[dict[_Text, Pattern], Field(max_length=20)] = Field(default_factory=dict)
    """Labels that it must have, of its own or of its pods: key → pattern of the value."""


class Must(Closed):
    """What is asked of the fields; exactly one of these.

    But for `exist` and `same_as_upstream`, a component without such a field is left alone; another rule with
    `exist` finds it.
    """

    exist: _Flag = False
    """At least one such field, or label, is there."""
    absent: _Flag = False
    """None is there."""
    equal: _Scalar | None = None
    """The text of each is this one."""
    not_equal: _Scalar | None = None
    """The text of none is this one."""
    match: Annotated[str, AfterValidator(_clean_regex)] | None = None
    """The regular expression is found in the text of each; `^` and `$` hold it to the whole text."""
    one_of: Annotated[
        tuple[_Scalar, ...],
        Field(max_length=100),
        BeforeValidator(one_or_many),
        AfterValidator(distinct),
    ] = ()
    """The text of each is one of these."""
    at_least: _Amount | None = None
    """Each is this number or more: `3`, `0.5`, or an amount as Kubernetes writes it, `500m`, `2Gi`. What is no number
    is found as that."""
    at_most: _Amount | None = None
    """Each is this number or less, as `at_least` compares it."""
    same_as_upstream: _Flag = False
    """Each has the text that it has upstream, where the component is there; a secret, the same fingerprint."""

    @property
    def operator(self) -> str:
        """Return the one that is given."""
        return next(name for name in OPERATORS if self._given(name))

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:  # noqa: ANN401 - input that is not yet validated
        if isinstance(value, str):
            if value not in WORDS:
                refuse(f"`{value}` is nothing that a field must do", suggestion(value, OPERATORS, "operators"))
            return {value: "true"}
        return value

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in OPERATORS if self._given(name)]
        if len(given) != 1:
            told = f"says {' and '.join(f'`{name}`' for name in given)} at once" if given else "asks for nothing"
            refuse(told, f"exactly one of: {', '.join(OPERATORS)}")
        return self

    def _given(self, name: str) -> bool:
        return getattr(self, name) not in (None, False, ())


class UserRule(Closed):
    """A rule of the user's own on the fields of single components."""

    id: RuleId
    """Slug by which it is known in findings, in `checks` and in waivers; none of a built-in rule."""
    where: Where = Where()
    """Which components it looks at; all components of all environments where nothing is said."""
    field: Pattern
    """Pattern of names of fields. A name may start at any dot, so that `env.LOG_*` is that setting of whatever
    container, and `labels.team` that label of the object or of its pods; `ASPECT:PATTERN` keeps to one aspect."""
    must: Annotated[Must, OrWords(WORDS)]
    """What is asked of them: `exist`, `absent` or `same_as_upstream`, or a mapping such as `{equal: TEXT}`, with one
    of `equal`, `not_equal`, `match`, `one_of`, `at_least`, `at_most`."""
    level: LevelName = "warning"
    """Level of its findings."""
    family: FamilyName = "configuration"
    """What it looks after; pages group rules by it."""
    title: _Text = ""
    """What is wrong, in a few words; empty for the id in words."""
    message: Annotated[str, Field(max_length=300), AfterValidator(_clean_message)] = ""
    """Sentence of a finding, in which {component}, {field}, {value} and {environment} stand for these; empty for one
    that tells what was asked and what is there."""
    why: _Text = ""
    """Why it matters."""
    fix: _Text = ""
    """What to do about it."""


def _distinct_ids(rules: tuple[UserRule, ...]) -> tuple[UserRule, ...]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            refuse(f"the rule `{rule.id}` stands here twice", "give each rule an id of its own")
        seen.add(rule.id)
    return rules


UserRules = Annotated[tuple[UserRule, ...], Field(max_length=MOST_RULES), AfterValidator(_distinct_ids)]
"""The value of `rules:`, each with an id of its own."""
Checks = Annotated[
    dict[Annotated[str, AfterValidator(_clean_check)], Literal["off", "error", "warning", "note"]],
    Field(max_length=500),
]
"""The value of `checks:`: id of a rule → the level of all its findings, or `off`."""


@dataclass(frozen=True, slots=True)
class RuleIdFault:
    """An id that can't stand where it stands, before its place in the text is known."""

    location: tuple[str | int, ...]
    """Way to it from the root of the file."""
    reason: str
    fix: str
    at_key: bool
    """True where the key is at fault, false where its value is."""


def rule_id_faults(
    rules: Sequence[UserRule], checks: Mapping[str, object], known: Collection[str]
) -> Iterator[RuleIdFault]:
    """Yield the ids of `rules` that are among the `known` ones of other rules, and those of `checks` of no rule."""
    for place, rule in enumerate(rules):
        if rule.id in known:
            fix = f"give it another id, or set the level of the built-in one: `checks: {{{rule.id}: {rule.level}}}`"
            yield RuleIdFault(("rules", place, "id"), f"`{rule.id}` is the id of a built-in rule", fix, at_key=False)
    ids = {*known, *(rule.id for rule in rules)}
    for id_ in checks:
        if id_ not in ids and not id_.startswith(POLICY):
            yield RuleIdFault(("checks", id_), f"no rule is called `{id_}`", suggestion(id_, ids, "rules"), at_key=True)
