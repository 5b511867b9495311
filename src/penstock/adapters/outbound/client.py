"""The outgoing HTTP client: resolves the host, checks every address, and connects to a checked one.

The guard is where the connection is made. The name is resolved once for each new connection, the connection goes to a checked
address, and the request, its Host header and TLS's server name remain those of the URL. So a name server that changes its
answer gains nothing. Redirects are returned as responses and never followed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from types import TracebackType
from typing import Any

import httpcore

from penstock.adapters.outbound.resolver import Resolver
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from penstock.core.outbound.targets import TargetPolicy

KEEP_ALIVE_S = 15.0
MAX_KEPT_ALIVE = 200
MAX_HEADER_VALUE = 1_024
MAX_HEADERS = 64
"""How much of a response's headers is kept; h11 itself rejects more than 100 kB of them."""


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects, but only to checked addresses."""

    def __init__(self, policy: TargetPolicy, resolver: Resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the signature is the library's)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolver.resolve(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout("no name server responded") from None
        except OSError as error:
            raise httpcore.ConnectError("the host has no address") from error
        self._policy.check_addresses(host, addresses)
        failure: Exception | None = None
        # A few addresses, so that a host with one dead address is reached; not all, as a name may have any number.
        for address in addresses[:3]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise httpcore.ConnectError("no connection") from failure

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise TargetRefused(reason="connections to local sockets are not allowed")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedHttp:
    """Implements `OutgoingHttp`. Must be created and closed on the event loop that uses it."""

    def __init__(self, config: OutboundConfig, policy: TargetPolicy, resolver: Resolver) -> None:
        self._config = config
        self._policy = policy
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(config.ca_file),
            max_connections=config.max_connections,
            max_keepalive_connections=MAX_KEPT_ALIVE,
            keepalive_expiry=KEEP_ALIVE_S,
            network_backend=_GuardedBackend(policy, resolver),
        )

    async def send(self, call: OutgoingCall) -> CallAnswer:
        target = self._policy.target_of(call.url)
        try:
            async with asyncio.timeout(call.timeout_s or self._config.timeout_s):
                return await self._send(call, _url(target.scheme, target.host, target.port, target.path), target.authority)
        except TimeoutError:
            raise CallFailed(reason="the response was not complete in time") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as error:
            # Reported separately, as nothing was sent: the caller can retry without doing anything twice.
            late = isinstance(error, httpcore.TimeoutException)
            raise NotReached(
                reason=(str(error) or "the connection was not established in time") if late else _reason(error)
            ) from error
        except httpcore.TimeoutException as error:
            raise CallFailed(reason=str(error) or "the connection was not established in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError, ssl.SSLError) as error:
            raise CallFailed(reason=_reason(error)) from error

    async def _send(self, call: OutgoingCall, url: httpcore.URL, authority: str) -> CallAnswer:
        headers = [(b"Host", authority.encode()), (b"Content-Length", str(len(call.body)).encode())]
        headers += [(name.encode("ascii"), value.encode("latin-1")) for name, value in call.headers]
        async with self._pool.stream(
            call.method,
            url,
            headers=headers,
            content=call.body,
            extensions={"timeout": {"connect": self._config.connect_timeout_s, "pool": self._config.connect_timeout_s}},
        ) as response:
            body, cut = await self._read(response)
            return CallAnswer(status=response.status, headers=_headers(response.headers), body=body, cut=cut)

    async def _read(self, response: httpcore.Response) -> tuple[bytes, bool]:
        kept = bytearray()
        async for piece in response.aiter_stream():
            kept += piece
            # Leaving the stream closes the connection: the rest of an endless response is never read.
            if len(kept) > self._config.max_response_bytes:
                return bytes(kept[: self._config.max_response_bytes]), True
        return bytes(kept), False

    async def __aenter__(self) -> GuardedHttp:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _url(scheme: str, host: str, port: int, path: str) -> httpcore.URL:
    return httpcore.URL(scheme=scheme.encode(), host=host.encode(), port=port, target=path.encode())


def _tls(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _headers(found: list[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value[:MAX_HEADER_VALUE].decode("latin-1") for name, value in found[:MAX_HEADERS]}


def _reason(error: Exception) -> str:
    """A fixed text: the library's message may contain addresses that must not be revealed to the caller."""
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "the certificate is not valid for this host"
    if isinstance(cause, ssl.SSLError):
        return "the TLS connection failed"
    if isinstance(error, httpcore.ConnectError):
        return "no connection"
    if isinstance(error, httpcore.ProtocolError):
        return "the response is not HTTP or was interrupted"
    return "the connection was interrupted"
