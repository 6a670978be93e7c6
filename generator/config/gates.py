"""The `gates:` of `assay.yaml`: conditions that must hold before production, one condition a gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from generator.config.cleaning import clean_name, clean_text, distinct, flag, number, one_or_many, refuse
from generator.config.closed import Closed, Duration
from generator.config.freezing import Freeze
from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

CONDITIONS: Final = ("approval", "result", "soak", "freeze", "drift", "findings", "signed")
"""Keys of which a gate has exactly one."""
_GATE_KEYS: Final = frozenset({*CONDITIONS, "name", "environments", "except", "owner", "says"})
MOST_GATES = 100
"""Gates of one file."""
LONGEST_NAME = 80
"""Characters of a gate's name."""

Way = Literal["trailer", "merge", "tag", "commit", "file"]
"""How somebody says yes: a trailer of the message, merging it, signing a tag or the commit, an entry in a file."""
Worst = Literal["error", "warning", "note"]
Signed = Literal["commit", "tag", "either"]
Drift = Literal["pending", "ahead", "config", "structure"]
Excepted = Literal["initial", "forward", "rollback", "redo", "redeploy", "roll-forward", "hotfix"]

_TEXTS: Final = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_LEVELS: Final = ("error", "warning", "note")
_Line = Annotated[str, AfterValidator(clean_text)]
_Flag = Annotated[bool, BeforeValidator(flag)]


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        refuse("names nothing", "leave the key out for all of them")
    return values


def _more_than_nothing(duration: int) -> int:
    if not duration:
        refuse("a soak of no time asks for nothing", "a time such as `24h`, or no gate")
    return duration


_Many = (BeforeValidator(one_or_many), AfterValidator(distinct), AfterValidator(_some), WithJsonSchema(_TEXTS))


def _level_alone(value: object) -> object:
    return {"level": value} if isinstance(value, str) else value


