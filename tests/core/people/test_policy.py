"""Which passwords are taken: long ones, and none that is tried first or made of the account's own name."""

from __future__ import annotations

import pytest

from penstock.core.people.policy import MAX_LENGTH, check_password
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    "password",
    ["tide weir gauge", "ÄÖÜ äöü ß 42 kg", "password of a miller", "abcdefghi and more", "x" + "yzäöü." * 21 + "!"],
)
def test_what_is_taken(password: str) -> None:
    check_password(password, "ada@example.org", 12)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short one 1", "at least 12"),
        ("tide weir gauge " * 9, f"at most {MAX_LENGTH}"),
        ("Password1234", "tried first"),
        ("PassWort!penstock", "tried first"),
        ("aaaaaaaaaaaab", "repeats or counts"),
        ("abababababab", "repeats or counts"),
        ("bcdefghijklm", "repeats or counts"),
        ("qwertzuiopasdf", "repeats or counts|tried first"),
        ("ada.byron1815", "made of the e-mail"),
        ("ADA.BYRON@example.org", "made of the e-mail"),
    ],
)
def test_what_is_refused(password: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        check_password(password, "Ada.Byron@example.org", 12, "new_password")
    assert [(one.field, one.code) for one in refused.value.errors] == [("new_password", "weak")]


def test_a_name_inside_a_longer_password_does_no_harm() -> None:
    check_password("my friend ada.byron computes", "ada.byron@example.org", 12)
    check_password("ada weir gauge", "ada@example.org", 12)
