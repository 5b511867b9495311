"""Tokens between the wire and the core."""

from __future__ import annotations

from penstock.api.v2.tokens import wire
from penstock.api.v2.tokens.translate import from_core, from_core_code, to_core_filter, to_core_patch
from penstock.core.tokens.models import Code, ListedToken, Token, TokenFilter, TokenGroup, TokenPatch
from penstock.kit.ids import GroupId, Prefix, TokenId, encode


def test_a_token_has_its_groups_and_no_step() -> None:
    token = Token(id=TokenId(5), name="aws", last_step=7, rotate_reason="left", created_by="usr_1", created_us=0, updated_us=1)
    found = from_core(ListedToken(token, (TokenGroup(GroupId(6), "Ops"),)))
    assert (found.id, found.rotate_reason) == (encode(Prefix.TOKEN, TokenId(5)), "left")
    assert found.groups == [wire.TokenGroup(encode(Prefix.GROUP, GroupId(6)), "Ops")]
    assert (found.created_at, found.updated_at) == ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000001Z")
    assert "last_step" not in wire.Token.__struct_fields__


def test_what_is_asked_and_changed() -> None:
    assert to_core_filter(wire.TokenQuery(search="a", issuer="b", rotate=False)) == TokenFilter(
        text="a", issuer="b", rotate=False
    )
    assert to_core_patch(wire.TokenPatch(name="x")) == TokenPatch(name="x")
    assert from_core_code(Code(code="1", expires_in_s=2, period_s=3)) == wire.Code("1", 2, 3)
