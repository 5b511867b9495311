"""Grants and requests between wire and core."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from penstock.api.v2.grants import wire
from penstock.api.v2.grants.translate import from_core_request, to_core_end, to_core_grant
from penstock.core.tokens.grant_models import Purpose
from penstock.core.tokens.models import Permission, SubjectKind
from penstock.core.tokens.requests import new_request
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import SeedRequestId
from tests.core.tokens.fakes import NOW_US, TOKEN, user


def test_a_grant() -> None:
    made = to_core_grant(wire.GrantCreate(subject="key_0c2k9fq7w3m1x", permission="seed", expires_in_s=60, reason="why"))
    assert (made.subject.kind, made.permission) == (SubjectKind.KEY, Permission.SEED)
    assert (made.expires_us, made.expires_in_us, made.reason) == (None, 60 * SECOND_US, "why")


def test_an_end() -> None:
    assert to_core_end(None, UNSET) == (None, None)
    assert to_core_end("2026-05-02T09:15:04Z", UNSET) == (NOW_US, None)
    assert to_core_end(UNSET, 5) == (None, 5 * SECOND_US)
    with pytest.raises(InvalidInput, match="expires_at"):
        to_core_end(UNSET, UNSET)


def test_a_request() -> None:
    request = new_request(SeedRequestId(5), user(), TOKEN, Purpose.READ, "new phone", NOW_US, NOW_US)
    shown = from_core_request(request)
    assert (shown.token, shown.state, shown.requested_by, shown.until) == ("aws-prod", "open", "lena", "2026-05-02T09:15:04Z")
    assert (shown.decided_by, shown.decided_at, shown.used_at) == (None, None, None)
