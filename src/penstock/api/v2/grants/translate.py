"""Converts grants and requests between wire structs and core models."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from penstock.api.shared.grants import moment, subject_of
from penstock.api.v2.grants import wire
from penstock.core.tokens.grant_models import Granted, NewGrant, SeedRequest
from penstock.core.tokens.models import Permission
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, encode


def to_core_grant(body: wire.GrantCreate) -> NewGrant:
    return NewGrant(
        subject=subject_of(body.subject, "subject"),
        permission=Permission(body.permission),
        expires_us=moment(body.expires_at, "expires_at"),
        expires_in_us=None if body.expires_in_s is None else body.expires_in_s * SECOND_US,
        reason=body.reason,
    )


def to_core_end(expires_at: str | UnsetType | None, expires_in_s: int | UnsetType) -> tuple[int | None, int | None]:
    """When a grant ends: at a time, or after microseconds.

    Raises:
        InvalidInput: neither is given.
    """
    if expires_at is UNSET and expires_in_s is UNSET:
        raise InvalidInput.field("expires_at", "must be given, or expires_in_s", "required")
    at_us = None if isinstance(expires_at, UnsetType) else moment(expires_at, "expires_at")
    return at_us, None if isinstance(expires_in_s, UnsetType) else expires_in_s * SECOND_US


def from_core_grant(granted: Granted) -> wire.Grant:
    grant = granted.grant
    return wire.Grant(
        id=encode(Prefix.GRANT, grant.id),
        token=granted.token,
        token_id=encode(Prefix.TOKEN, grant.token_id),
        subject=granted.of.text,
        subject_name=granted.subject,
        permission=grant.permission.value,
        expires_at=converted(grant.expires_us, format_time),
        reason=grant.reason,
        created_by=grant.created_by,
        created_at=format_time(grant.created_us),
    )


def from_core_request(request: SeedRequest) -> wire.Request:
    return wire.Request(
        id=encode(Prefix.SEED_REQUEST, request.id),
        token=request.token,
        token_id=encode(Prefix.TOKEN, request.token_id),
        purpose=request.purpose.value,
        reason=request.reason,
        state=request.state.value,
        requested_by=request.requested_by,
        created_at=format_time(request.created_us),
        until=format_time(request.until_us),
        decided_by=request.decided_by or None,
        decided_at=converted(request.decided_us, format_time),
        used_at=converted(request.used_us, format_time),
    )
