"""Opens and runs a whole server, or only the parts that the command line needs."""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
import sys
from collections.abc import AsyncIterator, Callable, Set
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from penstock.adapters.frontdoor.config import TlsConfig
from penstock.adapters.frontdoor.server import CannotListen, listen, serve
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.system.access import MetricsListener, OperatorGate
from penstock.bootstrap.core_dumps import forbid_core_dumps
from penstock.bootstrap.grpc import listening_for_grpc
from penstock.bootstrap.http import build_http
from penstock.bootstrap.inbox_mail import listening_for_mail
from penstock.bootstrap.mqtt import listening
from penstock.bootstrap.nouns import build_nouns
from penstock.bootstrap.parts import Parts, build_parts
from penstock.bootstrap.people import People, build_people
from penstock.bootstrap.secrets import move_old_secrets
from penstock.bootstrap.services import Services, build_services
from penstock.bootstrap.signals import handled_signals
from penstock.bootstrap.stores import open_database, open_stores
from penstock.bootstrap.subscriptions import build_subscriptions
from penstock.bootstrap.tenancy import build_keys, build_tenancy
from penstock.bootstrap.workers import Workers, build_workers
from penstock.core.subscriptions.service import SubscriptionService
from penstock.core.tenancy.keys import KeyService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.service import TenancyService
from penstock.kit.clock import Clock, SystemClock
from penstock.kit.conditions import Conditions, share
from penstock.kit.http import App
from penstock.kit.operation import Bound
from penstock.settings import Settings

if TYPE_CHECKING:
    from penstock.adapters.frontdoor.certificate import ServerCertificate

SWITCH_INTERVAL_S = 0.0005
"""How long a thread waits for the interpreter while another one computes. With the default of 5 ms the log's writer would wait
that long, several times per commit, whenever the event loop is busy."""


HTTP_REMEDY = "select another address with --http HOST:PORT, or http.host and http.port in the settings"
METRICS_REMEDY = "select another address with --metrics HOST:PORT, or metrics.host and metrics.port in the settings"

SPARE_FILES = 512
"""Files in addition to the connections: databases, segments, the lock."""


class Control(msgspec.Struct, kw_only=True):
    """The services that need only the control database."""

    database: SqliteDatabase
    tenancy: TenancyService
    keys: KeyService
    people: People
    subscriptions: SubscriptionService


class Server(Services, kw_only=True):
    """A whole server, not yet listening. `Control` has the first three services too."""

    tenancy: TenancyService
    keys: KeyService
    subscriptions: SubscriptionService
    parts: Parts
    app: App
    operations: list[Bound]
    calls_of_grpc: Callable[[], Any]
    workers: Workers
    operators: OperatorGate
    has_console: bool


@asynccontextmanager
async def open_control(data_dir: DataDir, settings: Settings, clock: Clock | None = None) -> AsyncIterator[Control]:
    """Open the control database and migrate its schema. It can be opened while a server runs.

    Raises:
        DataDirUnusable, SchemaTooNew.
    """
    clock = clock or SystemClock()
    database = open_database(data_dir, settings, clock)
    try:
        plans = PlanCatalogue(database, settings.plans)
        yield Control(
            database=database,
            tenancy=build_tenancy(database, data_dir, clock),
            keys=build_keys(database, data_dir, plans, clock, lambda _: None),
            people=build_people(database, data_dir, settings, clock),
            subscriptions=build_subscriptions(database, settings, plans, clock, lambda _: None),
        )
    finally:
        database.close()


@asynccontextmanager
async def open_server(
    data_dir: DataDir, settings: Settings, clock: Clock | None = None, *, run_workers: bool = True
) -> AsyncIterator[Server]:
    """Open a whole server, and lock its data directory for this process.

    Raises:
        DataDirInUse, DataDirUnusable, SchemaTooNew, SegmentDamaged, SegmentTooNew.
        VaultMisconfigured, MasterKeyWrong, MasterKeyUnreachable: the vault cannot be opened.
    """
    clock = clock or SystemClock()
    share(Conditions(clock.monotonic))
    with data_dir.locked(), open_stores(data_dir, settings, clock) as stores:
        services = build_services(data_dir, settings, clock, stores)
        parts = build_parts(services, data_dir, settings)
        operators = OperatorGate(settings.metrics)
        nouns = build_nouns(services, parts, data_dir, settings, operators)
        workers = build_workers(services, nouns, parts.telemetry)
        http = build_http(services, nouns, settings)
        server = Server(
            **msgspec.structs.asdict(services),
            tenancy=parts.tenancy,
            keys=parts.keys,
            subscriptions=parts.subscriptions,
            parts=parts,
            app=http.app,
            operations=http.operations,
            calls_of_grpc=http.calls,
            workers=workers,
            operators=operators,
            has_console=settings.console.enabled,
        )
        try:
            await services.vault.keyring.check()
            await move_old_secrets(services)
            await services.people.sign_in.recall_places()
            if run_workers:
                workers.supervisor.start()
            yield server
        finally:
            # The workers first: they use the sandbox, the outgoing client and the stores.
            await workers.supervisor.stop()
            await parts.codecs.pool.close()
            await parts.outbound.aclose()
            await services.vault.keyring.master.close()


