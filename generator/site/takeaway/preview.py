"""The picture that others show where somebody shares the page of a release: 1200 by 630 pixels, drawn offline."""

from __future__ import annotations

import zlib
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from generator.site.names import page_name, release_page
from generator.site.texts import gettext as _
from generator.site.words import counted, month_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.frames import MassPage
    from generator.site.index import Release

FOLDER = "assets/previews"
SHARED = "report"
"""Name of the picture of the report as a whole: that of every release that has none of its own."""
MOST = 50
"""Newest releases that have a picture of their own."""
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
FONT, FIXED = "Liberation Sans", "Liberation Mono"
"""The engine brings them, so that no machine's fonts move a letter."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LINES = 4
"""Lines of a verdict; what is longer is cut."""
VERDICT_SIZE = 46
COLOURS = {
    "ground": "#fbfaf7", "ink": "#1b2127", "soft": "#535e69", "rule": "#dfdcd3", "accent": "#0a5e94",
    "rollback": "#b84808", "redo": "#a04579", "roll-forward": "#8a5c00", "hotfix": "#6a4fb0",
}  # fmt: skip
NARROW, WIDE = "iljtfrI.,:;'|!()[] ", "mwMWGOQ@%&—…"


class Preview(NamedTuple):
    """What a picture says."""

    name: str
    """File name without suffix."""
    over: str
    title: str
    tag: str
    colour: str
    text: str
    foot: str
    digest: str


def write_previews(context: Context, site: Path) -> None:
    """Draw the picture of the report and of its newest releases into the built `site`."""
    import vl_convert  # noqa: PLC0415 - starts an engine that only a site with an address needs

    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for preview in (_of_report(context), *(_of_release(context, row) for row in _newest(context))):
        picture: bytes = vl_convert.svg_to_png(drawing(preview), scale=1)
        (folder / f"{preview.name}.png").write_bytes(repacked(picture))


def repacked(png: bytes) -> bytes:
    """Return the same picture packed tightly: the engine packs for speed, into four times the bytes."""
    place, data = len(SIGNATURE), b""
    while place < len(png):
        length, kind = int.from_bytes(png[place : place + 4], "big"), png[place + 4 : place + 8]
        if kind == b"IHDR":
            header = png[place : place + 12 + length]
        elif kind == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += 12 + length
    packed = zlib.compress(zlib.decompress(data), 6)
    return SIGNATURE + header + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def introduced(pages: Iterable[MassPage], context: Context, url: str) -> Iterator[MassPage]:
    """Yield `pages`, those of releases with what others show of them; as they are where no address is known."""
    if not url:
        yield from pages
        return
    own = {release_page(row.id): page_name(row.id) for row in _newest(context)}
    for page in pages:
        if page.placed or page.kind != "release":
            yield page
            continue
        name = own.get(page.path, SHARED)
        yield page._replace(head=_meta(page, url.rstrip("/"), name, context.summary.title))


def _meta(page: MassPage, base: str, name: str, site: str) -> str:
    told = {
        "og:type": "article",
        "og:site_name": shown(site),
        "og:title": page.title,
        "og:description": page.description[:300],
        "og:url": f"{base}/{page.path}",
        "og:image": f"{base}/{FOLDER}/{name}.png",
        "og:image:type": "image/png",
        "og:image:width": str(WIDTH),
        "og:image:height": str(HEIGHT),
        "og:image:alt": page.title,
    }
    marks = "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in told.items())
    return f'{marks}<meta name="twitter:card" content="summary_large_image">'


def _newest(context: Context) -> list[Release]:
    return context.index.releases[-MOST:]


def _of_release(context: Context, row: Release) -> Preview:
    flags = ((row.bypass, "bypass"), (row.bulk, "bulk"), (row.partial, "partial"))
    return Preview(
        name=page_name(row.id),
        over=shown(context.summary.title),
        title=context.release_name(row),
        tag=" · ".join([row.kind, *(name for held, name in flags if held)]),
        colour=COLOURS.get(row.kind, COLOURS["accent"]),
        text=row.verdict,
        foot=f"{shown(row.environment)} · {context.calendar.moment(row.at).text}",
        digest=row.digest[:12],
    )


def _of_report(context: Context) -> Preview:
    summary, releases = context.summary, context.index.releases
    told = [counted(len(releases), "release")]
    if releases and releases[0].at:
        told.append(_("since %(month)s", month=month_name(releases[0].at[:7])))
    return Preview(
        name=SHARED,
        over=_("Release evidence"),
        title=shown(summary.title),
        tag="",
        colour=COLOURS["accent"],
        text=", ".join(told),
        foot=context.calendar.moment(summary.as_of).text,
        digest=summary.commit.id[:12],
    )


def drawing(preview: Preview) -> str:
    """Return the picture as SVG: shapes and text alone, nothing that is fetched."""
    ink, soft, left = COLOURS["ink"], COLOURS["soft"], MARGIN
    across = WIDTH - 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{COLOURS["ground"]}"/>',
        f'<rect width="18" height="{HEIGHT}" fill="{preview.colour}"/>',
        _text(left, 96, fitted(preview.over, 30, across), 30, soft),
        _text(left, 172, fitted(preview.title, 62, across), 62, ink, bold=True),
    ]
    if preview.tag:
        parts.append(_text(left, 228, fitted(preview.tag, 32, across), 32, preview.colour, bold=True))
    top = 306 if preview.tag else 260
    for number, line in enumerate(wrapped(preview.text, VERDICT_SIZE, across, LINES)):
        parts.append(_text(left, top + number * 60, line, VERDICT_SIZE, ink))
    base = HEIGHT - 56
    parts += [
        f'<rect x="{left}" y="{base - 46}" width="{across}" height="2" fill="{COLOURS["rule"]}"/>',
        _text(left, base, fitted(preview.foot, 28, across - 260), 28, soft),
        _text(WIDTH - MARGIN, base, preview.digest, 28, soft, font=FIXED, anchor="end"),
        "</svg>",
    ]
    return "".join(parts)


def _text(  # noqa: PLR0913 - what a line of a picture consists of
    x: int, y: int, text: str, size: int, colour: str, *, bold: bool = False, font: str = FONT, anchor: str = "start"
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-family="{font}" font-size="{size}"{weight} fill="{colour}"'
        f' text-anchor="{anchor}">{escape(shown(text))}</text>'
    )


def wide(text: str, size: int) -> float:
    """Return about how many pixels `text` is wide at a font size: never less than it is."""
    return size * sum(_width(character) for character in text)


def _width(character: str) -> float:
    if character in NARROW:
        return 0.32
    if character in WIDE or not character.isascii():
        return 1.0
    return 0.7 if character.isupper() else 0.6


def fitted(text: str, size: int, across: int) -> str:
    """Return `text` cut to `across` pixels."""
    if wide(text, size) <= across:
        return text
    kept = text[: across // 4]
    while kept and wide(f"{kept}…", size) > across:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, size: int, across: int, most: int) -> tuple[str, ...]:
    """Return `text` in at most `most` lines of `across` pixels; what does not fit is cut, with a mark."""
    lines: list[str] = []
    words = text[: most * across].split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and wide(f"{line} {words[0]}", size) <= across:
            line = f"{line} {words.pop(0)}"
        rest = fitted(line, size, across)
        lines.append(f"{rest.rstrip('…')}…" if words and len(lines) == most - 1 else rest)
    if lines:
        lines[-1] = fitted(lines[-1], size, across)
    return tuple(lines)
