"""The entries of declaration files: what somebody says, with who answers for it and where it stands."""

from __future__ import annotations

import msgspec


class Waiver(msgspec.Struct, frozen=True):
    """A finding that may stand until a day."""

    rule: str
    """Pattern of rule ids, with `*` for any text."""
    owner: str
    reason: str
    expires: int
    """First second, since 1970 UTC, at which it counts no more."""
    component: str = "*"
    """Pattern of component ids."""
    field: str = "*"
    """Pattern of a finding's field."""
    environment: str = "*"
    """Pattern of environments."""
    path: str = ""
    line: int = 0


class Acceptance(msgspec.Struct, frozen=True):
    """Drift that may stand until a day."""

    component: str
    """Pattern of component ids, with `*` for any text."""
    owner: str
    reason: str
    expires: int
    """First second, since 1970 UTC, at which it counts no more."""
    field: str = "*"
    drift: str = "*"
    """Pattern of drift classes; in the file it is `class`."""
    environment: str = "*"
    path: str = ""
    line: int = 0


class Override(msgspec.Struct, frozen=True):
    """What a deployment was, said afterwards."""

    commit: str
    """Beginning of a commit id, or the id of a deployment."""
    kind: str
    owner: str
    reason: str
    environment: str = "*"
    path: str = ""
    line: int = 0


class Incident(msgspec.Struct, frozen=True):
    """A failure in production that a deployment is linked to."""

    id: str
    commit: str
    """Beginning of the id of the commit that was deployed when it began, or the id of that deployment."""
    environment: str = "*"
    title: str = ""
    fixed_by: str = ""
    """The same of what ended it; empty where nothing says so."""
    path: str = ""
    line: int = 0


class Approval(msgspec.Struct, frozen=True):
    """Somebody's word that a commit may go to production."""

    commit: str
    by: str
    environment: str = "*"
    at: int | None = None
    """When it was given, seconds since 1970 UTC; `None` where only the commit that brought it tells."""
    gate: str = ""
    """Gate that it is meant for; empty for any."""
    reason: str = ""
    path: str = ""
    line: int = 0


class Declarations(msgspec.Struct, frozen=True):
    """All entries of one or several files."""

    waivers: tuple[Waiver, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    overrides: tuple[Override, ...] = ()
    incidents: tuple[Incident, ...] = ()
    approvals: tuple[Approval, ...] = ()
