"""Converts keys between wire structs and core models."""

from __future__ import annotations

from penstock.api.shared.decoding import body_id
from penstock.api.v2.keys import wire
from penstock.core.tenancy.models import KeyRequest, SingleUse
from penstock.core.tenancy.scopes import parse_scopes
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix


def to_core_key(body: wire.KeyCreate) -> KeyRequest:
    expires_us = None
    if body.expires_at is not None:
        try:
            expires_us = parse_time(body.expires_at)
        except ValueError as error:
            raise InvalidInput.field("expires_at", str(error), "time") from None
    return KeyRequest(
        name=body.name,
        scopes=parse_scopes(body.scopes),
        style=body.style,
        expires_us=expires_us,
        cidrs=tuple(body.allowed_cidrs),
        single_use=SingleUse(body.single_use) if body.single_use else None,
        per_minute=body.calls_per_minute,
        project_id=None if body.project_id is None else body_id(Prefix.PROJECT, body.project_id, "project_id"),
    )
