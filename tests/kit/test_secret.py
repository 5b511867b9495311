"""Secrets: what they look like, that they do not show, and how they are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.secret import (
    MASK,
    Pepper,
    Secret,
    hidden_fields,
    hides,
    mask_credentials,
    mask_values,
    new_credential,
    new_password,
    well_formed,
)

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("prefix", ["psk_", "tok_"])
def test_a_credential_is_prefix_digits_and_checksum(prefix: str) -> None:
    for _ in range(200):
        value = new_credential(prefix)
        assert re.fullmatch(f"{prefix}[0-9A-Za-z]{{36}}", value)
        assert well_formed(value, prefix)
        check = 0
        for digit in value[-6:]:
            check = check * 62 + DIGITS.index(digit)
        assert check == zlib.crc32(value[:-6].encode())


def test_credentials_are_all_different_and_use_every_digit() -> None:
    made = [new_credential("psk_") for _ in range(2_000)]
    assert len(set(made)) == len(made)
    assert set("".join(value[4:34] for value in made)) == set(DIGITS)


def test_every_changed_digit_is_noticed() -> None:
    value = new_credential("psk_")
    for at in range(len(value)):
        for digit in DIGITS + "_é\0\n":
            if digit != value[at]:
                assert not well_formed(value[:at] + digit + value[at + 1 :], "psk_")


def test_every_pair_of_swapped_digits_is_noticed() -> None:
    value = new_credential("psk_")
    for low in range(4, 40):
        for high in range(low + 1, 40):
            if value[low] != value[high]:
                swapped = value[:low] + value[high] + value[low + 1 : high] + value[low] + value[high + 1 :]
                assert not well_formed(swapped, "psk_")


@given(st.text(max_size=60) | st.text(min_size=36, max_size=36).map("psk_{}".format))
def test_no_text_is_too_strange_to_be_judged(text: str) -> None:
    assert not well_formed(text, "psk_")


@pytest.mark.parametrize("around", ["{}", "d/{}/t", "a {}, b", '"{}"', "x-{}"])
def test_a_credential_within_a_text_is_masked(around: str) -> None:
    for hidden, kept in (
        (new_credential("tok_"), "tok_"),
        (new_credential("psk_live_"), "psk_live_"),
        ("eyJhbGciOiJI.eyJz.c2ln", ""),
    ):
        assert mask_credentials(around.format(hidden)) == around.format(kept + MASK)


@pytest.mark.parametrize("plain", ["", "dev_0apjd1ye40ws7", "room_temperature", "a" * 80, "2026-05-02T09:15:04Z"])
def test_what_is_no_credential_is_not_masked(plain: str) -> None:
    assert mask_credentials(plain) == plain


def test_a_credential_of_another_prefix_is_none() -> None:
    assert not well_formed(new_credential("tok_"), "psk_")
    assert not well_formed("", "psk_")
    assert not well_formed("psk_", "psk_")


def test_a_secret_does_not_show() -> None:
    secret = Secret("hunter2")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr([secret]), repr({"a": secret})]  # noqa: UP031
    assert not [text for text in shown if "hunter2" in text]
    assert secret.reveal() == "hunter2"
    assert not hasattr(secret, "__dict__")


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("é") == Secret("é"), "text beyond ASCII is compared too"
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_passwords_are_long_and_all_different() -> None:
    made = {new_password() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch("[0-9A-Za-z]{20}", password) for password in made)


@given(st.binary(min_size=32, max_size=64), st.binary(max_size=200))
def test_a_digest_is_hmac_sha_256(key: bytes, credential: bytes) -> None:
    assert Pepper(key).digest(credential) == hmac.digest(key, credential, hashlib.sha256)


def test_digests_do_not_disturb_each_other() -> None:
    pepper = Pepper(b"k" * 32)
    first = pepper.digest(b"a")
    pepper.digest(b"b")
    assert pepper.digest(b"a") == first != pepper.digest(b"b")


def test_keys_for_other_purposes_differ() -> None:
    pepper, other = Pepper(b"k" * 32), Pepper(b"l" * 32)
    keys = {pepper.derive("a"), pepper.derive("b"), other.derive("a"), pepper.digest(b"a"), b"k" * 32}
    assert len(keys) == 5
    assert len(pepper.derive("a")) == 32


@pytest.mark.parametrize("size", [0, 1, 31, 65, 1000])
def test_a_pepper_has_a_fitting_size(size: int) -> None:
    with pytest.raises(ValueError, match="pepper"):
        Pepper(b"k" * size)


def test_a_pepper_does_not_show() -> None:
    assert "kkk" not in repr(Pepper(b"k" * 32))


def test_values_are_masked_as_they_are_and_in_json() -> None:
    text = 'got pass"word, "pass\\"word" and pass"word-2, not a'
    assert mask_values(text, ['pass"word', 'pass"word-2', "a", ""]) == f'got {MASK}, "{MASK}" and {MASK}, not a'


def test_a_struct_knows_what_it_hides() -> None:
    @hides("token")
    class One(msgspec.Struct):
        token: str

    @hides("code")
    class Two(One):
        code: str

    class Three(Two):
        name: str

    assert (hidden_fields(One), hidden_fields(Three)) == ({"token"}, {"token", "code"})
    assert hidden_fields(int) == frozenset()
