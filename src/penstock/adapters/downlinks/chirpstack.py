"""ChirpStack 4: downlinks through its gRPC API, with the stubs that ChirpStack publishes.

The address is resolved and checked like that of every outgoing call, and the connection is made to the checked address. Every
downlink opens its own connection: downlinks are rare, and if a kept connection had broken, the outcome would be unknown. The
libraries cost 30 MB of memory and are loaded with the first downlink. Source: ChirpStack's `api/device.proto`; gRPC's
status codes.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from penstock.core.connections.settings import ChirpStackApi
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import Accepted, DownlinkSettings, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.outbound.errors import TargetRefused
from penstock.core.outbound.targets import Target, TargetPolicy

CONNECT_S = 3.0
CALL_S = 4.0
MAX_DETAIL = 200
MAX_ANSWER = 65_536
MAX_ADDRESSES = 3
_TOKEN = re.compile(r"[!-~]+", re.ASCII)
UNAUTHORIZED = "the connection has no ChirpStack API token"
_LATER = frozenset({"RESOURCE_EXHAUSTED", "ABORTED", "INTERNAL", "UNKNOWN"})
_DOUBTFUL = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "DATA_LOSS"})
_BROKEN = ("Received RST_STREAM", "Stream removed")
"""How gRPC's library describes an interrupted call, regardless of its code."""


class HostResolver(Protocol):
    """Finds the addresses of a host."""

    async def resolve(self, host: str, port: int) -> list[str]:
        """Return the host's addresses, the preferred one first.

        Raises:
            OSError: the host has no address, or the name server does not respond.
        """


class ChirpStackSender:
    """Implements `DownlinkSender`. `ca_file` has additional trusted authorities besides the system's, or is empty."""

    def __init__(self, policy: TargetPolicy, resolver: HostResolver, ca_file: str) -> None:
        self._policy = policy
        self._resolver = resolver
        self._ca_file = ca_file

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> str | None:
        if not isinstance(settings, ChirpStackApi) or _token_of(settings) is None:
            return UNAUTHORIZED
        try:
            self._policy.target_of(settings.url)
        except TargetRefused as error:
            return error.detail
        return None

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        token = _token_of(settings)
        if token is None or not isinstance(settings, ChirpStackApi):
            return Refused(UNAUTHORIZED)
        try:
            target = self._policy.target_of(settings.url)
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._resolver.resolve(target.host, target.port)
            self._policy.check_addresses(target.host, addresses)
        except TargetRefused as error:
            return Refused(error.detail)
        except (OSError, TimeoutError):
            return NotAccepted("ChirpStack: the host has no address")
        async with self._channel(target, addresses) as channel:
            if not await _connected(channel):
                return NotAccepted("ChirpStack: the connection failed")
            return await _enqueue(channel, token, downlink)

    def _channel(self, target: Target, addresses: Sequence[str]) -> Any:
        import grpc

        where = _where(addresses, target.port)
        options = [
            ("grpc.default_authority", target.authority),
            # A proxy would be connected to instead of the checked address.
            ("grpc.enable_http_proxy", 0),
            # Sent once, and never again if its outcome is unknown (docs/decisions/0018): the library must not repeat a call
            # itself.
            ("grpc.enable_retries", 0),
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.max_receive_message_length", MAX_ANSWER),
        ]
        if target.scheme == "http":
            return grpc.aio.insecure_channel(where, options)
        credentials = grpc.ssl_channel_credentials(self._roots())
        return grpc.aio.secure_channel(where, credentials, [*options, ("grpc.ssl_target_name_override", target.host)])

    def _roots(self) -> bytes | None:
        """Authorities in PEM; None selects those of the library."""
        if not self._ca_file:
            return None
        system = ssl.get_default_verify_paths().cafile
        return b"\n".join(Path(name).read_bytes() for name in (system, self._ca_file) if name)


def _token_of(settings: DownlinkSettings) -> str | None:
    """A token that can be in a header."""
    token = settings.token if isinstance(settings, ChirpStackApi) else None
    return token if token is not None and _TOKEN.fullmatch(token) else None


def _where(addresses: Sequence[str], port: int) -> str:
    """Addresses of one family, in gRPC's notation."""
    four = [address for address in addresses if ":" not in address]
    if four:
        return "ipv4:" + ",".join(f"{address}:{port}" for address in four[:MAX_ADDRESSES])
    return "ipv6:" + ",".join(f"[{address}]:{port}" for address in addresses[:MAX_ADDRESSES])


async def _connected(channel: Any) -> bool:
    """Whether the connection is established. Nothing is sent before, so an earlier failure has had no effect."""
    import grpc

    states = grpc.ChannelConnectivity
    try:
        async with asyncio.timeout(CONNECT_S):
            state = channel.get_state(try_to_connect=True)
            while state is not states.READY:
                if state in (states.TRANSIENT_FAILURE, states.SHUTDOWN):
                    return False
                await channel.wait_for_state_change(state)
                state = channel.get_state(try_to_connect=True)
    except TimeoutError:
        return False
    return True


async def _enqueue(channel: Any, token: str, downlink: OutgoingDownlink) -> Outcome:
    import grpc
    from chirpstack_api.api import device_pb2, device_pb2_grpc

    item = device_pb2.DeviceQueueItem(
        dev_eui=downlink.eui,
        confirmed=downlink.confirmed,
        f_port=downlink.f_port,
        data=downlink.payload,
    )
    if "expires_at" in item.DESCRIPTOR.fields_by_name:
        item.expires_at.FromMicroseconds(downlink.expires_us)
    request = device_pb2.EnqueueDeviceQueueItemRequest(queue_item=item)
    metadata = (("authorization", f"Bearer {token}"),)
    try:
        answer = await device_pb2_grpc.DeviceServiceStub(channel).Enqueue(request, metadata=metadata, timeout=CALL_S)
    except grpc.aio.AioRpcError as error:
        return _failure(error.code().name, error.details() or "")
    return Accepted(answer.id or None)


def _failure(code: str, details: str) -> Outcome:
    reason = f"ChirpStack answers {code}: {details[:MAX_DETAIL]}".rstrip(": ")
    if code in _DOUBTFUL or details.startswith(_BROKEN):
        return Unconfirmed(reason)
    return NotAccepted(reason) if code in _LATER else Refused(reason)
