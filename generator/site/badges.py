"""Badges for a README: what the tiles say, as small pictures that need no service, no font and no script."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from generator.errors import FaultError, Place, one_line
from generator.site.texts import N_, number
from generator.site.texts import gettext as _
from generator.site.tiles import FAILS, FREQUENCY, LEAD, RECOVERY, VELOCITY
from generator.site.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.evidence.summary import EnvironmentSummary
    from generator.site.tiles import Tile

FOLDER = "badges"
UNKNOWN = N_("unknown")
HEIGHT = 20
MARGIN = 7
MOST_TEXT = 60
"""Characters of a text on a badge."""
_GROUND = "#3d4650"
_INK = "#ffffff"
COLOURS = {
    "plain": "#0a5e94",
    "good": "#14704f",
    "waits": "#66499c",
    "warning": "#7d5a00",
    "fails": "#b3261e",
    "unknown": "#586572",
}
"""Ground of the right side by what it means; white on each has a contrast of 4.5 : 1 at least."""
_NARROW, _SLIM, _BROAD = frozenset("ijl'|.,:;!"), frozenset("frtI()[]-/ "), frozenset("mwMW%@")
_WIDTHS = ((_NARROW, 3.6), (_SLIM, 4.6), (_BROAD, 11.0))
_CAPITAL, _USUAL, _FOREIGN = 7.7, 6.9, 11.0
_ASCII = 127
_MEASURES = (FREQUENCY, FAILS, LEAD, RECOVERY, VELOCITY)
_WITH_COUNTS = (FAILS,)
_MEDIANS = (LEAD, RECOVERY)


class Badge(NamedTuple):
    """What stands on one badge."""

    name: str
    """File name without suffix."""
    label: str
    value: str
    meaning: str
    """One of `COLOURS`."""
    says: str
    """The whole of it as a sentence, for its title."""


def badge_files(groups: Sequence[tuple[EnvironmentSummary, Sequence[Tile]]]) -> dict[str, str]:
    """Return the badges of environments, by path: plain names for a single one, else in a folder of its name each."""
    files = {}
    for env, tiles in groups:
        folder = f"{env.name}/" if len(groups) > 1 else ""
        for badge in badges(env, tiles):
            label = f"{env.name} {badge.label}" if len(groups) > 1 else badge.label
            files[f"{folder}{badge.name}.svg"] = badge_svg(badge._replace(label=label))
    return files


def write_badges(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write badges into `folder`, over older ones, and return their paths, sorted.

    Raises `FaultError` where the disk fails.
    """
    paths = []
    for name, text in sorted(files.items()):
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _put(path, text)
        except OSError as fault:
            raise FaultError("write", fault.strerror or str(fault), place=Place(str(path))) from fault
        paths.append(path)
    return tuple(paths)


def _put(path: Path, text: str) -> None:
    """Write a file in one step; a link of its name, which a checkout may hold, is replaced and never followed."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with new.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    new.replace(path)


def badges(env: EnvironmentSummary, tiles: Sequence[Tile]) -> Iterator[Badge]:
    """Yield the badges of one environment; what can't be told is `unknown`, and its title says why."""
    held = {tile.id: tile for tile in tiles}
    for name in _MEASURES:
        label = held[name].label if name in held else name.replace("-", " ")
        yield _measured(name, label, held.get(name), env.name)
    yield _drift(env)
    yield _findings(env)


def badge_svg(badge: Badge) -> str:
    """Return a badge as SVG; texts are fitted to widths that don't depend on the reader's fonts."""
    label, value = one_line(badge.label, MOST_TEXT), one_line(badge.value, MOST_TEXT)
    left, right = text_width(label), text_width(value)
    split, width = left + 2 * MARGIN, left + right + 4 * MARGIN
    ground = COLOURS[badge.meaning]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}"'
        f' role="img" aria-label={_attribute(f"{label}: {value}")}>\n'
        f"<title>{escape(one_line(badge.says))}</title>\n"
        f'<rect width="{width}" height="{HEIGHT}" rx="3" fill="{_GROUND}"/>\n'
        f'<path d="M{split} 0h{width - split - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{width - split - 3}z"'
        f' fill="{ground}"/>\n'
        f'<g fill="{_INK}" font-family="Verdana,Geneva,&quot;DejaVu Sans&quot;,sans-serif" font-size="11">\n'
        f"{_text(label, MARGIN, left)}{_text(value, split + MARGIN, right)}</g>\n</svg>\n"
    )


def text_width(text: str) -> int:
    """Return about how many pixels a text takes at the size of a badge, the same on every machine."""
    return max(1, round(sum(map(_width, text))))


def _width(character: str) -> float:
    if ord(character) > _ASCII:
        return _FOREIGN
    for characters, width in _WIDTHS:
        if character in characters:
            return width
    return _CAPITAL if character.isupper() else _USUAL


def _text(text: str, at: int, width: int) -> str:
    return f'<text x="{at}" y="14" textLength="{width}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>\n'


def _attribute(text: str) -> str:
    return quoteattr(text, {'"': "&quot;"})


def _measured(name: str, label: str, tile: Tile | None, environment: str) -> Badge:
    if tile is None or not tile.value:
        reason = tile.reason if tile is not None else _("there is no dated deployment")
        says = _("%(label)s of %(name)s is not measurable: %(reason)s", label=label, name=environment, reason=reason)
        return Badge(name, label, _(UNKNOWN), "unknown", says)
    value = tile.value
    if name in _WITH_COUNTS:
        value = f"{tile.value} ({tile.counts})"
    elif name in _MEDIANS and not tile.by:
        value = _("%(value)s median", value=tile.value)
    window = _("%(window)s to %(day)s", window=tile.over, day=tile.until) if tile.until else tile.over
    by = _("as %(body)s counts", body=tile.by) if tile.by else ""
    parts = [tile.counts, tile.detail, window, by, _("small sample") if tile.few else ""]
    told = "; ".join(part for part in parts if part)
    says = _("%(label)s of %(name)s: %(value)s; %(told)s", label=label, name=environment, value=tile.value, told=told)
    return Badge(name, label, value, "plain", says)


def _drift(env: EnvironmentSummary) -> Badge:
    if env.drift_not_assessed:
        says = _("drift of %(name)s is not assessed: %(reason)s", name=env.name, reason=env.drift_not_assessed)
        return Badge("drift", _("drift"), _(UNKNOWN), "unknown", says)
    count = sum(row.exempt is None and not row.expected for row in env.drift)
    value = counted(count, "item")
    told = {"name": env.name, "upstream": env.upstream, "values": counted(count, "value")}
    says = _("%(name)s differs from %(upstream)s in %(values)s", **told)
    return Badge("drift", _("drift"), value, "waits" if count else "good", says)


def _findings(env: EnvironmentSummary) -> Badge:
    held = Counter(row.level for row in env.findings if row.exempt is None)
    levels = [counted(held[level], level) for level in ("error", "warning", "note") if held[level]]
    meaning = "fails" if held["error"] else "warning" if held["warning"] else "good"
    value = listed(levels) or _("none")
    says = _("findings that stand in %(name)s: %(findings)s", name=env.name, findings=value)
    if env.waived:
        told = {"name": env.name, "findings": value, "number": number(env.waived)}
        says = _("findings that stand in %(name)s: %(findings)s, %(number)s waived", **told)
    return Badge("findings", _("findings"), value, meaning, says)
