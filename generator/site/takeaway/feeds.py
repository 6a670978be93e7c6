"""Feeds of releases: Atom (RFC 4287) and JSON Feed 1.1, of all production environments together and of each."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from generator.site.names import page_name, release_page
from generator.site.texts import gettext as _
from generator.site.texts import spoken
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.index import Release

FEEDS = "feeds"
"""Folder of the feeds of single environments."""
ATOM, JSON = "releases.atom", "feed.json"
"""Files of the feed of all production environments, beside the home page."""
MOST = 50
"""Newest releases that a feed holds."""
LONGEST_TEXT = 2000
NAMESPACE = UUID("6c0e3f5e-7a0b-5b7e-9d0f-2f5a4c1be1d7")
"""Ours, for ids that depend on what is told and on no address."""
NO_TIME = "1970-01-01T00:00:00Z"
"""Stands where a commit carries no usable time, since an entry must have one."""
JSON_VERSION = "https://jsonfeed.org/version/1.1"


class Entry(NamedTuple):
    """A release as both forms tell it."""

    id: str
    link: str
    """Address where one is known, else the way from the feed."""
    title: str
    text: str
    at: str
    terms: tuple[str, ...]


class Feed(NamedTuple):
    """A feed, before it takes a form."""

    id: str
    title: str
    author: str
    home: str
    updated: str
    entries: tuple[Entry, ...]


def write_feeds(context: Context, site: Path, url: str) -> None:
    """Write every feed into the built `site`, whose address is `url`, or empty where none is known."""
    _write(site, ATOM, JSON, _feed(context, "", range(len(context.index.releases)), url, ""), url)
    (site / FEEDS).mkdir(exist_ok=True)
    for environment in context.productions:
        name = f"{FEEDS}/{page_name(environment.name)}"
        positions = context.index.by_environment.get(environment.name, ())
        feed = _feed(context, environment.name, positions, url, "../")
        _write(site, f"{name}.atom", f"{name}.json", feed, url)


def entry_id(environment: str, commit: str) -> str:
    """Return the id of a release: that of its environment and commit, in every build and at every address."""
    return _urn(environment, commit)


def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE, "\0".join(shown(part) for part in parts)).urn


def _feed(context: Context, environment: str, positions: Sequence[int], url: str, root: str) -> Feed:
    index, title = context.index, shown(context.summary.title)
    newest = [index.releases[position] for position in reversed(positions[-MOST:])]
    base = f"{url.rstrip('/')}/" if url else root
    first = index.releases[positions[0]].commit if positions else ""
    return Feed(
        id=_urn("feed", environment, first),
        title=_("%(title)s: releases of %(name)s", title=title, name=shown(environment))
        if environment
        else _("%(title)s: releases", title=title),
        author=title,
        home=f"{base}index.html",
        updated=context.summary.as_of or NO_TIME,
        entries=tuple(_entry(context, row, base) for row in newest),
    )


def _entry(context: Context, row: Release, base: str) -> Entry:
    flags = ((row.bypass, "bypass"), (row.bulk, "bulk"), (row.partial, "partial"), (row.gates_failed, "gate failed"))
    lines = [row.verdict, shown(row.subject)]
    if row.gates_failed:
        lines.append(_("Failed gates: %(number)s.", number=str(row.gates_failed)))
    return Entry(
        id=entry_id(row.environment, row.commit),
        link=f"{base}{release_page(row.id)}",
        title=f"{context.release_name(row)}: {row.verdict}"[:LONGEST_TEXT],
        text="\n".join(line for line in lines if line)[:LONGEST_TEXT],
        at=row.at or NO_TIME,
        terms=(row.kind, *(name for held, name in flags if held), shown(row.environment)),
    )


def _write(site: Path, atom: str, plain: str, feed: Feed, url: str) -> None:
    def own(path: str) -> str:
        return f"{url.rstrip('/')}/{path}" if url else path.rpartition("/")[2]

    (site / atom).write_text("".join(atom_feed(feed, own(atom))), "utf-8", newline="\n")
    (site / plain).write_text(json_feed(feed, own(plain) if url else ""), "utf-8", newline="\n")


def atom_feed(feed: Feed, own: str) -> Iterator[str]:
    """Yield the lines of a feed as Atom; `own` is the feed's own address, or its file name where none is known."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(spoken().code)}">\n'
    yield f"<id>{feed.id}</id>\n<title>{_xml(feed.title)}</title>\n<updated>{feed.updated}</updated>\n"
    yield f"<author><name>{_xml(feed.author)}</name></author>\n<generator>Assay</generator>\n"
    yield f'<link rel="self" type="application/atom+xml" href="{_xml(own)}"/>\n'
    yield f'<link rel="alternate" type="text/html" href="{_xml(feed.home)}"/>\n'
    for entry in feed.entries:
        yield f"<entry>\n<id>{entry.id}</id>\n<title>{_xml(entry.title)}</title>\n"
        yield f"<updated>{entry.at}</updated>\n<published>{entry.at}</published>\n"
        yield f'<link rel="alternate" type="text/html" href="{_xml(entry.link)}"/>\n'
        yield "".join(f'<category term="{_xml(term)}"/>\n' for term in entry.terms)
        yield f'<summary type="text">{_xml(entry.text)}</summary>\n</entry>\n'
    yield "</feed>\n"


def json_feed(feed: Feed, own: str) -> str:
    """Return a feed as JSON; `own` is its own address, empty where none is known."""
    told: dict[str, object] = {
        "version": JSON_VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "language": spoken().code,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": entry.id,
                "url": entry.link,
                "title": entry.title,
                "content_text": entry.text,
                "date_published": entry.at,
                "tags": list(entry.terms),
            }
            for entry in feed.entries
        ],
    }
    if own:
        told["feed_url"] = own
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    # The same JSON, without anything that a program which guesses at types would take for markup.
    return text.replace("<", "\\u003c")


def _xml(text: str) -> str:
    """Return text for XML: what XML can't hold is shown as an escape, line breaks stay."""
    return escape("\n".join(shown(line) for line in text.split("\n")))
