"""What a check is and what it says: rules, findings, levels, and what each kind of rule may look at.

A rule's scope is its promise of what its findings depend on, so that after a commit only those are assessed again
whose ground has moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import msgspec

from generator.errors import one_line
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from generator.model.component import Component, Reference
    from generator.model.topology import Topology


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """Will not work as written, or must not stand."""
    WARNING = "warning"
    """Works now, and is a risk."""
    NOTE = "note"
    """Worth knowing; may be on purpose."""


class Family(StrEnum):
    """What a rule looks after."""

    REFERENCES = "references"
    """Whether everything that is named is there."""
    EXPOSURE = "exposure"
    """Who can reach what, and how."""
    RESILIENCE = "resilience"
    """Whether it goes on when a part fails or is replaced."""
    CONFIGURATION = "configuration"
    """Settings that must not be as they are."""
    SUPPLY = "supply"
    """What runs, and where it comes from."""
    PROMOTION = "promotion"
    """Whether it was tried before it came here."""
    SCHEMA = "schema"
    """Whether the platform takes it."""
    RECORDS = "records"
    """Whether what pipelines and incident tools tell agrees with itself."""
    HISTORY = "history"
    """Whether git still has what earlier evidence was drawn from."""


class Surroundings(msgspec.Struct, frozen=True):
    """Where a rule stands, for rules that judge one environment other than another."""

    environment: str = ""
    production: bool = False
    upstream: str = ""
    """Name of the upstream environment; empty where there is none."""
    others: tuple[str, ...] = ()
    """Names of the other environments, sorted."""
    kubernetes: str = ""
    """Version of Kubernetes that runs there, such as `1.31`; empty where none is configured."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that a rule found."""

    rule: str
    """Id of the rule."""
    level: Level
    message: str
    """One sentence with names."""
    subject: str
    """Id of the component; empty for the whole topology."""
    field: str
    """What tells two findings of a rule on one subject apart: a field, or `ROLE/TARGET` of a reference; or empty."""
    path: str
    """File inside the repository; empty when unknown. Not part of the identity."""
    line: int
    """Line in `path`, from 1; 0 when unknown. Not part of the identity."""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what makes two findings the same one at different commits: rule, subject, field."""
        return (self.rule, self.subject, self.field)


class Scope(Enum):
    """What the findings of a rule depend on."""

    COMPONENT = "component"
    """One component, alone."""
    LINKS = "links"
    """One component and what it refers to or selects."""
    GRAPH = "graph"
    """The edges and duplicates of the whole topology, and the values of the components that the rule concerns."""
    GROUP = "group"
    """What several components have in common."""
    UPSTREAM = "upstream"
    """One component and its history in the upstream environment."""


class UpstreamView(Protocol):
    """The upstream environment as a check sees it, at the commit that is assessed."""

    @property
    def name(self) -> str:
        """Return the name of the upstream environment."""
        ...

    @property
    def exists(self) -> bool:
        """Return whether the upstream environment is there at all; false before it was set up."""
        ...

    def component(self, component_id: str, /) -> Component | None:
        """Return the component of this id as the upstream has it now, or `None` where it has none."""
        ...

    def had(self, component_id: str, aspect: Aspect, field: str, value: str, /) -> bool:
        """Return whether the upstream has this value now or ever had it before."""
        ...


ComponentCheck: TypeAlias = "Callable[[Component], Iterator[Finding]]"
LinksCheck: TypeAlias = "Callable[[Component, Topology, tuple[Reference, ...]], Iterator[Finding]]"
"""Takes the component, the topology for look-ups by id, and the component's own dangling references."""
GraphCheck: TypeAlias = "Callable[[Topology], Iterator[Finding]]"
GroupFacts: TypeAlias = "Callable[[Component], Iterable[tuple[str, str]]]"
"""Takes a component; gives pairs of a group's name and what the component says there."""
GroupCheck: TypeAlias = "Callable[[str, Mapping[str, tuple[str, ...]], Mapping[str, Component]], Iterator[Finding]]"
"""Takes a group's name, what each member says (by id, sorted), and every component for look-ups by id."""
UpstreamCheck: TypeAlias = "Callable[[Component, UpstreamView], Iterator[Finding]]"


def anything(component: Component, /) -> bool:
    """Return that a rule concerns a component, whatever it is."""
    del component
    return True


