"""What a key is at a moment, and whether it lets in."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.tenancy.models import ApiKey, KeyStatus, SingleUse
from penstock.kit.ids import KeyId, OrgId

NOW_US = 100


def key(**about: Any) -> ApiKey:
    return ApiKey(id=KeyId(1), org_id=OrgId(1), name="", prefix="", scopes=frozenset(), created_us=0, **about)


@pytest.mark.parametrize(
    ("about", "status", "lets_in"),
    [
        ({}, KeyStatus.ACTIVE, True),
        ({"expires_us": 101}, KeyStatus.ACTIVE, True),
        ({"expires_us": 100}, KeyStatus.EXPIRED, False),
        ({"revoked_us": 100, "expires_us": 1}, KeyStatus.REVOKED, False),
        ({"revoked_us": 1, "rotated_us": 1, "valid_until_us": 500}, KeyStatus.REVOKED, False),
        ({"single_use": SingleUse.SPEND}, KeyStatus.ACTIVE, True),
        ({"single_use": SingleUse.SPEND, "spent_us": 1}, KeyStatus.SPENT, False),
        ({"spent_us": 1}, KeyStatus.ACTIVE, True),
        ({"rotated_us": 1}, KeyStatus.ROTATED, False),
        ({"rotated_us": 1, "valid_until_us": 101}, KeyStatus.ROTATED, True),
        ({"rotated_us": 1, "valid_until_us": 100}, KeyStatus.ROTATED, False),
        ({"rotated_us": 1, "valid_until_us": 500, "expires_us": 100}, KeyStatus.ROTATED, False),
        ({"rotated_us": 1, "valid_until_us": 500, "expires_us": 101}, KeyStatus.ROTATED, True),
        ({"rotated_us": 1, "valid_until_us": 500, "single_use": SingleUse.SPEND, "spent_us": 1}, KeyStatus.ROTATED, False),
        ({"rotated_us": 1, "valid_until_us": 500, "spent_us": 1}, KeyStatus.ROTATED, True),
    ],
)
def test_a_key_at_a_moment(about: dict[str, Any], status: KeyStatus, *, lets_in: bool) -> None:
    assert (key(**about).status(NOW_US), key(**about).is_usable(NOW_US)) == (status, lets_in)
