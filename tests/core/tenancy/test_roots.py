"""Which keys stem from the one that a sign-up returned."""

from __future__ import annotations

from typing import Any

from penstock.core.tenancy.models import ApiKey
from penstock.core.tenancy.roots import stemming_from_first
from penstock.kit.ids import KeyId, OrgId, Prefix, encode


def key(number: int, created_by: int | None = None, **about: Any) -> ApiKey:
    by = "" if created_by is None else encode(Prefix.KEY, KeyId(created_by))
    plain = {"org_id": OrgId(1), "name": "", "prefix": "", "scopes": frozenset(), "created_us": number, "created_by": by}
    return ApiKey(id=KeyId(number), **plain | about)


def test_keys_stem_by_creation_and_by_rotation_and_others_stay() -> None:
    keys = [
        key(1, replaced_by=KeyId(7)),
        key(2, 1),
        key(3),
        key(4, 3),
        key(5, 2, replaced_by=KeyId(8)),
        key(6, 3, replaced_by=KeyId(9)),
        key(7),
        key(8, 3),
        key(9, 2),
        key(10, 7),
    ]
    # 7 replaces the first one, rotated by the operator; 8 replaces 5, rotated by a key of the operator; 9 replaces a key of the
    # operator, rotated by 2.
    assert stemming_from_first(keys) == [1, 2, 5, 7, 8, 10]


def test_no_key_stems_from_none() -> None:
    assert stemming_from_first([]) == []
