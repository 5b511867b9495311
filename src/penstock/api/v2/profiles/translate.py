"""Profiles between the wire and the core."""

from __future__ import annotations

from penstock.api.v2.devices.translate import to_core_sensor
from penstock.api.v2.devices.wire import SensorCreate
from penstock.api.v2.profiles import wire
from penstock.core.profiles.models import Profile, ProfilePatch
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.fields import changes_in
from penstock.kit.ids import Prefix, encode


def to_core_patch(wanted: wire.ProfilePatch) -> ProfilePatch:
    changes = changes_in(wanted)
    if "sensors" in changes:
        changes["sensors"] = [to_core_sensor(sensor) for sensor in changes["sensors"]]
    if "expected_interval_s" in changes:
        seconds = changes.pop("expected_interval_s")
        changes["expected_interval_us"] = None if seconds is None else seconds * SECOND_US
    return ProfilePatch(**changes)


def from_core_profile(profile: Profile) -> wire.Profile:
    return wire.Profile(
        id=encode(Prefix.PROFILE, profile.id),
        project_id=encode(Prefix.PROJECT, profile.project_id),
        name=profile.name,
        device_type=profile.device_type,
        model=profile.model,
        description=profile.description,
        expected_interval_s=None if profile.expected_interval_us is None else profile.expected_interval_us // SECOND_US,
        sensors=[SensorCreate(one.key, one.name, one.unit, one.value_type.value) for one in profile.sensors],
        codec_id=None if profile.codec_id is None else encode(Prefix.CODEC, profile.codec_id),
        created_at=format_time(profile.created_us),
        updated_at=format_time(profile.updated_us),
    )
