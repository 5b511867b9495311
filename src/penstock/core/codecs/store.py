"""The store of codec versions. It sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.core.audit.store import HasAudit
from penstock.core.codecs.models import CodecVersion
from penstock.core.devices.store import HasDevices
from penstock.core.profiles.store import HasProfiles
from penstock.kit.ids import CodecId, DeviceId, ProfileId


class CodecInUse(msgspec.Struct, frozen=True, kw_only=True):
    """The codec version of a device's profile, without the script. `settings` are the device's."""

    settings: dict[str, object]
    profile_id: ProfileId
    codec_id: CodecId
    number: int


class CodecStore(Protocol):
    """Versions of codecs."""

    async def create(self, version: CodecVersion) -> None:
        """Add a version."""

    async def find(self, codec_id: CodecId) -> CodecVersion | None:
        """A version with its script, or None."""

    async def list(self, profile_id: ProfileId, limit: int, below_number: int) -> list[CodecVersion]:
        """Versions of a profile without their scripts, newest first, with numbers below `below_number`."""

    async def last_number(self, profile_id: ProfileId) -> int:
        """The number of a profile's newest version; 0 if it has none."""

    async def find_for_device(self, device_id: DeviceId) -> CodecInUse | None:
        """The codec of a device, or None if it has none or does not exist."""


class HasCodecs(Protocol):
    """A transaction with profiles' codecs."""

    @property
    def codecs(self) -> CodecStore:
        """Versions of profiles' codecs."""


class CodecTransaction(HasCodecs, HasProfiles, HasDevices, HasAudit, Protocol):
    """The transaction of the use cases on codecs."""
