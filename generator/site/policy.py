"""A content security policy for every page: scripts of the site alone, its few inline ones by their digests.

Texts of a repository are escaped where they are drawn; should one ever get through, it must not run. The policy stands
in the page, so that it holds from disk and on every server.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
CHARSET = re.compile(r"""<meta charset=["']?utf-8["']?\s*/?>""", re.IGNORECASE)
POLICY = re.compile(
    r"""<meta(?:\s+[\w-]+(?:="[^"]*"|='[^']*'|=[^\s"'>]+)?)*?\s+http-equiv=["']?Content-Security-Policy""",
    re.IGNORECASE,
)
"""An element with the attribute: a text that says the same is none, in whichever attribute it stands."""
DATA = re.compile(r"\bsrc=|\btype=[\"']?(?:application|text)/(?!javascript)")
"""What is no inline script: one with an address, and one that holds data."""
ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
"""From the first beginning to the last end: a text that brings an end of its own gets nowhere."""
OWN = "'self' file:"
"""Files of the site: `file:` where it is opened from disk, which has no origin to compare with."""


def protect(site: Path) -> None:
    """Give each page of the built `site` its policy; a page that brings one keeps it."""
    for path in sorted(site.rglob("*.html")):
        html = path.read_text("utf-8")
        if not POLICY.search(html):
            path.write_text(protected(html), "utf-8")


def protected(html: str) -> str:
    """Return a page with its policy at the beginning of its head."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(html))}">'
    return CHARSET.sub(lambda found: found[0] + meta, html, count=1)


def policy(html: str) -> str:
    """Return the policy of a page: what it may load is the site's own, and what it may run is what its frame runs.

    Nothing of ours runs inside of a page's article, where the texts of a repository stand; what is found there came
    with one of them, or with a page of a user's own, and does not run.
    """
    html = ARTICLE.sub("", html)
    scripts = [found["text"] for found in INLINE.finditer(html) if not DATA.search(found["attributes"])]
    digests = [f"'sha256-{_digest(text)}'" for text in dict.fromkeys(scripts) if text.strip()]
    return "; ".join([
        "default-src 'none'",
        " ".join([f"script-src {OWN}", *digests]),
        # Pictures of charts carry their colours in attributes.
        f"style-src {OWN} 'unsafe-inline'",
        f"img-src {OWN} data:",
        f"connect-src {OWN}",
        f"worker-src {OWN}",
        f"form-action {OWN}",
        "base-uri 'none'",
    ])  # fmt: skip


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
