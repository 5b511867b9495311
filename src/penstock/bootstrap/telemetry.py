"""Builds the part for readings: their endpoints, the observer and retention."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.api.system.metrics import Figure
from penstock.api.v2.telemetry.routes import TelemetryEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.devices import events
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.meters.archive import MeterArchivist
from penstock.core.outbox import OutboxEntry
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.kit.ids import DeviceId
from penstock.settings import Settings
from penstock.workers.clock import ClockWatch
from penstock.workers.disk import DiskWatch
from penstock.workers.observer import Observer
from penstock.workers.retention import RetentionWorker

DISK_FULL = "the disk is full: stored readings can be read, and new ones are rejected until there is room"


class Telemetry(msgspec.Struct, kw_only=True):
    """The workers that follow the reading log, and their part of the server."""

    observer: Observer
    retention: RetentionWorker
    part: Part


def build_telemetry(services: Services, data_dir: DataDir, settings: Settings) -> Telemetry:
    """Build the workers, and the endpoints, loops, follower and figures for readings."""
    observer = Observer(
        log=services.log,
        database=services.database,
        connectivity=ConnectivityRecorder(services.ids),
        presence=services.presence,
        faults=services.faults,
        ids=services.ids,
        clock=services.clock,
    )
    retention = RetentionWorker(
        database=services.database,
        store=services.store,
        latest=services.latest,
        plans=services.plans,
        settled=services.settled,
        interval_s=settings.retention.interval_s,
    )

    archivist = MeterArchivist(services.database, services.store)

    async def purge(entry: OutboxEntry) -> None:
        device_id = DeviceId(entry.subject_id)
        await services.log.flush()  # readings that were in progress when the device was deleted
        await archivist.keep(entry.org_id, device_id)
        await services.store.purge_device(entry.org_id, device_id)
        services.latest.drop(device_id)
        observer.forget(device_id)

    ingest = TelemetryIngest(services.telemetry, services.ingest, services.lane, services.bodies)
    watch = ClockWatch(services.settled, data_dir.keep_time)
    part = Part(
        endpoints=(TelemetryEndpoints(services.telemetry, services.clock),),
        raw=(ingest,),
        hot=(ingest,),
        loops={
            "observer": observer.run,
            "retention": retention.run,
            "disk": DiskWatch(services.disk).run,
            "clock": watch.run,
        },
        background={events.DELETED: purge},
        figures=_figures(services, observer),
        checks={
            "reading_log": lambda: "the disk failed; restart the server" if services.log.failed else None,
            "disk": lambda: DISK_FULL if services.disk.check() else None,
        },
        notices={"clock": watch.notice},
    )
    return Telemetry(observer=observer, retention=retention, part=part)


def _figures(services: Services, observer: Observer) -> tuple[Figure, ...]:
    log, files = services.log, services.files
    return (
        Figure("log_commits", "Commits of the reading log.", lambda: log.commits, counts=True),
        Figure("log_readings", "Readings in the log since it was created.", lambda: log.last_seq, counts=True),
        Figure("log_refused", "Appends rejected because the queue was full.", lambda: log.refused, counts=True),
        Figure("log_queued_readings", "Readings waiting for the disk.", lambda: log.queued_readings),
        Figure("log_failed", "1 when the disk failed and the log accepts nothing.", lambda: log.failed),
        Figure("log_segments", "Segment files.", lambda: len(files.all())),
        Figure("stream_readers", "Live streams that are open.", lambda: services.hub.readers),
        Figure("observer_lag_readings", "Readings not yet processed for sensors and usage.", lambda: observer.lag),
    )
