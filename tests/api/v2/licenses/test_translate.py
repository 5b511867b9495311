"""Licences as they are shown."""

from __future__ import annotations

from penstock.api.v2.licenses.translate import from_core_license
from penstock.core.licenses.models import License
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, Prefix, ProjectId, encode
from tests.support.days import NOON_US


def test_a_free_one_and_a_paired_one() -> None:
    for device, shown in ((None, ("available", None)), (DeviceId(5), ("paired", encode(Prefix.DEVICE, DeviceId(5))))):
        found = from_core_license(License(id="a" * 32, project_id=ProjectId(1), device_id=device, created_us=NOON_US))
        assert (found.status, found.device_id) == shown
        assert (found.id, found.project_id) == ("a" * 32, encode(Prefix.PROJECT, ProjectId(1)))
        assert found.created_at == format_time(NOON_US)
