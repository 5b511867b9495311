"""The audit log names devices and fields, and never the values of settings."""

from __future__ import annotations

import msgspec

from penstock.core.audit.models import Target
from penstock.core.devices.audited import facts, target_of, target_of_sensor
from penstock.core.devices.models import DevicePatch, Location
from penstock.kit.ids import Prefix, ProfileId, encode
from tests.core.devices.test_models import PUMP


def test_settings_are_told_by_their_names_alone() -> None:
    device = msgspec.structs.replace(PUMP, settings={"wifi_password": "hunter2", "apn": "iot"})
    assert facts(device, ["settings"]) == {"settings": ["apn", "wifi_password"]}


def test_facts_are_plain_values_with_public_ids() -> None:
    device = msgspec.structs.replace(PUMP, location=Location(latitude=1.0, longitude=2.0))
    assert facts(device, ["name", "project_id", "location"]) == {
        "name": "pump",
        "project_id": encode(Prefix.PROJECT, PUMP.project_id),
        "location": {"latitude": 1.0, "longitude": 2.0, "altitude_m": None},
    }


def test_no_id_is_a_bare_number() -> None:
    device = msgspec.structs.replace(PUMP, profile_id=ProfileId(7))
    names = [name for name in DevicePatch.__struct_fields__ if name.endswith("_id")]
    assert "profile_id" in names
    shown = facts(device, names)
    assert {name: value for name, value in shown.items() if not isinstance(value, str)} == {}
    assert facts(PUMP, ["profile_id"]) == {"profile_id": None}


def test_targets_are_public_ids_and_names() -> None:
    device_id = encode(Prefix.DEVICE, PUMP.id)
    assert target_of(PUMP) == Target("device", device_id, "pump")
    assert target_of_sensor(PUMP.id, "t") == Target("sensor", device_id, "t")
