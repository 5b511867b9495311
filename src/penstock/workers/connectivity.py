"""Records which devices are online, by their connections and by their silence.

Connections report when they open and close, and the changes are written slightly later, so that a device that reconnects
promptly causes no event. The observer records readings. Silent devices are searched for in the database every few seconds.

After a start no device has a connection, and none could report while the server was down: silence counts from the start, so
that each device has its full interval to report. Until then its state is unchanged.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import Protocol

import msgspec
import structlog

from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.core.devices.connectivity import OFFLINE_AT_ONCE, HasSystemConnectivity, Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import Connectivity, DeviceRef
from penstock.core.devices.presence import DevicePresence
from penstock.core.devices.store import DeviceTransaction
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import AHEAD_US, DAY_US, HOUR_US, SECOND_US, Clock, has_passed
from penstock.kit.ids import DeviceId, OrgId
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
SILENCE_INTERVAL_US = 2 * SECOND_US
WRITTEN_AT_ONCE = 1_000
"""Devices in one transaction: when all of them reconnect, other writers do not wait for all of them."""
SILENT_AT_ONCE = 1_000
DROP_AT_ONCE = 1_000
_log = structlog.get_logger()


class ConnectivitySystemTransaction(HasSystemConnectivity, OpensOrganizations[DeviceTransaction], Protocol):
    """The stores that find silent devices and record their state."""


class _ReportedState(msgspec.Struct, frozen=True):
    """What a device's connections reported and is not written yet.

    Both changes can be pending: a device that was offline can come online and be lost within the half second. Without the first,
    the second would be none, and a reading from in between, observed later, would leave the device online.
    """

    org_id: OrgId
    connected: bool
    at_us: int
    online_us: int | None = None
    offline: tuple[int, Reason] | None = None
    """Later than `online_us`."""


class ConnectivityWorker:
    """The worker, and the `ConnectivityListener` that notifies it. `presence` is notified first."""

    def __init__(
        self,
        *,
        database: SystemDatabase[ConnectivitySystemTransaction],
        presence: DevicePresence,
        latest: LatestReadings,
        notes: ConnectivityRecorder,
        clock: Clock,
        settled: Clock,
        offline_after_us: int,
        kept_days: int,
    ) -> None:
        self._database = database
        self._presence = presence
        self._latest = latest
        self._notes = notes
        self._clock = clock
        self._settled = settled
        self._offline_after_us = offline_after_us
        self._kept_us = kept_days * DAY_US
        self._reported: dict[DeviceId, _ReportedState] = {}
        self._started_us: int | None = None
        self._checked_us = 0
        self._dropped_us = 0

    # ConnectivityListener

    def connected(self, device: DeviceRef, at_us: int) -> None:
        before = self._reported.get(device.id)
        online_us = before.online_us if before is not None else None
        self._reported[device.id] = _ReportedState(device.org_id, True, at_us, at_us if online_us is None else online_us)

    def listening(self, device: DeviceRef, at_us: int) -> None:
        """Nothing to record: the device was already connected."""

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        # A server that stops closes every connection, and a device that reconnected has another: neither is offline.
        if reason is DisconnectReason.STOPPING or self._presence.is_connected(device.id):
            return
        before = self._reported.get(device.id) or _ReportedState(device.org_id, False, at_us)
        found = OFFLINE_AT_ONCE.get(reason)
        offline = (at_us, found) if found is not None else before.offline
        self._reported[device.id] = msgspec.structs.replace(before, connected=False, at_us=at_us, offline=offline)

    # The worker.

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "connectivity_delayed")

    async def step(self) -> bool:
        """Write the reported changes, and search for silent devices when it is time. Returns whether there is more to write."""
        now_us = self._clock.now_us()
        if self._started_us is None:
            async with self._database.system() as tx:
                await tx.connectivity.disconnect_all()
            self._started_us = now_us
        await self._write()
        if has_passed(self._checked_us, SILENCE_INTERVAL_US, now_us):
            self._checked_us = now_us
            await self._report_silent_devices(now_us, min(self._started_us, now_us))
            await self._drop()
        return bool(self._reported)

    async def _write(self) -> None:
        if not self._reported:
            return
        reported = dict(islice(self._reported.items(), WRITTEN_AT_ONCE))
        for device_id in reported:
            del self._reported[device_id]
        of_org: dict[OrgId, dict[DeviceId, _ReportedState]] = defaultdict(dict)
        for device_id, one in reported.items():
            of_org[one.org_id][device_id] = one
        try:
            async with self._database.system() as tx:
                for org_id, devices in of_org.items():
                    await self._write_one(tx.for_organization(org_id), devices)
        except BaseException:
            for device_id, one in reported.items():
                self._reported[device_id] = _merged(one, self._reported.get(device_id))
            raise

    async def _write_one(self, tx: DeviceTransaction, reported: dict[DeviceId, _ReportedState]) -> None:
        await tx.connectivity.set_connected({device_id: (one.connected, one.at_us) for device_id, one in reported.items()})
        online = {one: (state.online_us, Reason.CONNECTED) for one, state in reported.items() if state.online_us is not None}
        await self._notes.note(tx, Connectivity.ONLINE, online)
        offline = {one: state.offline for one, state in reported.items() if state.offline is not None}
        await self._notes.note(tx, Connectivity.OFFLINE, offline)

    async def _report_silent_devices(self, now_us: int, since_us: int) -> None:
        async with self._database.system_snapshot() as tx:
            found = await tx.connectivity.silent(now_us, since_us, self._offline_after_us, SILENT_AT_ONCE)
        of_org: dict[OrgId, dict[DeviceId, tuple[int, Reason]]] = defaultdict(dict)
        for device in found:
            # A recent change is in memory before it is in the database.
            seen_us = self._latest.last_seen_us(device.id)
            is_silent = seen_us + device.patience_us < now_us or seen_us > now_us + AHEAD_US
            if is_silent and not self._presence.is_connected(device.id):
                of_org[device.org_id][device.id] = (now_us, Reason.SILENT)
        if of_org:
            async with self._database.system() as system:
                for org_id, news in of_org.items():
                    await self._notes.note(system.for_organization(org_id), Connectivity.OFFLINE, news)

    async def _drop(self) -> None:
        now_us = self._settled.now_us()
        if not has_passed(self._dropped_us, HOUR_US, now_us):
            return
        async with self._database.system() as tx:
            dropped = await tx.connectivity.drop_before(now_us - self._kept_us, DROP_AT_ONCE)
        if dropped < DROP_AT_ONCE:
            self._dropped_us = now_us


def _merged(unwritten: _ReportedState, newer: _ReportedState | None) -> _ReportedState:
    """A state that could not be written, followed by what was reported in the meantime."""
    if newer is None:
        return unwritten
    online_us = newer.online_us if unwritten.online_us is None else unwritten.online_us
    return msgspec.structs.replace(newer, online_us=online_us)
