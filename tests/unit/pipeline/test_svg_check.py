"""Which SVG pictures are pictures alone."""

from __future__ import annotations

import pytest

from generator.pipeline.svg_check import active_part

HEAD = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">'
NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'


def svg(inner: str, attributes: str = "") -> bytes:
    return f"<svg {NAMES} {attributes}>{inner}</svg>".encode()


@pytest.mark.parametrize("content", [
    HEAD.encode() + svg('<defs><path id="a" d="M0 0"/></defs><use x:href="#a" fill="url(#b)" opacity="1"/>'),
    svg("<style>path { fill: red }</style><a href='https://example.com/'><path d='M0 0'/></a>"),
    svg("<image href='data:image/png;base64,AAAA'/>"),
    svg("<text>javascript is a word</text>", "viewBox='0 0 1 1'"),
])  # fmt: skip
def test_a_plain_picture_is_one(content: bytes) -> None:
    assert active_part(content) == ""


@pytest.mark.parametrize(("content", "words"), [
    (svg("<script>x()</script>"), "the element script"),
    (b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:SCRIPT/></s:svg>', "the element SCRIPT"),
    (svg("<foreignObject/>"), "the element foreignObject"),
    (svg("", "onload='x()'"), "the attribute onload"),
    (svg("<a href='java&#10;script:x()'/>"), "an address that runs a script, in href"),
    (svg("<a x:href=' &#106;avascript:x()'/>"), "an address that runs a script, in x:href"),
    (svg("<set attributeName='href' to='javascript:x()'/>"), "an address that runs a script, in to"),
    (svg("<animate values='#a;javascript:x()'/>"), "an address that runs a script, in values"),
    (svg("<use href='data:image/svg+xml,x'/>"), "an address that runs a script, in href"),
    (b'<?xml-stylesheet href="#x" type="text/xsl"?>' + svg(""), "the instruction xml-stylesheet"),
    (b'<!DOCTYPE svg [<!ENTITY e "e">]>' + svg("&e;"), "the entity e"),
    (b"<svg><g></svg>", "XML that cannot be read"),
    (b"<svg", "XML that cannot be read"),
    (svg("<script/>").decode().encode("utf-16"), "the element script"),
])  # fmt: skip
def test_what_is_more_than_a_picture_is_told(content: bytes, words: str) -> None:
    assert active_part(content) == words
