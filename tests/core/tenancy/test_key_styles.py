"""How values of keys look, and by what they are known."""

from __future__ import annotations

import pytest

from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.tenancy.key_styles import OWN_STYLE, KeyStyle, KeyStyles
from penstock.kit.errors import InvalidInput

DOTTED = KeyStyle(name="dotted", prefix="a.b_", digits=40, shown=6, alphabet="01234567-")
# style -> (prefix, length, characters that stay visible), as the vendors' keys look
LOOKS = {
    OWN_STYLE: ("psk_", 40, 8),
    "kilo": ("kilo_", 37, 9),
    "datakubo": ("dk_live_", 40, 12),
    "kaito": ("kto_live_", 41, 13),
    "siliconwit": ("swk_", 28, 8),
    "iottly": ("", 32, 6),
}


def test_all_styles_are_here() -> None:
    assert set(LOOKS) == set(KEY_STYLES.names)
    assert KEY_STYLES.names[0] == OWN_STYLE


@pytest.mark.parametrize("name", LOOKS)
def test_a_new_value_is_known_by_its_look(name: str) -> None:
    prefix, length, shown = LOOKS[name]
    values = {KEY_STYLES.new_value(name) for _ in range(50)}
    assert len(values) == 50
    for value in values:
        assert (value[: len(prefix)], len(value)) == (prefix, length)
        assert KEY_STYLES.shown_prefix(name, value) == value[:shown]
        assert KEY_STYLES.looks_like_key(value.encode())
        for other in (value[:-1], value + "0", " " + value, value[:-1] + "\n", value + "\n"):
            assert not KEY_STYLES.looks_like_key(other.encode())


def test_without_others_only_our_own_is_known() -> None:
    ours = KeyStyles()
    assert ours.names == (OWN_STYLE,)
    assert ours.looks_like_key(ours.new_value(OWN_STYLE).encode())
    for name in set(LOOKS) - {OWN_STYLE}:
        assert not ours.looks_like_key(KEY_STYLES.new_value(name).encode())
        with pytest.raises(InvalidInput, match=name):
            ours.new_value(name)
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
