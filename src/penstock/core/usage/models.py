"""Counts of usage."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId, KeyId


class UsageHour(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation stored in one UTC hour of arrival."""

    hour_us: int
    readings: int
    data_points: int


class DeviceHour(msgspec.Struct, frozen=True, kw_only=True):
    """What a device stored in one UTC hour of arrival. `size_bytes` are those of the payloads."""

    device_id: DeviceId
    hour_us: int
    readings: int
    data_points: int
    size_bytes: int


class CallHour(msgspec.Struct, frozen=True, kw_only=True):
    """How often a key called in one UTC hour; people together count under key 0.

    `size_bytes` are those of the bodies sent, `refused` the calls that a limit refused: they are not among `calls`.
    """

    key_id: KeyId
    hour_us: int
    calls: int = 0
    size_bytes: int = 0
    refused: int = 0


class UsageBy(StrEnum):
    """Whose usage a row is."""

    ORGANIZATION = "organization"
    PROJECT = "project"
    CUSTOMER = "customer"
    KEY = "key"
    DEVICE = "device"


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """Usage in one bucket. `subject_id` is 0 for the organisation, and for what belongs to nobody any more.

    `webhooks` are messages that were delivered, `sms` those that were sent.
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
