"""Texts that Compose reads in more than one form, in the one form that its own output has: sizes, durations, ports."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?(?P<unit>[kmgtp]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+")
_PART = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ns|us|µs|ms|s|m|h|d|w)")
_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 24 * 3600 * 10**9,
    "w": 7 * 24 * 3600 * 10**9,
}
_COLON = re.compile(r":(?![^{]*\})")
_RANGE = re.compile(r"(\d+)-(\d+)")
_MOST_PORTS = 1000


def size(text: str) -> str:
    """Return a size in bytes: `256m` is `268435456`; what is no size stays as it is."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return text
    return str(int(Decimal(match["number"]) * 1024 ** _POWERS[match["unit"].lower()]))


def duration(text: str) -> str:
    """Return a duration as Compose writes it: `90s` is `1m30s`; what is no duration stays as it is."""
    if not _DURATION.fullmatch(text):
        return text
    total = sum(int(Decimal(p["number"]) * _NANOSECONDS[p["unit"]]) for p in _PART.finditer(text))
    if total < _NANOSECONDS["s"]:
        for unit in ("ms", "µs", "ns"):
            if total >= _NANOSECONDS[unit]:
                return f"{_trimmed(Decimal(total) / _NANOSECONDS[unit])}{unit}"
        return "0s"
    hours, rest = divmod(total, _NANOSECONDS["h"])
    minutes, rest = divmod(rest, _NANOSECONDS["m"])
    seconds = f"{_trimmed(Decimal(rest) / _NANOSECONDS['s'])}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def number(text: str) -> str:
    """Return a number without needless zeros: `0.50` is `0.5`; what is no number stays as it is."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return text
    return _trimmed(found) if found.is_finite() else text


def mode(text: str) -> str:
    """Return the mode of a file in octal; a number that is written as one already stays."""
    return f"0{int(text):o}" if text.isdigit() and not text.startswith("0") else text


def volume_parts(text: str) -> list[str]:
    """Return the parts of `SOURCE:TARGET:MODE`; a colon inside of `${NAME:-default}` separates nothing."""
    return _COLON.split(text)


def ports(text: str) -> list[dict[str, str]]:
    """Return the ports of a short form such as `127.0.0.1:8080-8081:80-81/udp`, a range as its single ports."""
    places, _, protocol = text.partition("/") if "}" not in text else _protocol(text)
    *before, target = _COLON.split(places)
    published = before.pop() if before else ""
    host = ":".join(before).strip("[]")
    found = []
    targets, outside = _range(target), _range(published)
    for place, one in enumerate(targets):
        port = {"target": one, "protocol": protocol or "tcp"}
        if published:
            # One inner port may be offered at whichever of a range is free; ranges of one length go in pairs.
            port["published"] = outside[place] if len(outside) == len(targets) else published
        if host:
            port["host_ip"] = host
        found.append(port)
    return found


def _protocol(text: str) -> tuple[str, str, str]:
    head, slash, tail = text.rpartition("/")
    return (head, slash, tail) if slash and tail in {"tcp", "udp", "sctp"} else (text, "", "")


def _range(text: str) -> list[str]:
    match = _RANGE.fullmatch(text)
    if match is None:
        return [text]
    first, last = int(match[1]), int(match[2])
    return [str(port) for port in range(first, last + 1)] if 0 <= last - first < _MOST_PORTS else [text]


def _trimmed(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
