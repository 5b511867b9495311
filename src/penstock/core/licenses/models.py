"""What a licence is."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class LicenseStatus(StrEnum):
    """Whether a licence is free."""

    AVAILABLE = "available"
    PAIRED = "paired"


class License(msgspec.Struct, frozen=True, kw_only=True):
    """A seat for a device. Its id is 32 random hex digits and opens nothing."""

    id: str
    project_id: int
    device_id: int | None
    created_us: int

    @property
    def status(self) -> LicenseStatus:
        return LicenseStatus.AVAILABLE if self.device_id is None else LicenseStatus.PAIRED
