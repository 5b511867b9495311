"""The stores of re-decodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.codecs.store import HasCodecs
from penstock.core.devices.store import HasDevices, HasSensors
from penstock.core.outbox import HasOutbox
from penstock.core.profiles.store import HasProfiles
from penstock.core.redecodes.models import DueRedecode, NewPayload, Redecode, RedecodeFilter
from penstock.core.registers.changes import HasConsumptionChanges
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import DeviceId, ProfileId, ProjectId, RedecodeId


class RedecodeStore(Protocol):
    """Re-decodes of the transaction's organisation."""

    async def create(self, redecode: Redecode) -> None:
        """Add a re-decode."""

    async def find(self, redecode_id: RedecodeId) -> Redecode | None:
        """A re-decode, or None."""

    async def list(self, filters: RedecodeFilter, limit: int, before_id: int) -> list[Redecode]:
        """Re-decodes newest first, with ids below `before_id`."""

    async def active(self) -> Sequence[Redecode]:
        """Those that have not ended, oldest first."""

    async def update(self, redecode: Redecode) -> None:
        """Store the state and the counts. The plan of one that has ended is deleted."""

    async def drop_old(self, keep: int) -> None:
        """Delete all that have ended but the newest `keep`."""

    async def set_plan(self, redecode_id: RedecodeId, plan: bytes) -> None:
        """Store which uplinks a re-decode concerns, in their order."""

    async def plan(self, redecode_id: RedecodeId) -> bytes | None:
        """What `set_plan` stored; None before."""

    async def set_pending(self, redecode_id: RedecodeId, payloads: Sequence[NewPayload]) -> None:
        """Store payloads that are counted and not yet in the log."""

    async def pending(self, redecode_id: RedecodeId) -> Sequence[NewPayload]:
        """What `set_pending` stored."""

    async def devices(self, redecode: Redecode) -> Sequence[DeviceId]:
        """The devices that a re-decode concerns and that have a codec now."""

    async def routed(self, device_ids: Sequence[DeviceId]) -> frozenset[DeviceId]:
        """Those of the devices whose uplinks come through a connection."""

    async def share_devices(self, profile_id: ProfileId, project_id: ProjectId) -> bool:
        """Whether a device of the project has the profile."""


class SystemRedecodeStore(Protocol):
    """Re-decodes of all organisations, for the worker."""

    async def due(self) -> Sequence[DueRedecode]:
        """Those to work on: the oldest of each organisation that has not ended, and those with pending payloads.

        In the order of their organisations and ids, so that what is pending is written before a later re-decode begins.
        """

    async def backlog(self) -> tuple[int, int]:
        """How many have not ended, and how many uplinks they have left."""


class HasRedecodes(Protocol):
    """A transaction with re-decodes."""

    @property
    def redecodes(self) -> RedecodeStore:
        """Re-decodes."""


class HasSystemRedecodes(Protocol):
    """A transaction across organisations with re-decodes."""

    @property
    def redecodes(self) -> SystemRedecodeStore:
        """Re-decodes of all organisations."""


class RedecodeTransaction(
    HasRedecodes,
    HasConsumptionChanges,
    HasCodecs,
    HasProfiles,
    HasDevices,
    HasSensors,
    HasProjects,
    HasOutbox,
    HasAudit,
    Protocol,
):
    """The transaction of the use cases on re-decodes."""
