"""Which passwords are taken: long ones, and none that is most common passwords or made of the account's own name."""

from __future__ import annotations

import pytest

from penstock.core.people.policy import MAX_LENGTH, check_password
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    "password",
    [
        "tide weir gauge",
        "ÄÖÜ äöü ß 42 kg",
        "password of a miller",
        "abcdefghi and more",
        "x" + "yzäöü." * 21 + "!",
        "ß" * 64 + "tide weir gauge" + "ß" * 49,
    ],
)
def test_what_is_taken(password: str) -> None:
    check_password(password, "ada@example.org", 12)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short one 1", "at least 12"),
        ("Straße an ß", "at least 12"),
        ("ßßßß zur ﬃ", "at least 12"),
        ("tide weir gauge " * 9, f"at most {MAX_LENGTH}"),
        ("Password1234", "most common passwords"),
        ("PassWort!penstock", "most common passwords"),
        ("aaaaaaaaaaaab", "a repetition or a sequence"),
        ("abababababab", "a repetition or a sequence"),
        ("bcdefghijklm", "a repetition or a sequence"),
        ("qwertzuiopasdf", "a repetition or a sequence|most common passwords"),
        ("ada.byron1815", "derived from the e-mail address"),
        ("ADA.BYRON@example.org", "derived from the e-mail address"),
    ],
)
def test_what_is_refused(password: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        check_password(password, "Ada.Byron@example.org", 12, "new_password")
    assert [(one.field, one.code) for one in refused.value.errors] == [("new_password", "weak")]


def test_a_name_inside_a_longer_password_does_no_harm() -> None:
    check_password("my friend ada.byron computes", "ada.byron@example.org", 12)
    check_password("ada weir gauge", "ada@example.org", 12)