@dataclass(frozen=True, kw_only=True)
class RuleTexts:
    """What the help page says of a rule, whatever it looks at."""

    id: str
    """Stable slug."""
    level: Level
    """Level of its findings, unless a finding says otherwise."""
    family: Family
    title: str
    why: str
    """Why it matters for a release."""
    fix: str
    """What to do about it."""
    example: str
    """Short text that the rule finds something in."""
    source: str = ""
    """Where the definition comes from, as words; empty where it is our own."""


@dataclass(frozen=True, kw_only=True)
class _RuleBase(RuleTexts):
    """What every rule on components has."""

    values: frozenset[Aspect] = frozenset(Aspect)
    """Aspects whose values the findings depend on. That a field, a line, a kind or a reference came or went always
    counts; a rule that looks at names alone has none."""
    production_only: bool = False
    """Whether it finds nothing outside of production, where it need not be asked."""
    looks_at: Callable[[Component], bool] = anything
    """Tells a component in which nothing can be found, whatever its values are: by role, kind and names of fields
    alone, since it is asked once for as long as only values move."""

    def about(
        self, subject: Component, message: str, *, field: str = "", level: Level | None = None, line: int = 0
    ) -> Finding:
        """Return a finding on a component, at `line` of its file; where none is given, at the best place of `field`."""
        path, line = (subject.path, line) if line else place_of(subject, field)
        return Finding(
            rule=self.id,
            level=level or self.level,
            message=one_line(message),
            subject=subject.id,
            field=field,
            path=path,
            line=line,
        )


@dataclass(frozen=True, kw_only=True)
class ComponentRule(_RuleBase):
    """A rule on one component alone."""

    check: ComponentCheck
    scope: Literal[Scope.COMPONENT] = Scope.COMPONENT


@dataclass(frozen=True, kw_only=True)
class LinksRule(_RuleBase):
    """A rule on one component with what it refers to or selects.

    It may look at names, ports, labels and namespaces; where its findings depend on values too, of the component or of
    those that it leads to as an exposure, `values` names their aspects.
    """

    values: frozenset[Aspect] = frozenset()
    check: LinksCheck
    scope: Literal[Scope.LINKS] = Scope.LINKS


@dataclass(frozen=True, kw_only=True)
class GraphRule(_RuleBase):
    """A rule on the whole topology.

    `concerns` tells the components whose values its findings depend on. It is judged again where such a component
    comes, goes or moves in one of `values`, and, as long as there is one, where connections or components do.
    """

    concerns: Callable[[Component], bool] = anything
    check: GraphCheck
    scope: Literal[Scope.GRAPH] = Scope.GRAPH


@dataclass(frozen=True, kw_only=True)
class GroupRule(_RuleBase):
    """A rule on components that have something in common: the same image, the same host and path.

    `facts` tells of one component to which groups it belongs, and what it says there; a group is judged again where
    one of its members says something else, and no other group is.
    """

    facts: GroupFacts
    check: GroupCheck
    scope: Literal[Scope.GROUP] = Scope.GROUP


@dataclass(frozen=True, kw_only=True)
class UpstreamRule(_RuleBase):
    """A rule on one component against the environment upstream."""

    heals: bool = False
    """Whether what moves upstream alone can only take findings away, and never bring one."""
    check: UpstreamCheck
    scope: Literal[Scope.UPSTREAM] = Scope.UPSTREAM


Rule: TypeAlias = ComponentRule | LinksRule | GraphRule | GroupRule | UpstreamRule
"""Any rule; comparing `scope` tells a type checker which signature `check` has."""


def place_of(component: Component, field: str) -> tuple[str, int]:
    """Return file and line of a finding's `field`; the line is 0 when unknown.

    A field that the component lacks (a probe that is missing) stands where its container's image stands, `ROLE/TARGET`
    where the first field that refers to it stands, and else it is told where the component starts.
    """
    if not field:
        return component.path, component.line
    referring = [r.field for r in component.references if f"{r.role}/{r.target}" == field]
    wanted = (field, f"{field}.image", *referring)
    known = {one.name: one for one in component.fields if one.name in wanted and (one.line or one.path)}
    found = next((known[name] for name in wanted if name in known), None)
    return (found.path or component.path, found.line) if found is not None else (component.path, component.line)


def listed(names: Sequence[str], limit: int = 5) -> str:
    """Return names as words of a sentence, `a, b and 3 more`, keeping their order."""
    if len(names) > limit:
        return f"{', '.join(names[: limit - 1])} and {len(names) - limit + 1} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
