"""Devices between wire and core: what is absent stays so, and an identifier in a query has a kind."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from penstock.api.v2.devices import wire
from penstock.api.v2.devices.translate import from_core_device, to_core_device, to_core_device_patch, to_core_filter
from penstock.core.devices.models import Connectivity, Identifier, IdentifierKind, Location
from penstock.core.telemetry.fields import ValueType
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import OrgId, Prefix, ProfileId, ProjectId, encode
from tests.api.v2.customers.test_translate import EUI, device
from tests.support.days import NOON_US


def test_a_new_device_has_what_was_said_in_the_words_of_the_core() -> None:
    sent = {"name": "Pump", "expected_interval_s": 60, "sensors": [{"key": "t", "value_type": "integer"}]}
    sent |= {"identifiers": [{"kind": "eui", "value": EUI.value}], "location": {"latitude": 50.8, "longitude": 4.3}}
    found = to_core_device(msgspec.convert(sent, wire.DeviceCreate))
    assert (found.expected_interval_us, found.identifiers, found.project_id) == (60_000_000, [EUI], None)
    assert found.location == Location(latitude=50.8, longitude=4.3)
    assert (found.sensors[0].key, found.sensors[0].value_type) == ("t", ValueType.INTEGER)


def test_a_patch_tells_null_from_absent() -> None:
    empty = to_core_device_patch(wire.DevicePatch())
    assert {getattr(empty, name) for name in ("location", "profile_id", "expected_interval_us", "identifiers")} == {UNSET}
    cleared = to_core_device_patch(wire.DevicePatch(location=None, profile_id=None, expected_interval_s=None, identifiers=[]))
    assert (cleared.location, cleared.profile_id, cleared.expected_interval_us, cleared.identifiers) == (None, None, None, [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"identifier": "70b3d57ed0061f2a"}, "identifier"),
        ({"identifier": "eui:"}, "identifier"),
        ({"identifier": "name:x"}, "identifier"),
        ({"project_id": "nonsense"}, "project_id"),
        ({"profile_id": encode(Prefix.PROJECT, ProjectId(3))}, "profile_id"),
    ],
)
def test_a_query_that_makes_no_sense_is_named(query: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_core_filter(msgspec.convert(query, wire.DeviceQuery))
    assert refused.value.errors[0].field == field


def test_an_identifier_may_hold_colons() -> None:
    query = msgspec.convert({"identifier": "mac:02:5a:9e:11:20:7c", "connectivity": "never"}, wire.DeviceQuery)
    found = to_core_filter(query)
    assert found.identifier == Identifier(kind=IdentifierKind.MAC, value="02:5a:9e:11:20:7c")
    assert found.connectivity is Connectivity.NEVER


def test_what_could_not_be_read_is_shown_once_there_was_any() -> None:
    plain = from_core_device(device(), Connectivity.NEVER)
    assert (plain.malformed, plain.profile_id, plain.expected_interval_s) == (None, None, None)
    assert (plain.organization_id, plain.connectivity) == (encode(Prefix.ORGANIZATION, OrgId(1)), "never")
    bad = device(malformed_messages=3, malformed_us=NOON_US, malformed_reason=None, profile_id=ProfileId(7))
    found = from_core_device(bad, Connectivity.ONLINE)
    assert found.malformed == wire.Malformed(3, "2026-05-02T12:00:00Z", "")
    assert found.profile_id == encode(Prefix.PROFILE, ProfileId(7))