async def run_server(
    data_dir: DataDir,
    settings: Settings,
    on_ready: Callable[[list[str], list[str]], None],
    named: Set[str],
    companion: Callable[[Server, str], asyncio.Task[None] | None] | None = None,
) -> None:
    """Serve until asked to stop.

    `on_ready` is called with the addresses, and with a text for each door that is missing because its default port is in use.
    `named` has the settings that the operator set. `companion` is called with the address when the server is ready: the demo
    fleet.

    Raises:
        OSError: the address cannot be listened on.
        PenstockError: the certificate or the data directory cannot be used; the kinds of `open_server`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    certificate = _certificate(settings.http.tls) if settings.http.tls.on else None
    if not settings.vault.allow_core_dumps:
        forbid_core_dumps()
    _allow_files(
        settings.http.max_connections + settings.mqtt.max_connections + settings.inbox_mail.max_connections + SPARE_FILES
    )
    stack = AsyncExitStack()
    stack.enter_context(handled_signals(certificate))
    mqtt = settings.mqtt
    async with (
        stack,
        open_server(data_dir, settings) as server,
        listening_for_mail(server.parts.inbox_mail, settings, certificate) as mail_addresses,
        listening(server.parts.mqtt, mqtt, named) as mqtt_addresses,
        listening_for_grpc(server.calls_of_grpc, settings.grpc, certificate) as (grpc_server, grpc_addresses),
    ):
        tasks: list[asyncio.Task[None]] = []

        def ready(addresses: list[str]) -> None:
            missing = server.parts.mqtt.unreachable
            on_ready([*mqtt_addresses, *mail_addresses, *grpc_addresses, *addresses], [missing] if missing else [])
            task = companion(server, addresses[-1]) if companion else None
            if task is not None:
                tasks.append(task)

        def stopping() -> None:
            server.hub.stop()
            server.parts.inboxes.waiting.stop()
            server.parts.mqtt.begin_stop()
            server.parts.inbox_mail.begin_stop()
            server.parts.agents.begin_stop()
            if grpc_server is not None:
                grpc_server.begin_stop(settings.http.shutdown_grace_s)
            for task in tasks:
                task.cancel()

        _settle_memory()
        try:
            await serve(
                MetricsListener(server.app, server.operators) if settings.metrics.listen else server.app,  # type: ignore[arg-type]
                config=settings.http,
                on_ready=ready,
                on_stopping=stopping,
                shutdown_grace_s=settings.http.shutdown_grace_s,
                sockets=_sockets(settings, server.operators),
                certificate=certificate,
            )
        finally:
            stopping()  # again, because a server that failed to start has not called it
            await asyncio.gather(*tasks, return_exceptions=True)


def _sockets(settings: Settings, operators: OperatorGate) -> list[socket.socket]:
    """The sockets to listen on, those for metrics first, so that the address of the API is the last that is shown."""
    if not settings.metrics.listen:
        return listen(settings.http.host, settings.http.port, HTTP_REMEDY)
    own = listen(settings.metrics.host, settings.metrics.port, METRICS_REMEDY)
    operators.ports.update(one.getsockname()[1] for one in own)
    try:
        return [*own, *listen(settings.http.host, settings.http.port, HTTP_REMEDY)]
    except CannotListen:
        for one in own:
            one.close()
        raise


def _certificate(config: TlsConfig) -> ServerCertificate:
    from penstock.adapters.frontdoor.certificate import ServerCertificate  # here, because X.509 takes 20 ms to import

    return ServerCertificate(config, SystemClock())


def _settle_memory() -> None:
    """Exclude the objects built at the start from later garbage collections, and collect less often.

    A batch creates thousands of containers that end with the request. Half the time of an aggregate went into searching them.

    No collection runs first: it would remove 2,000 of 130,000 objects, return no memory, and take a tenth of the start.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _allow_files(requested: int) -> None:
    """Raise the limit of open files to what the connections need, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < requested:
        resource.setrlimit(resource.RLIMIT_NOFILE, (requested if hard == resource.RLIM_INFINITY else min(requested, hard), hard))
