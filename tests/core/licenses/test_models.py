"""A licence is paired or free."""

from __future__ import annotations

from penstock.core.licenses.models import License, LicenseStatus
from penstock.kit.ids import DeviceId, ProjectId


def test_a_licence_with_a_device_is_paired() -> None:
    made = [License(id="a" * 32, project_id=ProjectId(1), device_id=device, created_us=1) for device in (None, DeviceId(5))]
    assert [one.status for one in made] == [LicenseStatus.AVAILABLE, LicenseStatus.PAIRED]
