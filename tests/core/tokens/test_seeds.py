"""Seeds as services show them, and the rules of tokens."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.tokens.models import NewToken
from penstock.core.tokens.seeds import check_token, new_seed, seed_from_text
from penstock.core.vault.totp import SECRET_BYTES
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, TokenId, encode

SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    "text",
    [
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "gezd gnbv gy3t qojq gezd gnbv gy3t qojq",
        "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ",
        "\tGEZDGNBVGY3TQOJQ\n gezdgnbvgy3tqojq====  ",
    ],
)
def test_base32_in_every_usual_form(text: str) -> None:
    assert seed_from_text(text) == SEED


@given(st.binary(min_size=10, max_size=128))
def test_every_seed_is_read_back(seed: bytes) -> None:
    text = base64.b32encode(seed).decode()
    assert seed_from_text(text) == seed_from_text(text.rstrip("=").lower()) == seed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("GEZDGNBVGY3TQOJ0", "must be base32"),  # a zero
        ("GEZDGNBVGY3TQOJ8", "must be base32"),
        ("GEZDGNBVGY3TQOJÄ", "must be base32"),
        ("GEZDGNBVGY3TQOJQG", "must be base32"),  # no bytes have 17 letters
        ("ſEZDGNBVGY3TQOJQ", "must be base32"),  # which becomes an S in capitals
        ("", "must be 10 to 128 bytes, and has 0"),
        ("GEZDGNBVGY3TQOI", "must be 10 to 128 bytes, and has 9"),
        (base64.b32encode(bytes(129)).decode(), "must be 10 to 128 bytes, and has 129"),
    ],
)
def test_what_is_no_seed_is_refused_without_being_quoted(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason) as refused:
        seed_from_text(text, "uri.secret")
    assert refused.value.errors[0].field == "uri.secret"
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Aws"}, "name"),
        ({"name": "-aws"}, "name"),
        ({"name": "aws prod"}, "name"),
        ({"name": "ä"}, "name"),
        ({"name": "a\n"}, "name"),
        ({"name": "a" * 64}, "name"),
        ({"name": "from-picture"}, "name"),
        ({"name": encode(Prefix.TOKEN, TokenId(1))}, "name"),
        ({"seed": bytes(9)}, "secret"),
        ({"seed": bytes(129)}, "secret"),
        ({"algorithm": "MD5"}, "algorithm"),
        ({"algorithm": "sha1"}, "algorithm"),
        ({"digits": 5}, "digits"),
        ({"digits": 9}, "digits"),
        ({"period_s": 14}, "period"),
        ({"period_s": 301}, "period"),
    ],
)
def test_what_is_out_of_bounds_is_named(fields: dict[str, object], field: str) -> None:
    good: dict[str, object] = {"name": "aws-prod", "seed": SEED}
    with pytest.raises(InvalidInput) as refused:
        check_token(NewToken(**good | fields))  # type: ignore[arg-type]
    assert [one.field for one in refused.value.errors] == [field]


def test_the_bounds_themselves_are_allowed() -> None:
    for name, size, digits, period_s in (("a", 10, 6, 15), ("0" + "a._-" * 15 + "zz", 128, 8, 300)):
        check_token(NewToken(name=name, seed=bytes(size), digits=digits, period_s=period_s))


def test_a_new_seed_is_as_long_as_the_hash_and_random() -> None:
    for algorithm, size in SECRET_BYTES.items():
        assert len(new_seed(algorithm)) == size
    assert len({bytes(new_seed("SHA1")) for _ in range(100)}) == 100