def _window_alone(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class _Or:
    """Says in the published schema that one of some words may stand in the place of a mapping."""

    words: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        """Return the schema of either form."""
        return {"anyOf": [{"enum": list(self.words)}, handler(schema)]}


def _gate_name(value: str) -> str:
    if not clean_text(value).strip():
        refuse("is empty", "a name of one or several words")
    if len(value) > LONGEST_NAME:
        refuse(f"a name of {len(value)} characters", f"{LONGEST_NAME} at most")
    return value


class ApprovalTerms(Closed):
    """Who must have said yes, and how."""

    by: Annotated[tuple[Way, ...], *_Many] = ("trailer", "merge", "tag", "commit", "file")
    """Ways that count. Tags and commits count where their signature is good by a known key."""
    count: Annotated[int, Field(ge=1, le=20), BeforeValidator(number)] = 1
    """How many different people."""
    four_eyes: _Flag = True
    """Whether it must be somebody else than the author, and for a merge than any author of what it merged."""


class DriftTerms(Closed):
    """How far the environment may be from its upstream."""

    most: Annotated[int, Field(ge=0, le=1_000_000), BeforeValidator(number)] = 0
    """Most differences that may stand; accepted and expected ones are left out."""
    older_than: Duration = 0
    """Only differences that are older than this count."""
    classes: Annotated[tuple[Drift, ...], *_Many] = ("pending", "ahead", "config", "structure")
    """Classes of drift that count."""


class FindingsTerms(Closed):
    """Which findings may not stand; waived ones are left out."""

    level: Worst = "error"
    """A finding of this level, or of a worse one, fails the gate."""
    new: _Flag = False
    """Whether only findings count that begin with the deployment."""


class Gate(Closed):
    """A condition that must hold before production."""

    name: Annotated[str, AfterValidator(_gate_name)]
    """Name of the gate, as pages show it."""
    approval: ApprovalTerms | None = None
    """Somebody said yes."""
    result: _Line = ""
    """Name of an imported result (see `results`) that must have passed."""
    soak: Annotated[Duration, AfterValidator(_more_than_nothing)] | None = None
    """How long each artifact that came here must have run upstream before."""
    freeze: Annotated[tuple[Freeze, ...], BeforeValidator(_window_alone), Field(max_length=200)] = ()
    """Windows in which nothing should be deployed."""
    drift: DriftTerms | None = None
    """The environment is not too far from its upstream."""
    findings: Annotated[FindingsTerms, BeforeValidator(_level_alone), _Or(_LEVELS)] | None = None
    """Nothing of this level was found."""
    signed: Signed | None = None
    """The commit, a tag of it, or either has a good signature by a key of `--keys`."""
    environments: Annotated[
        tuple[Annotated[str, AfterValidator(clean_name)], ...],
        BeforeValidator(one_or_many),
        AfterValidator(distinct),
        WithJsonSchema(_TEXTS),
    ] = ()
    """Environments that it guards; empty for the production ones."""
    excepted: Annotated[
        tuple[Excepted, ...],
        BeforeValidator(one_or_many),
        AfterValidator(distinct),
        Field(alias="except"),
        WithJsonSchema(_TEXTS),
    ] = ()
    """Kinds of deployment that it does not look at, such as `rollback`."""
    owner: _Line = ""
    """Who answers for the gate."""
    says: _Line = ""
    """What it means in a sentence, for those who don't read conditions."""

    @property
    def condition(self) -> str:
        """Return the key of what it asks for, one of `CONDITIONS`."""
        return next(key for key in CONDITIONS if getattr(self, key))

    def guards(self, environment: str, *, production: bool) -> bool:
        """Return whether deployments of `environment` must pass it."""
        return environment in self.environments if self.environments else production

    @model_validator(mode="before")
    @classmethod
    def _one_condition(cls, value: Any) -> Any:  # noqa: ANN401 - input that is not yet validated
        """See that there is one condition, before the parts are looked at, since this is the more helpful error."""
        if not isinstance(value, dict):
            return value
        given = [key for key in CONDITIONS if value.get(key) not in (None, "", [])]
        if not given and any(key not in _GATE_KEYS for key in value):
            return value  # a slip of the hand, told as the key that is not known
        if len(given) != 1:
            told = f"has {len(given)} conditions: {', '.join(given)}" if given else "has no condition"
            name = value.get("name")
            fix = f"give each gate one of {', '.join(CONDITIONS)}"
            refuse(f"gate `{name}` {told}" if isinstance(name, str) else f"the gate {told}", fix)
        return value


def _named_once(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    names = [gate.name.casefold() for gate in gates]
    for gate in gates:
        if names.count(gate.name.casefold()) > 1:
            refuse(f"two gates are named `{gate.name}`", "give each a name of its own")
    return gates


Gates = Annotated[tuple[Gate, ...], Field(max_length=MOST_GATES), AfterValidator(_named_once)]
"""All gates of a file, in its order; their names are distinct."""


@dataclass(frozen=True, slots=True)
class GateFault:
    """A gate that names what is not there."""

    location: tuple[str | int, ...]
    """Where in the file it stands."""
    reason: str
    fix: str


def gate_faults(gates: Sequence[Gate], environments: Collection[str], results: Collection[str]) -> list[GateFault]:
    """Return the gates that name an environment or a result that the file does not have, in their order."""
    found = []
    for place, gate in enumerate(gates):
        for environment in gate.environments:
            if environment not in environments:
                fix = suggestion(environment, environments, "environments")
                reason = f"gate `{gate.name}`: `{environment}` is no environment of this file"
                found.append(GateFault(("gates", place, "environments"), reason, fix))
        if gate.result and gate.result not in results:
            fix = suggestion(gate.result, results, "results") or "name it in an entry of `results`"
            found.append(
                GateFault(("gates", place, "result"), f"gate `{gate.name}`: no result is named `{gate.result}`", fix)
            )
    return found
