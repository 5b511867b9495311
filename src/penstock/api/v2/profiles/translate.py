"""Converts device profiles between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.devices.translate import to_core_sensor
from penstock.api.v2.devices.wire import SensorCreate
from penstock.api.v2.meters.register_translate import from_core_register, to_core_registers
from penstock.api.v2.profiles import wire
from penstock.core.profiles.models import Profile, ProfilePatch
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import Prefix, encode


def to_core_patch(patch: wire.ProfilePatch) -> ProfilePatch:
    return ProfilePatch(
        **same_fields(patch, ProfilePatch),
        sensors=converted(patch.sensors, lambda sensors: [to_core_sensor(sensor) for sensor in sensors]),
        registers=converted(patch.registers, to_core_registers),
        expected_interval_us=converted(patch.expected_interval_s, lambda seconds: seconds * SECOND_US),
    )


def from_core_profile(profile: Profile) -> wire.Profile:
    return wire.Profile(
        **same_fields(profile, wire.Profile),
        id=encode(Prefix.PROFILE, profile.id),
        project_id=encode(Prefix.PROJECT, profile.project_id),
        expected_interval_s=converted(profile.expected_interval_us, lambda us: us // SECOND_US),
        sensors=[SensorCreate(one.key, one.name, one.unit, one.value_type.value, one.decimals) for one in profile.sensors],
        codec_id=converted(profile.codec_id, lambda number: encode(Prefix.CODEC, number)),
        created_at=format_time(profile.created_us),
        updated_at=format_time(profile.updated_us),
        registers=[from_core_register(one) for one in profile.registers],
    )
