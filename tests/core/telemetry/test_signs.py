"""Only readings that do not reach the log, and that a device sent, are noted."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.telemetry.models import KIND_MALFORMED, Reading, Source
from penstock.core.telemetry.signs import notes_signs
from penstock.kit.ids import DeviceId, OrgId


class Seen:
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.noted: list[tuple[OrgId, DeviceId]] = []

    def note(self, org_id: OrgId, device_id: DeviceId) -> None:
        self.noted.append((org_id, device_id))


@pytest.mark.parametrize(
    ("more", "stored", "noted"),
    [
        ({"duplicate": True}, True, True),
        ({"quarantined": True, "source": Source.MQTT}, True, True),
        ({}, True, False),
        ({"duplicate": True, "source": Source.RULE}, True, False),
        ({"duplicate": True, "kind": "status"}, True, False),
        ({"quarantined": True, "kind": KIND_MALFORMED}, True, False),
        ({"duplicate": True}, False, False),
    ],
)
def test_what_is_noted(more: dict[str, Any], stored: bool, noted: bool) -> None:
    seen = Seen()
    reading = Reading(OrgId(1), DeviceId(10), 5, 5, b"{}", **more)
    notes_signs(seen)([reading], stored)  # type: ignore[arg-type]
    assert seen.noted == ([(OrgId(1), DeviceId(10))] if noted else [])
