"""Licences and their status."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import DeviceId, ProjectId


class LicenseStatus(StrEnum):
    """Whether a licence is free."""

    AVAILABLE = "available"
    PAIRED = "paired"


class License(msgspec.Struct, frozen=True, kw_only=True):
    """A device slot. Its id is 32 random hexadecimal digits and is not a credential."""

    id: str
    project_id: ProjectId
    device_id: DeviceId | None
    created_us: int

    @property
    def status(self) -> LicenseStatus:
        return LicenseStatus.AVAILABLE if self.device_id is None else LicenseStatus.PAIRED
