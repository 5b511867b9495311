"""Names of strangers in texts for others: never more than a strange name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from penstock.kit.quoting import MAX_QUOTED, one_line, quoted, visible


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("North Pumps", '"North Pumps"'),
        ("Straße & Söhne, Αθήνα 東京", '"Straße & Söhne, Αθήνα 東京"'),
        ("Your account is blocked http://evil", '"Your account is blocked"'),
        ("Blocked!\r\nSee HTTPS://evil.example/login?x=1 now", '"Blocked! See now"'),
        ("go to www.evil.example", '"go to"'),
        ("evil.example/login", '""'),
        ("evil.example:8080/x y", '"y"'),
        ("pay at evil.example", '"pay at evil example"'),
        ("evil．example and evil。example", '"evil example and evil example"'),
        ("ｈｔｔｐ：／／ｅｖｉｌ", '""'),
        ("mailto:eve@evil.example", '""'),
        ("tel:+49123 javascript:alert(1)", '""'),
        ("ftp:/evil x", '"x"'),
        ('A" <b>join</b> "', "\"A' <b>join</b> '\""),
        ("\u202emoc.live\u202c", '"moc live"'),
        ("ev\u200bil.exam\u00adple", '"evil example"'),
        ("\x1b[2J\x07red", '"[2Jred"'),
        ("x" * 200, f'"{"x" * 79}…"'),
        ("", '""'),
    ],
)
def test_a_quoted_name(name: str, shown: str) -> None:
    assert quoted(name) == shown


@given(some.text(max_size=200) | some.from_regex(r"(\w+ )?[a-z]{2,8}://[a-z]+\.[a-z]{2,4}/\w*", fullmatch=True))
def test_no_name_leaves_its_quotation_marks_or_becomes_a_link(name: str) -> None:
    shown = quoted(name)
    inside = shown[1:-1]
    assert shown[0] == shown[-1] == '"'
    assert '"' not in inside
    assert len(inside) <= MAX_QUOTED
    assert "://" not in inside
    assert "www." not in inside.lower()
    assert inside.isprintable() or not any(unicodedata.category(one).startswith(("C", "Zl", "Zp")) for one in inside)


def test_a_text_keeps_its_lines_and_nothing_that_controls() -> None:
    assert visible("a\r\nb\rc\tä\u2028d\x1b[31m\x00\u202e!") == "a\nb\nc\tä\nd[31m!"
    assert one_line("  Frost\nin the\t cellar\x07 ") == "Frost in the cellar"
