"""What a check found: the record that every format is written from."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from generator.evidence.packs import ExemptRecord, FindingEntry  # noqa: TC001 - records are described by their annotations
from generator.evidence.records import ChangeRecord  # noqa: TC001 - as above
from generator.evidence.summary import ExemptionRecord, RuleRecord, UnreadableRecord  # noqa: TC001 - as above

FORMAT: Final = "assay-check/1"
"""Format and version of the report in JSON."""

ScopeKind = Literal["now", "commit", "range", "change", "next"]
Kind = Literal["rule", "gate", "drift", "unreadable"]
Verdict = Literal["passed", "failed", "told", "waived", "skipped"]
"""`told`: something was found that the policy lets pass. `skipped`: it could not be told, or comes later."""
Level = Literal["error", "warning", "note"]
_LEVELS: Final = ("error", "warning", "note")


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was looked at."""

    kind: ScopeKind
    words: str
    """What a person calls it, such as `main..feature`."""
    start: str = ""
    """Full id of the commit that the end is compared with; empty where there is none."""
    end: str = ""
    """Full id of the newest commit that was asked for; empty for the newest one of the history."""
    commits: int = 0
    """How many commits lie between."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was found."""

    level: Level
    message: str
    fingerprint: str
    """The same as long as the same thing is found: SHA-256 in hexadecimal."""
    subject: str = ""
    path: str = ""
    line: int = 0
    commit: str = ""
    """Commit that brought it; empty where that is not known."""
    new: bool = False
    """Whether what was looked at brought it."""
    fails: bool = False
    """Whether it fails the check by the policy."""
    finding: FindingEntry | None = None
    """The finding itself, for a rule."""

    @property
    def exempt(self) -> ExemptRecord | None:
        """Return the waiver that lets it stand; `None` where it counts."""
        return self.finding.exempt if self.finding is not None else None


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule, gate or limit, asked of one environment."""

    environment: str
    """Empty for what belongs to none."""
    kind: Kind
    name: str
    """Id of the rule, name of the gate, or the limit in words; distinct within environment and kind."""
    title: str
    verdict: Verdict
    items: tuple[Item, ...] = ()
    """What was found, worst first."""
    reason: str = ""
    """Why it was skipped, or what a gate that passed says."""
    fix: str = ""
    """What to do about it."""
    owner: str = ""
    """Who answers for the gate."""


class Brought(msgspec.Struct, frozen=True, omit_defaults=True):
    """A deployment that what was looked at makes."""

    environment: str
    id: str
    """Id of the deployment; empty for one that nobody made yet."""
    kind: str
    commit: str
    digest: str
    changes: tuple[ChangeRecord, ...]


class Ended(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding or a difference that is there no more."""

    environment: str
    kind: Literal["rule", "drift"]
    name: str
    """Rule, or class of the difference."""
    message: str


class Began(msgspec.Struct, frozen=True, omit_defaults=True):
    """A difference to the upstream that was not there before."""

    environment: str
    name: str
    """Class of the difference."""
    message: str


class Ahead(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the next release of a production environment would be, with what was looked at in it."""

    environment: str
    says: str
    """`go`, `no-go`, `open` or `too early`."""
    changes: int
    came: int
    """Findings that would begin."""
    gates: tuple[tuple[str, str, str], ...]
    """(name, outcome, detail) of each gate that would not pass."""


class Policy(msgspec.Struct, frozen=True):
    """What made the check pass or fail."""

    fail_on: str
    gates: bool
    new_only: bool
    unreadable: str
    source: str
    """Where it stands, such as `assay.yaml`; empty for the defaults."""


class Report(msgspec.Struct, frozen=True):
    """A check."""

    format: str
    version: str
    """Version of Assay that made it."""
    title: str
    as_of: str
    commit: str
    """Newest commit that was read."""
    scope: Scope
    policy: Policy
    environments: tuple[str, ...]
    """Those that were looked at, in the order of promotion."""
    failed: bool
    cases: tuple[Case, ...]
    """By environment in the order of promotion; rules, gates, limits; what belongs to no environment last."""
    brought: tuple[Brought, ...] = ()
    began: tuple[Began, ...] = ()
    ended: tuple[Ended, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    standing: int = 0
    """Findings that stood before, of which what was looked at need not answer for."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how this was looked at, each one sentence."""
    unreadable: tuple[UnreadableRecord, ...] = ()
    """What could not be read and counts here."""
    unmatched: tuple[UnreadableRecord, ...] = ()
    """Declarations that name nothing that there is."""
    exemptions: tuple[ExemptionRecord, ...] = ()
    """Waivers and acceptances that were ever declared."""
    rules: tuple[RuleRecord, ...] = ()
    """The rules that were asked."""
    source: str = ""
    """Path of the configuration; empty where the layout was detected."""
    exit_code: int = 0

    @property
    def items(self) -> tuple[tuple[Case, Item], ...]:
        """Return everything that was found, with what it was found by."""
        return tuple((case, item) for case in self.cases for item in case.items)

    @property
    def worst_first(self) -> list[tuple[Case, Item]]:
        """Return everything that was found: by environment, what fails first, then by level."""
        order = {name: number for number, name in enumerate(self.environments)}
        return sorted(
            self.items,
            key=lambda found: (
                order.get(found[0].environment, len(order)),
                not found[1].fails,
                found[1].exempt is not None,
                _LEVELS.index(found[1].level),
            ),
        )


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    schema = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
