"""Converts tokens between wire structs and core models. All functions are pure."""

from __future__ import annotations

from penstock.api.v2.tokens import wire
from penstock.core.tokens import models
from penstock.core.tokens.models import ListedToken
from penstock.kit.clock import format_time
from penstock.kit.fields import same_fields
from penstock.kit.ids import Prefix, encode


def from_core(listed: ListedToken) -> wire.Token:
    token = listed.token
    return wire.Token(
        **same_fields(token, wire.Token),
        id=encode(Prefix.TOKEN, token.id),
        groups=[wire.TokenGroup(encode(Prefix.GROUP, one.id), one.name) for one in listed.groups],
        created_at=format_time(token.created_us),
        updated_at=format_time(token.updated_us),
    )


def to_core_patch(patch: wire.TokenPatch) -> models.TokenPatch:
    return models.TokenPatch(**same_fields(patch, models.TokenPatch))


def to_core_filter(query: wire.TokenQuery) -> models.TokenFilter:
    return models.TokenFilter(text=query.search, issuer=query.issuer, rotate=query.rotate)


def from_core_code(code: models.Code) -> wire.Code:
    return wire.Code(code.code, code.expires_in_s, code.period_s)
