"""A row of what a release changed: the change with its origin, and the component's releases beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from generator.site.names import release_page
from generator.site.texts import N_, pgettext
from generator.site.texts import gettext as _
from generator.site.words import artifact, digest, shown, span, value, versioned

if TYPE_CHECKING:
    from generator.evidence.records import ChangeRecord, Origin
    from generator.site.context import Context
    from generator.site.index import Release
    from generator.site.words import Digest, Moment, Value


VALIDATIONS = {
    "promoted": N_("promoted"),
    "bypass": N_("bypass"),
    "simultaneous": N_("simultaneous"),
    "not assessed": N_("not assessed"),
}
"""Whether the upstream had a value before, as pages say it."""


class Changed(Protocol):
    """What changed an environment, or would: a deployment, or the next release."""

    @property
    def environment(self) -> str:
        """Return the name of the environment."""
        ...

    @property
    def changes(self) -> tuple[ChangeRecord, ...]:
        """Return what changed."""
        ...


class Link(NamedTuple):
    """A link to another release."""

    page: str
    text: str


class ChangeRow(NamedTuple):
    """One change as the table shows it."""

    component: str
    aspect: str
    field: str
    source: str
    """What an artifact's versions are versions of, where old and new share it; else empty."""
    old: Value
    new: Value
    kind: str
    note: str
    """For a rollback or redo: what it returns to, in words before the link."""
    note_link: Link | None
    validation: str
    """A class name."""
    validation_word: str
    untraced: bool
    """Whether no upstream is asked for such a change: a component or connection came or went, or a value left."""
    origin: Moment | None
    origin_id: str
    origin_page: str
    """Where that deployment stands; empty where it has no place."""
    origin_commit: Digest | None
    soak: str
    soak_seconds: int
    earlier: Link | None
    """The release before this one that changed the component."""
    later: Link | None


def release_link(context: Context, release: Release | None) -> Link | None:
    """Return a link to a release, `None` where there is none."""
    return None if release is None else Link(release_page(release.id), context.release_name(release))


def neighbour_links(
    context: Context, environment: str, component: str, position: int
) -> tuple[Link | None, Link | None]:
    """Return links to the releases before and after `position` that changed a component of an environment."""
    positions = context.index.by_component.get((environment, component), [])
    before, after = context.index.neighbours(positions, position) if positions else (None, None)
    return release_link(context, before), release_link(context, after)


def change_row(
    context: Context,
    environment: str,
    change: ChangeRecord,
    earlier: Link | None,
    later: Link | None,
    *,
    whole: bool = True,
) -> ChangeRow:
    """Return a change as a row, with links to the component's releases beside it.

    With `whole` a value that is cut stands in full in its title.
    """
    origin, upstream = change.origin, context.upstreams.get(environment, "")
    soak, soak_seconds = _soak(origin)
    note, link = _note(context, change)
    source, old, new = _sides(change)
    if not whole:
        source, old, new = value(source).text if source else "", _cut(old), _cut(new)
    return ChangeRow(
        component=change.component,
        aspect=change.aspect,
        field=change.field,
        source=source,
        old=old,
        new=new,
        kind=change.kind,
        note=note,
        note_link=link,
        validation=change.validation if upstream else "",
        validation_word=_(VALIDATIONS[change.validation]) if upstream else "",
        untraced=change.validation == "not assessed"
        and bool(upstream)
        and (change.aspect == "topology" or change.new is None),
        origin=context.dates.moment(origin.at) if origin else None,
        origin_id=origin.deployment if origin else "",
        origin_page=context.deployment_link(origin.deployment)[0] if origin else "",
        origin_commit=digest(origin.commit) if origin else None,
        soak=soak,
        soak_seconds=soak_seconds,
        earlier=earlier,
        later=later,
    )


def _cut(side: Value) -> Value:
    return side._replace(full=side.text)


def _soak(origin: Origin | None) -> tuple[str, int]:
    """Return the soak time in words and in seconds; -1 sorts what has none before all others."""
    if origin is None:
        return "", -1
    if origin.soak_seconds is None:
        return pgettext("soak", "unknown"), -1
    return span(origin.soak_seconds), origin.soak_seconds


def _sides(change: ChangeRecord) -> tuple[str, Value, Value]:
    """Return what both sides have in common, and each side without it: images of one name show their versions."""
    if change.aspect != "artifact":
        return "", value(change.old), value(change.new)
    old, new = artifact(change.old or ""), artifact(change.new or "")
    names = {side.name for side, raw in ((old, change.old), (new, change.new)) if raw}
    if len(names) != 1 or not all(side.version for side, raw in ((old, change.old), (new, change.new)) if raw):
        return "", value(change.old), value(change.new)
    return names.pop(), versioned(change.old, old.version), versioned(change.new, new.version)


def _note(context: Context, change: ChangeRecord) -> tuple[str, Link | None]:
    undoes = change.kind == "rollback" and bool(change.culprit)
    target = change.culprit if undoes else change.returns_to
    if not target:
        return "", None
    position = context.index.position.get(target)
    if position is None:
        name = shown(target)
        return _("undoes %(release)s", release=name) if undoes else _("first in %(release)s", release=name), None
    words = pgettext("before a release", "undoes") if undoes else pgettext("before a release", "first in")
    return words, release_link(context, context.index.releases[position])
