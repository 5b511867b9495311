"""Builds gRPC and the protocols for browsers from the same calls, and listens for gRPC.

What a call needs of Protocol Buffers takes 0.2 s to import, so that is imported when it is first needed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from penstock.adapters.frontdoor.server import CannotListen, listen, url
from penstock.api.grpc.config import GrpcConfig
from penstock.api.grpc.mount import WithConnect
from penstock.api.live.streams import Streams
from penstock.api.shared.executor import Executor
from penstock.api.shared.handling import Handling
from penstock.api.shared.later import Later
from penstock.bootstrap.services import Services
from penstock.core.actor import Actor
from penstock.core.telemetry.chains import CHAIN_FIELD, chain_in_header
from penstock.ingress.http.batch import Batch, RowFailed, TimedReading
from penstock.ingress.http.room import wait_for_room
from penstock.ingress.http.telemetry import TelemetryIngest
from penstock.kit.errors import FieldError
from penstock.kit.http import App, Headers, Scope, header
from penstock.kit.operation import Bound

if TYPE_CHECKING:
    import grpc

    from penstock.adapters.frontdoor.certificate import ServerCertificate
    from penstock.api.grpc.batches import Stored
    from penstock.api.grpc.server import GrpcServer
    from penstock.api.grpc.services import Services as GrpcServices

REMEDY = "select another address with --grpc HOST:PORT, or grpc.host and grpc.port in the settings"


def has_connect() -> bool:
    """Whether the library of the Connect protocol is installed. Looking for it does not import it."""
    return importlib.util.find_spec("connectrpc") is not None


def with_connect(app: App, calls: Callable[[], GrpcServices], config: GrpcConfig) -> App:
    """The application with the calls of gRPC in front of it, for clients without HTTP/2."""

    def build() -> App:
        from penstock.api.grpc.connect import build_connect

        return build_connect(calls(), config)

    return WithConnect(app, Later(build))


def build_calls(
    services: Services,
    executor: Executor,
    handling: Handling,
    bound: Sequence[Bound],
    raw: Sequence[Bound],
    endpoints: Iterable[object],
) -> GrpcServices:
    """The calls of all services. `endpoints` are those that answer in HTTP themselves."""
    from penstock.api.grpc.calling import Calls
    from penstock.api.grpc.services import Services as GrpcServices

    streams = next(one for one in endpoints if isinstance(one, Streams))
    calls = Calls(executor, lambda one: handling.has_tag(one.operation))
    return GrpcServices(calls, bound, raw, _Door(services), streams.open)


class _Door:
    """The door of HTTP, for batches of another protocol."""

    def __init__(self, services: Services) -> None:
        self._admission = services.ingest
        self._telemetry = services.telemetry
        self._bodies = services.bodies
        self._ingest = TelemetryIngest(services.telemetry, services.ingest, services.lane, services.bodies)

    async def admit(self, scope: Scope, limited: Headers) -> Actor:
        return await self._admission.key(scope, limited)

    @staticmethod
    def row(
        data: bytes,
        time_us: int | None,
        device_id: str | None,
        device: str | None,
        kind: str | None,
        channel: str | None,
        dedupe_key: str | None,
    ) -> TimedReading:
        return TimedReading(msgspec.Raw(data), None, device_id, device, kind, channel, dedupe_key, time_us)

    @staticmethod
    def fault(error: FieldError) -> RowFailed:
        return RowFailed([error])

    async def wait_for_room(self) -> None:
        await wait_for_room(self._telemetry)

    def hold(self, size: int) -> None:
        self._bodies.acquire(size)

    def release(self, size: int) -> None:
        self._bodies.release(size)

    async def store(
        self,
        rows: Sequence[Any],
        actor: Actor,
        key: str | None,
        limited: Headers,
        scope: Scope,
        queued: Callable[[], None] | None = None,
    ) -> Stored:
        chain = chain_in_header(header(scope, CHAIN_FIELD))
        return await self._ingest.store(Batch(rows, single=False), actor, limited, key, chain, queued)


@asynccontextmanager
async def listening_for_grpc(
    calls: Callable[[], GrpcServices], config: GrpcConfig, certificate: ServerCertificate | None
) -> AsyncIterator[tuple[GrpcServer | None, list[str]]]:
    """Listen if the settings say so. Yields the server, and its addresses.

    Raises:
        CannotListen: the address is in use, unknown or not allowed.
    """
    if not config.listen:
        yield None, []
        return
    from penstock.api.grpc.server import CannotServe, GrpcServer

    # The library has one text for all that can be wrong with an address, so the reason is found out first.
    for bound in listen(config.host, config.port, REMEDY):
        bound.close()
    credentials = None if certificate is None else lambda: _credentials(certificate)
    server = GrpcServer(calls(), config, credentials=credentials)
    try:
        await server.start(config.host, config.port)
    except CannotServe as error:
        raise CannotListen(f"{config.host}:{config.port}", error, REMEDY) from None
    try:
        yield server, [url("grpc" if certificate is None else "grpcs", config.host, server.port)]
    finally:
        await server.stop()


def _credentials(certificate: ServerCertificate) -> grpc.ServerCredentials:
    """TLS with the certificate of HTTP. When that is read again, new connections get the new one."""
    import grpc

    given = certificate.files

    def configuration(files: tuple[bytes, bytes]) -> Any:
        return grpc.ssl_server_certificate_configuration([(files[1], files[0])])

    def renewed() -> Any:
        nonlocal given
        if certificate.files is given:
            return None
        given = certificate.files
        return configuration(given)

    return grpc.dynamic_ssl_server_credentials(configuration(given), renewed, require_client_authentication=False)
