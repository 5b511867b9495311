"""The composition root: the one place that names concrete classes and puts them together.

`open_control` opens what the command line needs; `run_server` builds a whole server, serves, and takes it down again in
the opposite order.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

from penstock import __version__
from penstock.adapters.frontdoor.server import serve
from penstock.adapters.passwords import hash_password
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.adapters.storage.sqlite.log import SqliteReadingLog
from penstock.adapters.storage.sqlite.migrations import migrate
from penstock.adapters.storage.sqlite.readings import SqliteReadingStore
from penstock.adapters.storage.sqlite.segments import SegmentFiles
from penstock.api.shared.admission import Admission
from penstock.api.shared.routing import Door, SurfaceRules, build_app
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.metrics import Figure, build_registry
from penstock.api.v2.devices import DeviceEndpoints
from penstock.api.v2.organization import OrganizationEndpoints
from penstock.api.v2.sensors import SensorEndpoints
from penstock.api.v2.telemetry import TelemetryEndpoints
from penstock.core.devices import events
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.sensors import SensorService
from penstock.core.devices.service import DeviceService
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.service import TelemetryService
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.ingress.http.admission import Admission as IngressAdmission
from penstock.ingress.http.routes import HotRoutes
from penstock.ingress.http.siliconwit import SiliconWitIngest
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.kit.clock import SECOND_US, Clock, SystemClock, format_time
from penstock.kit.http import BodyBudget
from penstock.kit.ids import IdSource
from penstock.kit.operation import Bound, operations_of
from penstock.settings import Settings
from penstock.workers.key_usage import KeyUsageWorker
from penstock.workers.observer import Observer
from penstock.workers.outbox import OutboxWorker
from penstock.workers.retention import RetentionWorker
from penstock.workers.supervisor import Supervisor

SWITCH_INTERVAL_S = 0.0005
"""How long a thread that wants the interpreter waits for one that computes. The default of 5 ms is what the log's writer
would wait, several times per commit, whenever the event loop is busy."""

_log = structlog.get_logger()


class Control(msgspec.Struct, kw_only=True):
    """What works on the control database alone."""

    database: SqliteDatabase
    tenancy: TenancyService


class Server(msgspec.Struct, kw_only=True):
    """A whole server, put together but not yet listening."""

    app: HotRoutes
    operations: list[Bound]
    database: SqliteDatabase
    log: SqliteReadingLog
    store: SqliteReadingStore
    tenancy: TenancyService
    devices: DeviceService
    sensors: SensorService
    telemetry: TelemetryService
    directory: DeviceDirectory
    latest: LatestReadings
    keys: KeyAuthenticator
    plans: PlanCatalogue
    observer: Observer
    outbox: OutboxWorker
    retention: RetentionWorker
    workers: Supervisor


@asynccontextmanager
async def open_control(data_dir: DataDir, settings: Settings, clock: Clock | None = None) -> AsyncIterator[Control]:
    """The control database, its schema brought up to date. May be open beside a running server.

    Raises:
        DataDirUnusable, SchemaTooNew.
    """
    clock = clock or SystemClock()
    database = _open_database(data_dir, settings, clock)
    try:
        yield Control(database=database, tenancy=_tenancy(database, data_dir, clock))
    finally:
        database.close()


@asynccontextmanager
async def open_server(data_dir: DataDir, settings: Settings, clock: Clock | None = None) -> AsyncIterator[Server]:
    """A whole server over a data directory that this process holds.

    Raises:
        DataDirInUse, DataDirUnusable, SchemaTooNew, SegmentDamaged, SegmentTooNew.
    """
    clock = clock or SystemClock()
    with data_dir.locked():
        database = _open_database(data_dir, settings, clock)
        files = SegmentFiles(data_dir.telemetry)
        log = SqliteReadingLog(files, clock, settings.log)
        store = SqliteReadingStore(files)
        try:
            files.load()
            log.start()
            server = _assemble(data_dir, settings, clock, database, files, log, store)
            server.workers.start()
            try:
                yield server
            finally:
                await server.workers.stop()
                log.close()
        finally:
            store.close()
            files.close()
            database.close()


async def run_server(
    data_dir: DataDir,
    settings: Settings,
    on_ready: Callable[[list[str]], None],
    beside: Callable[[Server, str], asyncio.Task[None] | None] | None = None,
) -> None:
    """Serve until told to stop. `beside` is called with the address when the server is ready: the demo fleet.

    Raises:
        OSError: the address cannot be listened on.
        PenstockError: the data directory cannot be used; the kinds of `open_server`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    async with open_server(data_dir, settings) as server:
        tasks: list[asyncio.Task[None]] = []

        def ready(addresses: list[str]) -> None:
            on_ready(addresses)
            task = beside(server, addresses[0]) if beside else None
            if task is not None:
                tasks.append(task)

        try:
            await serve(
                server.app,  # type: ignore[arg-type]
                config=settings.http,
                on_ready=ready,
                shutdown_grace_s=settings.http.shutdown_grace_s,
                host=settings.http.host,
                port=settings.http.port,
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _open_database(data_dir: DataDir, settings: Settings, clock: Clock) -> SqliteDatabase:
    pepper = data_dir.pepper()
    ran = migrate(data_dir.path, format_time(clock.now_us()).replace(":", ""))
    if ran:
        _log.info("schema_migrated", migrations=ran)
    synchronous = "FULL" if settings.log.dangerous_durability == "full" else "NORMAL"
    return SqliteDatabase(data_dir.path, pepper, synchronous)


def _tenancy(database: SqliteDatabase, data_dir: DataDir, clock: Clock) -> TenancyService:
    return TenancyService(
        database=database,
        pepper=data_dir.pepper(),
        ids=IdSource(clock.now_us),
        clock=clock,
        hash_password=hash_password,
    )


def _assemble(
    data_dir: DataDir,
    settings: Settings,
    clock: Clock,
    database: SqliteDatabase,
    files: SegmentFiles,
    log: SqliteReadingLog,
    store: SqliteReadingStore,
) -> Server:
    pepper = data_dir.pepper()
    ids = IdSource(clock.now_us)
    plans = PlanCatalogue(database, settings.plans)
    keys = KeyAuthenticator(database=database, pepper=pepper, clock=clock)
    directory = DeviceDirectory(database, pepper)
    latest = LatestReadings(store, settings.telemetry.max_latest_devices)
    log.subscribe(latest.take)
    tenancy = _tenancy(database, data_dir, clock)
    devices = DeviceService(
        database=database,
        directory=directory,
        plans=plans,
        pepper=pepper,
        ids=ids,
        clock=clock,
        offline_after_us=settings.devices.offline_after_s * SECOND_US,
    )
    sensors = SensorService(database=database, directory=directory, ids=ids, clock=clock)
    telemetry = TelemetryService(
        log=log,
        store=store,
        latest=latest,
        directory=directory,
        plans=plans,
        clock=clock,
        config=settings.telemetry,
    )
    observer = Observer(log=log, database=database, ids=ids, clock=clock)

    async def purge(entry: OutboxEntry) -> None:
        await log.flush()  # readings that were under way when the device was deleted
        await store.purge_device(entry.org_id, entry.subject_id)
        latest.drop(entry.subject_id)
        observer.forget(entry.subject_id)

    outbox = OutboxWorker(database, {events.DELETED: purge})
    retention = RetentionWorker(
        database=database,
        store=store,
        latest=latest,
        plans=plans,
        clock=clock,
        interval_s=settings.retention.interval_s,
    )
    key_usage = KeyUsageWorker(database, keys)
    workers = Supervisor(
        {"observer": observer.run, "outbox": outbox.run, "retention": retention.run, "key_usage": key_usage.run}
    )

    budget = BodyBudget(settings.http.max_bodies_bytes)
    registry = build_registry(
        [
            Figure("log_commits", "Commits of the reading log.", lambda: log.commits, counts=True),
            Figure("log_readings", "Readings in the log since it began.", lambda: log.last_seq, counts=True),
            Figure("log_refused", "Appends refused because the queue was full.", lambda: log.refused, counts=True),
            Figure("log_queued_readings", "Readings waiting for the disk.", lambda: log.queued_readings),
            Figure("log_failed", "1 when the disk failed and the log accepts nothing.", lambda: log.failed),
            Figure("log_segments", "Segment files.", lambda: len(files.all())),
            Figure("observer_lag_readings", "Readings not yet looked at for sensors and usage.", lambda: observer.lag),
        ]
    )
    bound: list[Bound] = []
    for endpoints in (
        DeviceEndpoints(devices, latest, clock),
        SensorEndpoints(sensors),
        TelemetryEndpoints(telemetry, sensors, clock),
        OrganizationEndpoints(tenancy, plans),
        HealthEndpoints(
            __version__,
            settings.log.dangerous_durability,
            {"reading_log": lambda: "the disk failed; restart the server" if log.failed else None},
            registry,
        ),
    ):
        bound += operations_of(endpoints)
    admission = IngressAdmission(keys, directory)
    siliconwit = SiliconWitIngest(telemetry, admission, budget)
    ingest = TelemetryIngest(telemetry, admission, budget)
    hot = [*operations_of(siliconwit), *operations_of(ingest)]
    door = Door(
        Admission(keys),
        [
            SurfaceRules(surface="v2", path_prefix="/api/v2", organization_required=True),
            SurfaceRules(surface="system", path_prefix="/"),
        ],
        budget,
    )
    app = HotRoutes(build_app(door, bound, hot, []), siliconwit, ingest)  # type: ignore[arg-type]
    return Server(
        app=app,
        operations=[*bound, *hot],
        database=database,
        log=log,
        store=store,
        tenancy=tenancy,
        devices=devices,
        sensors=sensors,
        telemetry=telemetry,
        directory=directory,
        latest=latest,
        keys=keys,
        plans=plans,
        observer=observer,
        outbox=outbox,
        retention=retention,
        workers=workers,
    )


def data_dir_at(path: Path) -> DataDir:
    """The data directory at a path, made if it is not there."""
    return DataDir(path)
