"""One deployable unit or resource of an environment, as values that never change.

A component's digest covers what it *is* (name, role, kind, fields, references, what it offers) and not where it
stands: file and lines are kept for findings and left out of the digest, so that formatting, comments, key order and
file layout do not change it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a node of a topology is."""

    COMPONENT = "component"
    """A deployable unit: a workload, a service of a compose file, a chart release."""
    EXPOSURE = "exposure"
    """A way to reach components: a Kubernetes Service, an Ingress, an HTTPRoute."""
    CONFIG = "config"
    SECRET = "secret"  # noqa: S105 - the word, not a secret
    VOLUME = "volume"
    EXTERNAL = "external"
    """A host outside of the environment."""


class Aspect(StrEnum):
    """The side of a subject that a field or a change belongs to."""

    ARTIFACT = "artifact"
    CONFIG = "config"
    SCALE = "scale"
    TOPOLOGY = "topology"
    EXPOSURE = "exposure"
    SECRET = "secret"  # noqa: S105 - the word, not a secret


class How(StrEnum):
    """How a connection is known."""

    DECLARED = "declared"
    REFERENCE = "reference"
    INFERRED = "inferred"


class Field(msgspec.Struct, frozen=True, array_like=True):
    """One setting of a component; the value is the raw text of the file, or a fingerprint where it is secret."""

    aspect: Aspect
    name: str
    """Path of the setting inside the component, stable between environments: `server.image`, `env.LOG_LEVEL`."""
    value: str
    line: int = 0
    """Line in its file, from 1; 0 when unknown. Not part of the digest."""
    path: str = ""
    """File the field was read from where it is not the component's; not part of the digest."""


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """What a component says it needs, before anyone looked whether it is there."""

    role: Role
    """What is expected at the other end: a component reached by address, a config, a secret, a volume, a host."""
    target: str
    """Host name or resource name, as written."""
    how: How
    field: str
    """The field that says so, by its name."""
    port: str = ""
    """Port as written; empty when none is named."""
    key: str = ""
    """Key inside a config or secret; empty when the whole is meant."""
    optional: bool = False
    """True where the model itself says that the target may be missing."""
    line: int = 0
    """Line in `Component.path`; not part of the digest."""


class Port(msgspec.Struct, frozen=True, array_like=True):
    """A port that a component listens on, or that an exposure offers."""

    name: str
    number: str
    """The port offered."""
    target: str = ""
    """For an exposure, the port or port name of the component behind it."""


class Remark(msgspec.Struct, frozen=True, array_like=True):
    """What a reader noticed about the document that a component was read from, for a rule to tell."""

    rule: str
    """Id of the rule that tells it."""
    level: str
    """`error`, `warning` or `note`."""
    message: str
    """One sentence; never with a value that may be a secret."""
    field: str = ""
    line: int = 0


class Component(msgspec.Struct, frozen=True):
    """One node of a topology: a component proper, an exposure, or a resource. Build it with `component()`."""

    id: str
    """Name inside the environment, the same in every environment: `checkout`, `ConfigMap/shop`, `Service/api`."""
    role: Role
    kind: str
    """Kind in the words of the model: `Deployment`, `Service`, `values`."""
    fields: tuple[Field, ...]
    """Sorted by aspect and name; names are distinct within an aspect."""
    references: tuple[Reference, ...]
    names: tuple[str, ...]
    """Host names under which others reach it."""
    ports: tuple[Port, ...]
    labels: tuple[tuple[str, str], ...]
    """Labels that selectors match, sorted."""
    selector: tuple[tuple[str, str], ...]
    """For an exposure: the labels it selects, sorted; empty selects nothing."""
    namespace: str
    """Namespace as written; empty when none is. Not part of the digest: environments differ in it by design."""
    digest: str
    """First 32 hexadecimal digits of the SHA-256 over the canonical form."""
    state: str
    """The same over its fields alone, those of aspect `scale` left out: capacity is no version."""
    path: str = ""
    """File it was read from; not part of the digest."""
    line: int = 0
    """Line where it starts; not part of the digest."""
    api: str = ""
    """Version of the interface that its kind is of, as written, such as `apps/v1`; not part of the digest."""
    remarks: tuple[Remark, ...] = ()
    """What its reader noticed, sorted; not part of the digest."""


def component(  # noqa: PLR0913 - the one place that builds a component names all its parts
    id: str,  # noqa: A002 - the field's own name
    role: Role,
    kind: str,
    *,
    fields: list[Field] | tuple[Field, ...] = (),
    references: list[Reference] | tuple[Reference, ...] = (),
    names: tuple[str, ...] = (),
    ports: list[Port] | tuple[Port, ...] = (),
    labels: tuple[tuple[str, str], ...] = (),
    selector: tuple[tuple[str, str], ...] = (),
    namespace: str = "",
    path: str = "",
    line: int = 0,
    api: str = "",
    remarks: list[Remark] | tuple[Remark, ...] = (),
) -> Component:
    """Return a component with its parts sorted and its digest computed.

    Of two fields with the same aspect and name the last one counts, as in the files themselves.
    """
    distinct = {(f.aspect, f.name): f for f in fields}
    ordered = tuple(distinct[key] for key in sorted(distinct))
    refs = tuple(sorted(set(references), key=lambda r: (r.role, r.target, r.field, r.port, r.key, r.line)))
    ports = tuple(sorted(set(ports), key=lambda p: (p.name, p.number, p.target)))
    names, labels, selector = tuple(sorted(set(names))), tuple(sorted(labels)), tuple(sorted(selector))
    values = [(f.aspect, f.name, f.value) for f in ordered]
    canonical = msgspec.json.encode(
        [
            id,
            role,
            kind,
            values,
            sorted({(r.role, r.target, r.how, r.field, r.port, r.key, r.optional) for r in refs}),
            # Names with the namespace in them differ between environments by design, as the namespace does.
            [name for name in names if not (namespace and f".{namespace}" in name)],
            ports,
            labels,
            selector,
        ]
    )
    return Component(
        id=id,
        role=role,
        kind=kind,
        fields=ordered,
        references=refs,
        names=names,
        ports=ports,
        labels=labels,
        selector=selector,
        namespace=namespace,
        digest=_digest(canonical),
        state=_digest(msgspec.json.encode([v for v in values if v[0] is not Aspect.SCALE])),
        path=path,
        line=line,
        api=api,
        remarks=tuple(sorted(set(remarks), key=lambda r: (r.rule, r.field, r.line, r.message))),
    )


def rebuilt(
    one: Component,
    *,
    id: str | None = None,  # noqa: A002 - the field's own name
    fields: list[Field] | tuple[Field, ...] | None = None,
    references: list[Reference] | tuple[Reference, ...] | None = None,
    labels: tuple[tuple[str, str], ...] | None = None,
) -> Component:
    """Return a component like `one` in which what is given takes the place of its own, with digests of its own."""
    return component(
        one.id if id is None else id,
        one.role,
        one.kind,
        fields=one.fields if fields is None else fields,
        references=one.references if references is None else references,
        names=one.names,
        ports=one.ports,
        labels=one.labels if labels is None else labels,
        selector=one.selector,
        namespace=one.namespace,
        path=one.path,
        line=one.line,
        api=one.api,
        remarks=one.remarks,
    )


def _digest(canonical: bytes) -> str:
    return hashlib.sha256(canonical).hexdigest()[:32]
