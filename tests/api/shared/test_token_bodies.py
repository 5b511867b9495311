"""Tokens in requests and seeds in responses."""

from __future__ import annotations

import pyotp
import pytest

from penstock.api.shared.token_bodies import ShownSeed, TokenToCreate, new_token, shown_seed
from penstock.core.tokens.models import NewToken, Token, TokenSeed
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import TokenId

BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SEED = b"12345678901234567890"
URI = f"otpauth://totp/AWS:ada?secret={BASE32}&digits=7"


def test_what_is_sent_with_a_uri_takes_precedence_over_it() -> None:
    by_uri = TokenToCreate(name="aws", uri=URI, issuer="Amazon", description="d", four_eyes=True)
    wanted = NewToken(name="aws", seed=SEED, issuer="Amazon", account="ada", description="d", digits=7, four_eyes=True)
    assert new_token(by_uri) == wanted
    by_secret = TokenToCreate(name="aws", secret=BASE32, algorithm="SHA256", digits=8, period=60)
    assert new_token(by_secret) == NewToken(name="aws", seed=SEED, algorithm="SHA256", digits=8, period_s=60)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (TokenToCreate(name="aws"), "secret"),
        (TokenToCreate(name="aws", secret=BASE32, uri=URI), "secret"),
        (TokenToCreate(name="aws", uri=URI, digits=7), "digits"),
        (TokenToCreate(name="aws", uri=URI, period=30), "period"),
    ],
)
def test_what_contradicts_itself_is_refused(body: TokenToCreate, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        new_token(body)
    assert [one.field for one in refused.value.errors] == [field]
    assert BASE32 not in repr(body)


def test_a_seed_is_shown_in_both_forms() -> None:
    token = Token(id=TokenId(5), name="aws", digits=8, period_s=60, algorithm="SHA512", created_by="", created_us=0, updated_us=1)
    shown = shown_seed(TokenSeed(token, bytearray(SEED)), ShownSeed)
    assert (shown.name, shown.secret, shown.algorithm, shown.digits, shown.period) == ("aws", BASE32, "SHA512", 8, 60)
    read = pyotp.parse_uri(shown.uri)
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.digits, read.interval, read.name, read.issuer) == (BASE32, 8, 60, "aws", None)
    assert BASE32 not in repr(shown)
