"""HTML becomes what a reader would see, in time that grows with its length only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.inboxes.html_text import MAX_LINKS, MAX_TEXT, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Your code is <b>481902</b></p>", "Your code is 481902"),
        ("Your code: <span>48</span><span>1902</span>", "Your code: 481902"),
        ("<h1>Hello</h1><p>One<br>two</p>\n\n<div><div>three</div></div>", "Hello\n\nOne\ntwo\n\nthree"),
        ("<table><tr><td>Code</td><td>481902</td></tr><tr><td>Valid</td><td>10</td></tr></table>", "Code 481902\n\nValid 10"),
        ("<style>p { color: red }</style><script>alert('481902')</script><p>Hi</p>", "Hi"),
        ("<head><title>T</title></head><body>Hi<noscript>no</noscript></body>", "Hi"),
        ("a<div style='display:none'>hidden <b>999999</b></div>b", "ab"),
        ("a<div hidden>hidden<br>x</div>b", "ab"),
        ("a<span style='color:red; VISIBILITY : hidden'>x</span>b", "ab"),
        ("a<span style='font-size:0'>x</span>b<span style='font-size:0.9em'>c</span>", "abc"),
        ("a<span style='max-height:0px;overflow:hidden'>x</span>b<span style='opacity:0.9'>c</span>", "abc"),
        ("a<!-- 481902 -->b", "ab"),
        ("481&nbsp;902 &amp; &#52;&#56; &lt;b&gt;", "481 902 & 48 <b>"),
        ("a\u200b \u00ad&zwnj; b", "a b"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("</div></p>text</table>", "text"),
        ("plain text", "plain text"),
        ("<?xml version='1.0' encoding='utf-16'?><meta charset='latin-1'><p>\u00e4\u0416\u4e2d</p>", "\u00e4\u0416\u4e2d"),
        ("", ""),
        ("<img src='https://tracker.example/x.png'>", ""),
        ("<a href='https://a.example/'>click</a> <a href='javascript:alert(1)'>bad</a>", "click bad"),
    ],
)  # fmt: skip
def test_what_is_seen(html: str, text: str) -> None:
    assert text_of(html).text == text


def test_links_are_those_that_can_be_followed() -> None:
    html = (
        "<a href=' https://a.example/x?a=1&amp;b=2 '>one</a><a href='HTTP://b.example'>two</a><a href='https://a.example/x?a=1&b=2'>"
        "again</a><a href='ftp://c.example'>no</a><a href='/relative'>no</a><a>no</a><div style='display:none'><a href='https://d.example'>x"
    )
    assert text_of(html).links == ("https://a.example/x?a=1&b=2", "HTTP://b.example")
    assert len(text_of("".join(f"<a href='https://a.example/{number}'>x</a>" for number in range(200))).links) == MAX_LINKS


def test_a_hidden_part_ends_where_it_ends() -> None:
    assert text_of("<div style='display:none'>x<div>y</div>z</div>seen").text == "seen"
    assert text_of("<div style='display:none'><p>x</div>seen").text == "seen"


HOSTILE = ["<div>", "<", "<!--", "<a ", "<a href=", "<![CDATA[", "</", "&", "&#", "<b style='display:none'>", "<p>x",
           "\x00", "<a b='", "<!DOCTYPE ",
           "<table><tr><td>", "<span style='" + ";" * 100 + "'>"]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_html_is_read_to_its_end(unit: str) -> None:
    # In linear time this takes a fraction of a second; in quadratic time the test would not end.
    text = text_of((unit * 100_000)[:100_000]).text
    assert len(text) <= 2 * MAX_TEXT


@settings(max_examples=60)
@given(st.text(alphabet="<>/abdiv ='\"&;#!-\n\x00\ud800中", max_size=200))
def test_any_text_has_a_text(html: str) -> None:
    assert isinstance(text_of(html).text, str)
