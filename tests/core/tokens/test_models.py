"""Tokens as values: their place in a list, and what is shown of their secrets."""

from __future__ import annotations

from penstock.core.tokens.models import Code, NewToken, Token, TokenSeed, TokenSort
from penstock.core.vault.models import Owner
from penstock.kit.ids import TokenId

TOKEN = Token(id=TokenId(5), name="aws", created_by="", created_us=1, updated_us=1)


def test_the_place_in_each_order() -> None:
    assert [sort.position(TOKEN) for sort in TokenSort] == ["aws", "aws", 5, 5]
    assert TOKEN.owner == Owner("token", 5)


def test_no_secret_is_shown() -> None:
    seed = b"seed of a token"
    for one in (
        NewToken(name="aws", seed=seed),
        TokenSeed(TOKEN, bytearray(seed)),
        Code(code="497539", expires_in_s=1, period_s=30),
    ):
        assert "seed of" not in repr(one)
        assert "497539" not in repr(one)
        assert "•••" in repr(one)
