"""What a resident sees of a device."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.v2.customers.translate import from_core_own_device
from penstock.core.customers.models import PlacedDevice, Placement
from penstock.core.devices.models import Device, DeviceStatus, Identifier, IdentifierKind
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProjectId, encode
from tests.support.days import NOON_US

EUI = Identifier(kind=IdentifierKind.EUI, value="70b3d57ed0061f2a")
MAC = Identifier(kind=IdentifierKind.MAC, value="02:5a:9e:11:20:7c")


def device(**about: Any) -> Device:
    known: dict[str, Any] = {"id": DeviceId(10), "org_id": OrgId(1), "project_id": ProjectId(2), "name": "Meter", "type": "water"}
    known |= {"description": "", "status": DeviceStatus.ACTIVE, "settings": {"secret": "s3cret"}, "labels": {}, "location": None}
    known |= {"identifiers": [], "token_prefix": "pdt_x", "last_seen_us": None, "created_us": 1, "updated_us": 1}
    return Device(**known | about)


@pytest.mark.parametrize(("identifiers", "eui"), [([], None), ([MAC], None), ([MAC, EUI], EUI.value)])
def test_a_device_has_its_eui_and_nothing_of_its_settings(identifiers: list[Identifier], eui: str | None) -> None:
    placed = PlacedDevice(device=device(identifiers=identifiers, last_seen_us=NOON_US), placement=Placement())
    found = from_core_own_device(placed)
    assert (found.id, found.eui, found.last_seen_at) == (encode(Prefix.DEVICE, DeviceId(10)), eui, "2026-05-02T12:00:00Z")
    assert "s3cret" not in repr(found)
    assert from_core_own_device(PlacedDevice(device=device(), placement=Placement())).last_seen_at is None
