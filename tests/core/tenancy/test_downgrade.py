"""What does not fit into another plan."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.tenancy.downgrade import excess_keys, keeps_less, kept, longest
from penstock.core.tenancy.models import ApiKey, Plan
from penstock.kit.ids import KeyId, OrgId

NOW_US = 1_000


def key(number: int, used_us: int | None = None, **about: Any) -> ApiKey:
    facts: dict[str, Any] = {"name": "", "prefix": "", "scopes": frozenset(), "created_us": 0, "last_used_us": used_us}
    return ApiKey(id=KeyId(number), org_id=OrgId(1), **facts | about)


def beyond(limit: int | None, *keys: ApiKey) -> list[int]:
    return [one.id for one in excess_keys(Plan(key_limit=limit), keys, NOW_US)]


def test_the_keys_that_were_used_last_stay() -> None:
    keys = (key(1, 50), key(2), key(3, 70), key(4), key(5, 60))
    assert beyond(None, *keys) == []
    assert beyond(3, *keys) == [2, 4]
    assert beyond(4, *keys) == [2], "of two that were never used the newer one"
    assert beyond(0, *keys) == [1, 2, 3, 4, 5]


def test_a_rotated_key_goes_and_stays_with_its_successor() -> None:
    rotated = key(1, 90, rotated_us=1, replaced_by=KeyId(2))
    assert beyond(1, rotated, key(2, 80), key(3, 70)) == [3]
    assert beyond(1, rotated, key(2, 60), key(3, 70)) == [1, 2]


def test_without_access_to_the_api_no_key_stays() -> None:
    assert len(excess_keys(Plan(api_access=False, key_limit=9), [key(1, 5), key(2, 6)], NOW_US)) == 2


@pytest.mark.parametrize(
    ("days", "expected"),
    [((7, 30), 30), ((30, 7), 30), ((7, None), None), ((None, 7), None), ((0,), 0)],
)
def test_none_is_without_end(days: tuple[int | None, ...], expected: int | None) -> None:
    assert longest(*days) == expected


@pytest.mark.parametrize(
    ("one", "other", "less"),
    [
        ((7, 7), (7, 7), False),
        ((7, 7), (30, 7), True),
        ((7, 7), (7, None), True),
        ((None, 7), (30, 7), False),
        ((30, 1), (7, 2), True),
    ],
)
def test_readings_or_the_audit_log_for_a_shorter_time(one: Any, other: Any, *, less: bool) -> None:
    mine, theirs = (Plan(retention_days=days, audit_days=audit) for days, audit in (one, other))
    assert keeps_less(mine, theirs) is less
    assert (kept(mine) == kept(theirs)) == (one == other)
