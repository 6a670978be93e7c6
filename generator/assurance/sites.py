"""Drift between sites: production environments of one upstream, each compared with the first of them.

The first in the order of the configuration is the reference, and stands where the upstream stands in any other drift.
So the classes say, of a site:

- **pending**: it has what the reference had before. It is behind, and waits for the same step.
- **ahead**: it runs an artifact that the reference never had. It went first, or alone.
- **config**: both have the setting, and the reference never had this site's value.
- **structure**: a component, a connection or a field is at one of the two only.

That the reference itself is behind or wrong is nothing that this comparison can tell: the drift of each site from
the upstream does. What either of the two declares as its own is expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.assurance.drift import DriftRegister

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.drift import Side, Witness
    from generator.assurance.exemptions import Exempting
    from generator.model.component import Aspect, Component
    from generator.model.topology import Connection


class Placed(Protocol):
    """An environment, as far as the configuration places it."""

    @property
    def upstream(self) -> str:
        """Return the name of its upstream; empty where it has none."""
        ...

    @property
    def production(self) -> bool:
        """Return whether users depend on it."""
        ...


def references(environments: Mapping[str, Placed]) -> dict[str, str]:
    """Return, for each site that another one came before, that reference: site → reference, in the order given.

    Environments without an upstream are no sites of one another: nothing says that they are to be alike.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, environment in environments.items():
        if environment.production and environment.upstream:
            reference = first.setdefault(environment.upstream, name)
            if reference != name:
                found[name] = reference
    return found


class Site:
    """A site beside its reference: what either of them has on purpose is no drift between the two."""

    def __init__(self, side: Side, reference: Side) -> None:
        """Follow both."""
        self._side, self._reference = side, reference
        self._of: tuple[Mapping[str, str], Mapping[str, str]] | None = None
        self._expected: Mapping[str, str] = {}

    @property
    def exists(self) -> bool:
        """Return whether the site has anything now."""
        return self._side.exists

    def component(self, identity: str, /) -> Component | None:
        """Return a component as it is now."""
        return self._side.component(identity)

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        """Return the connections that start at a component now."""
        return self._side.edges(identity)

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        """Return whether the site has or ever had this value."""
        return self._side.had(subject, aspect, field, value)

    @property
    def expected(self) -> Mapping[str, str]:
        """Return what both declare; another object only where one of the two declares something else."""
        now = (self._reference.expected, self._side.expected)
        if self._of is None or now[0] is not self._of[0] or now[1] is not self._of[1]:
            self._of, self._expected = now, {**now[0], **now[1]}
        return self._expected


def site_register(
    reference: Side, site: Side, exempting: Exempting | None = None, witness: Witness | None = None
) -> DriftRegister:
    """Return a register of what differs at `site` from `reference`; an acceptance of the site's environment counts."""
    return DriftRegister(reference, Site(site, reference), exempting, witness)
