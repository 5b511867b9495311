"""Converts tokens between wire structs and core models. All functions are pure."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.v2.tokens import wire
from penstock.core.tokens import models
from penstock.core.tokens.models import ListedToken
from penstock.kit.clock import format_time
from penstock.kit.fields import same_fields
from penstock.kit.ids import Prefix, encode


def from_core(listed: ListedToken) -> wire.Token:
    return _from_core_token(listed.token, listed.groups)


def _from_core_token(token: models.Token, groups: Sequence[models.TokenGroup]) -> wire.Token:
    return wire.Token(
        **same_fields(token, wire.Token),
        id=encode(Prefix.TOKEN, token.id),
        groups=[wire.TokenGroup(encode(Prefix.GROUP, one.id), one.name) for one in groups],
        created_at=format_time(token.created_us),
        updated_at=format_time(token.updated_us),
    )


def to_core_patch(patch: wire.TokenPatch) -> models.TokenPatch:
    return models.TokenPatch(**same_fields(patch, models.TokenPatch))


def to_core_filter(query: wire.TokenQuery) -> models.TokenFilter:
    return models.TokenFilter(text=query.search, issuer=query.issuer, rotate=query.rotate)


def from_core_code(code: models.Code) -> wire.Code:
    return wire.Code(code.code, code.expires_in_s, code.period_s)
