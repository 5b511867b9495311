"""What a call of a device needs to store a reading. A dialect's own device calls are built over it."""

from __future__ import annotations

from penstock.core.devices.models import DeviceRef
from penstock.core.idempotency import IdempotencyMismatch
from penstock.core.limits.backfill import BackfillLane
from penstock.core.telemetry.models import NewReading, Reading
from penstock.core.telemetry.repeats import is_altered
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.http.admission import Admission
from penstock.ingress.http.pacing import pace
from penstock.ingress.http.room import wait_for_room


class HttpIntake:
    """Stores readings of devices that send them one at a time, with their own access tokens."""

    def __init__(self, telemetry: TelemetryService, admission: Admission, lane: BackfillLane) -> None:
        self._telemetry = telemetry
        self._admission = admission
        self._lane = lane

    async def wait_for_room(self) -> None:
        """Return immediately while the log keeps up.

        Raises:
            LogFull: the queue was full and remained full during the wait.
        """
        await wait_for_room(self._telemetry)

    async def device(self, token: bytes) -> DeviceRef:
        """Return the device that an access token belongs to.

        Raises:
            DeviceTokenInvalid: no device has this token.
        """
        return await self._admission.device(token)

    def note_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count on a device that what it sent was rejected."""
        self._telemetry.note_malformed(device, reason)

    async def store(self, reading: NewReading) -> Reading:
        """Store a reading. An old one may wait first. Of a repeated one, the first delivery is returned.

        Raises:
            BackfillPaced: it is old and must not be stored now.
            IdempotencyMismatch: another reading has its key.
        """
        if paced := await pace(self._lane, (reading,)):
            raise paced.pop(0)
        (stored,) = await self._telemetry.ingest((reading,))
        if not stored.duplicate:
            return stored
        first = (await self._telemetry.find_first((stored,))).get(stored.seq)
        if is_altered(reading, first):
            raise IdempotencyMismatch()
        return first or stored
