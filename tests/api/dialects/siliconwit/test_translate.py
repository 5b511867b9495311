"""The pure part: words for ranges, plans without limits, keys that are over, and errors."""

from __future__ import annotations

import pytest

from penstock.api.dialects.siliconwit import wire
from penstock.api.dialects.siliconwit.errors import error_body
from penstock.api.dialects.siliconwit.translate import (
    UNLIMITED_DAYS,
    UNLIMITED_DEVICES,
    from_core_device_counts,
    from_core_key,
    from_core_plan,
    shortened,
    to_core_range,
)
from penstock.core.devices.errors import DeviceNotFound, DevicePaused
from penstock.core.telemetry.errors import LogFull
from penstock.core.tenancy.models import ApiKey, Plan
from penstock.kit.clock import HOUR_US, SECOND_US
from penstock.kit.errors import InternalError, InvalidInput, PenstockError

NOW_US = 1_777_713_304 * SECOND_US


@pytest.mark.parametrize(
    ("wanted", "days", "used"),
    [
        ("30d", None, "30d"),
        ("30d", 30, "30d"),
        ("30d", 29, "7d"),
        ("30d", 7, "7d"),
        ("30d", 6, "24h"),
        ("7d", 1, "24h"),
        ("7d", 365, "7d"),
        ("1h", 7, "1h"),
        ("6h", 1, "6h"),
        ("30d", 0, "1h"),
    ],
)
def test_a_range_is_never_longer_than_asked_for_or_kept(wanted: wire.RangeWord, days: int | None, used: str) -> None:
    assert shortened(wanted, days) == used


def test_a_range_ends_with_this_moment() -> None:
    span = to_core_range("1h", NOW_US)
    assert (span.from_us, span.to_us) == (NOW_US + 1 - HOUR_US, NOW_US + 1)


def test_a_plan_without_limits_shows_numbers_all_the_same() -> None:
    shown = from_core_plan("enterprise", Plan(), (0, NOW_US))
    assert (shown.device_limit, shown.data_retention_days) == (UNLIMITED_DEVICES, UNLIMITED_DAYS)
    assert from_core_device_counts(2, 1, Plan()) == wire.DeviceUsage(3, 2, 1, UNLIMITED_DEVICES)
    assert from_core_plan("free", Plan(device_limit=3, retention_days=7), (0, NOW_US)).device_limit == 3


@pytest.mark.parametrize(
    ("expires_us", "revoked_us", "revoked_at"),
    [
        (None, None, None),
        (NOW_US + SECOND_US, None, None),
        (NOW_US - SECOND_US, None, "2026-05-02T09:15:03Z"),
        (None, NOW_US, "2026-05-02T09:15:04Z"),
        (NOW_US - SECOND_US, NOW_US, "2026-05-02T09:15:04Z"),
    ],
)
def test_a_key_that_is_over_shows_since_when(expires_us: int | None, revoked_us: int | None, revoked_at: str | None) -> None:
    key = ApiKey(
        id=1,
        org_id=1,
        name="Reports",
        prefix="psk_7Qb1",
        scopes=frozenset(),
        created_us=0,
        expires_us=expires_us,
        revoked_us=revoked_us,
    )
    assert from_core_key(key, NOW_US).revoked_at == revoked_at


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DeviceNotFound(device_id="dev_0c2k9fq7w3m1x"), "Device not found"),
        (DevicePaused(), "The device is paused"),
        (InternalError(), "Server error"),
        (LogFull(), "Too many readings are waiting for the disk; retry in a second"),
        (InvalidInput.field("limit", "must be at most 100"), "Invalid limit: must be at most 100"),
        (InvalidInput.field("", "the query must not contain a NUL character"), "The query must not contain a NUL character"),
    ],
)
def test_an_error_is_one_text(error: PenstockError, text: str) -> None:
    assert error_body(error, "req_1") == wire.Error(text)
