"""Which readings are the server's own records of connections, and what they prove."""

from __future__ import annotations

import pytest

from penstock.core.devices.models import DeviceRef, DeviceStatus
from penstock.core.telemetry.connection_records import connection_record, is_connection_record, is_end_of_connection
from penstock.core.telemetry.models import NewReading, Reading, Source
from penstock.kit.ids import DeviceId, OrgId, ProjectId

DEVICE = DeviceRef(DeviceId(1), OrgId(2), ProjectId(3), DeviceStatus.ACTIVE)
END = connection_record(DEVICE, 5, connected=False)


def stored(new: NewReading) -> Reading:
    return Reading(new.device.org_id, new.device.id, 5, 5, new.payload, kind=new.kind, source=int(new.source))


@pytest.mark.parametrize("connected", [True, False])
def test_both_are_records_and_only_one_is_an_end(connected: bool) -> None:
    found = stored(connection_record(DEVICE, 5, connected=connected))
    assert (is_connection_record(found), is_end_of_connection(found)) == (True, not connected)


@pytest.mark.parametrize(
    ("source", "kind"),
    [(Source.AGENT, "telemetry"), (Source.AGENT, "agent"), (Source.HTTP, "status"), (Source.MQTT, "status")],
)
def test_the_same_words_from_a_device_are_no_record(source: Source, kind: str) -> None:
    found = stored(NewReading(DEVICE, END.payload, 5, kind=kind, source=source))
    assert not is_connection_record(found)
    assert not is_end_of_connection(found)
