"""How values of keys look, and by what they are known."""

from __future__ import annotations

import pytest

from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.tenancy.key_styles import OWN_STYLE, KeyStyle, KeyStyles
from penstock.kit.errors import InvalidInput
from tests.support.key_styles import check_style

DOTTED = KeyStyle(name="dotted", prefix="a.b_", digits=40, shown=6, alphabet="01234567-")


def test_our_own_style_is_the_first() -> None:
    assert KEY_STYLES.names[0] == OWN_STYLE


def test_a_new_value_is_known_by_its_look() -> None:
    check_style(OWN_STYLE, prefix="psk_", length=40, shown=8)


def test_without_others_only_our_own_is_known() -> None:
    ours = KeyStyles()
    assert ours.names == (OWN_STYLE,)
    assert ours.looks_like_key(ours.new_value(OWN_STYLE).encode())
    assert not ours.looks_like_key(KeyStyles([DOTTED]).new_value("dotted").encode())
    with pytest.raises(InvalidInput, match=r"must be one of penstock$"):
        ours.new_value("dotted")
    assert not ours.looks_like_key(b"")


def test_a_prefix_and_an_alphabet_are_taken_as_they_are_written() -> None:
    styles = KeyStyles([DOTTED])
    value = styles.new_value("dotted")
    assert styles.looks_like_key(value.encode())
    assert not styles.looks_like_key(value.replace("a.b_", "axb_").encode())
    assert not styles.looks_like_key((value[:-1] + "8").encode())


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([DOTTED, DOTTED], "key style dotted must not be defined twice"),
        ([KeyStyle(name=OWN_STYLE, digits=40, shown=4)], "key style penstock must not be defined twice"),
        ([KeyStyle(name="short", digits=19, shown=4)], "can be guessed"),
        ([KeyStyle(name="narrow", digits=64, shown=4, alphabet="aaab")], "can be guessed"),
    ],
)
def test_styles_that_cannot_be(others: list[KeyStyle], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        KeyStyles(others)
