"""Counts of usage."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId, KeyId


class UsageHour(msgspec.Struct, frozen=True, kw_only=True):
    """The readings that an organisation stored in one UTC hour of arrival."""

    hour_us: int
    readings: int
    data_points: int


class DeviceHour(msgspec.Struct, frozen=True, kw_only=True):
    """The readings that a device stored in one UTC hour of arrival. `size_bytes` is that of the payloads."""

    device_id: DeviceId
    hour_us: int
    readings: int
    data_points: int
    size_bytes: int


class CallHour(msgspec.Struct, frozen=True, kw_only=True):
    """The number of calls of a key in one UTC hour; users are counted together under key 0.

    `size_bytes` is that of the sent bodies, `refused` the calls that a limit rejected, which are not included in `calls`.
    """

    key_id: KeyId
    hour_us: int
    calls: int = 0
    size_bytes: int = 0
    refused: int = 0


class UsageBy(StrEnum):
    """What the rows of a usage query are grouped by."""

    ORGANIZATION = "organization"
    PROJECT = "project"
    CUSTOMER = "customer"
    KEY = "key"
    DEVICE = "device"


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """Usage in one bucket. `subject_id` is 0 for the organisation, and for usage that no longer belongs to a subject.

    `webhooks` are delivered messages, `sms` sent ones.
    """

    start_us: int
    subject_id: int
    calls: int = 0
    readings: int = 0
    data_points: int = 0
    size_bytes: int = 0
    refused: int = 0
    webhooks: int = 0
    sms: int = 0
