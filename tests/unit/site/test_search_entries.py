"""The search finds a page of ours by the words that the theme's own index would have of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from material.plugins.search.plugin import Parser

from generator.site.search_entries import Indexed, search_entries

if TYPE_CHECKING:
    from pathlib import Path

PAGE = Indexed("a.html", "Title", "", {})


def entries(content: str) -> list[dict[str, Any]]:
    return list(search_entries(PAGE, content))


def theirs(content: str) -> list[dict[str, Any]]:
    """Return the entries of a page of this content as the theme makes them."""
    parser = Parser()
    parser.feed(content)
    parser.close()
    return [
        {
            "location": f"a.html#{section.id}" if section.id else "a.html",
            "title": "".join(section.title or ["Title"]).strip(),
            "text": "".join(section.text).strip(),
        }
        for section in parser.data
        if not section.is_excluded()
    ]


CONTENTS = (
    "",
    "text",
    "<p>a &amp; b &lt;c&gt; &#34;d&#34;</p>",
    '<h1 id="x">One</h1><p>a</p><h2 id="y">Two <code>c</code></h2><p>b\nc</p>',
    '<h2 id="y">Two</h2><p>b</p>',
    "<h2>no id</h2><p>b</p>",
    '<div><h1 id="x">One</h1></div><p>after</p><section><h2 id="y">Two</h2><p>b</p></section><p>back</p>',
    '<h2 id="a&amp;b" data-search-exclude>Not</h2><p>this</p><h2 id="c">But</h2><p>that</p>',
    '<div><div data-search-exclude=""><p>no</p><div>no</div><p>by the names</p></div><p>yes</p></div>',
    '<div class="linenodiv"><p>1</p></div><p title="data-search-exclude">x</p>',
    '<p>a</p><script>if (a < b) "</p>"</script><style>p{}</style><object><p>o</p></object><p>z</p>',
    "<p>a</p><SCRIPT>b</Script><P>c</P>",
    '<h2 id="x">T <a class="headerlink" href="#x">¶</a></h2><ul> <li> </li><li>b</li> </ul>',
    "<pre> a\n\n b <code>c</code></pre> <p> </p><p>x</p> <p></p>",
    "<p>a<br>b<wbr>c<img alt='>'>d<!-- <p>no</p> -->e</p>",
    '<svg><path d="M0"/><text>in a picture</text><title>t</title></svg><p>x</p>',
    "<p>never <em>closed</p></em> ends</p>",
    '<table><tr><td data-label="a > b">c</td></tr></table>',
    "<h1 ID='q'>Big</h1><p>b</p><h3 id=plain>Third</h3>",
)


@pytest.mark.parametrize("content", CONTENTS)
def test_an_entry_is_what_the_theme_would_make_of_it(content: str) -> None:
    assert entries(content) == theirs(content)


def test_so_it_is_on_every_page_of_a_site(shop_site: Path, hostile_site: Path) -> None:
    seen = 0
    for page in (*shop_site.rglob("*.html"), *hostile_site.rglob("*.html")):
        html = page.read_text("utf-8")
        article = html[html.index("<article") : html.rindex("</article>")]
        assert entries(article) == theirs(article), page
        seen += 1
    assert seen > 200


def test_what_front_matter_says_goes_along() -> None:
    page = Indexed("a.html", "Title", "", {"tags": ["one"], "boost": 2})
    assert list(search_entries(page, "<p>a</p>")) == [
        {"location": "a.html", "title": "Title", "text": "<p>a</p>", "tags": ["one"], "boost": 2}
    ]
