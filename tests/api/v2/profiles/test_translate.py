"""Profiles between wire and core: an interval in seconds that may be cleared, and sensors as they were sent."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from penstock.api.v2.devices.wire import SensorCreate
from penstock.api.v2.profiles import wire
from penstock.api.v2.profiles.translate import from_core_profile, to_core_patch
from penstock.core.profiles.models import Profile
from penstock.kit.ids import CodecId, Prefix, ProfileId, ProjectId, encode


def test_a_patch_tells_null_from_absent() -> None:
    assert to_core_patch(wire.ProfilePatch()).expected_interval_us is UNSET
    assert to_core_patch(wire.ProfilePatch(expected_interval_s=None)).expected_interval_us is None
    assert to_core_patch(wire.ProfilePatch(expected_interval_s=60)).expected_interval_us == 60_000_000
    assert to_core_patch(wire.ProfilePatch(sensors=[])).sensors == []


def test_sensors_come_back_as_they_were_sent() -> None:
    sent = [SensorCreate("t", "Temperature", "°C", "integer"), SensorCreate("on", value_type="boolean")]
    sensors = to_core_patch(wire.ProfilePatch(sensors=sent)).sensors
    assert not isinstance(sensors, msgspec.UnsetType)
    profile = Profile(
        id=ProfileId(1),
        project_id=ProjectId(2),
        name="Meter",
        device_type="",
        model="",
        description="",
        expected_interval_us=90_000_000,
        sensors=sensors,
        codec_id=None,
        created_us=1,
        updated_us=1,
    )
    found = from_core_profile(profile)
    assert (found.sensors, found.expected_interval_s, found.codec_id) == (sent, 90, None)
    used = msgspec.structs.replace(profile, codec_id=CodecId(9), expected_interval_us=None)
    assert from_core_profile(used).codec_id == encode(Prefix.CODEC, CodecId(9))
    assert from_core_profile(used).expected_interval_s is None
