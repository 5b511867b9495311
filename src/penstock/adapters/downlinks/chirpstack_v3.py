"""ChirpStack 3: downlinks through the REST API of its application server.

It identifies an item by the downlink's frame counter, which restarts with every join. Source:
chirpstack-application-server `api/external/device_queue.go`, chirpstack-api 3 `deviceQueue.proto`; read 2026-11-21.
"""

from __future__ import annotations

import base64
import re
from typing import Any

import msgspec

from penstock.core.connections.settings import ChirpStackRest
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import Accepted, DownlinkSettings, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.downlinks.verdicts import name_of_counter
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall, OutgoingHttp
from penstock.kit.clock import Clock
from penstock.kit.retry_after import retry_after_us

TIMEOUT_S = 6.0
MAX_DETAIL = 200
UNAUTHORIZED = "the connection has no ChirpStack API token"
_LATER = frozenset({408, 425, 429})
_PROXYS = frozenset({502, 504})
"""Responses of a proxy that lost its connection to the server during the call."""
_HEADER = re.compile(r"[!-~]+", re.ASCII)


class ChirpStackRestSender:
    """Implements `DownlinkSender`."""

    def __init__(self, http: OutgoingHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> str | None:
        return None if _token_of(settings) else UNAUTHORIZED

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        token = _token_of(settings)
        if token is None or not isinstance(settings, ChirpStackRest):
            return Refused(UNAUTHORIZED)
        try:
            answer = await self._http.send(_call(settings, downlink, token))
        except TargetRefused as error:
            return Refused(error.detail)
        except NotReached as error:
            return NotAccepted(f"ChirpStack: {error.facts['reason']}")
        except CallFailed as error:
            return Unconfirmed(f"ChirpStack: {error.facts['reason']}")
        return _outcome(answer, self._clock.now_us())


def _token_of(settings: DownlinkSettings) -> str | None:
    """A token that can be in a header."""
    token = settings.token if isinstance(settings, ChirpStackRest) else None
    return token if token is not None and _HEADER.fullmatch(token) else None


def _call(settings: ChirpStackRest, downlink: OutgoingDownlink, token: str) -> OutgoingCall:
    item = {
        "confirmed": downlink.confirmed,
        "data": base64.b64encode(downlink.payload).decode(),
        "devEUI": downlink.eui,
        "fPort": downlink.f_port,
    }
    return OutgoingCall(
        url=f"{settings.url.rstrip('/')}/api/devices/{downlink.eui}/queue",
        headers=(
            ("Grpc-Metadata-Authorization", f"Bearer {token}"),
            ("Content-Type", "application/json"),
            ("User-Agent", "penstock"),
            ("Connection", "close"),  # if a kept connection had broken, the outcome would be unknown
        ),
        body=msgspec.json.encode({"deviceQueueItem": item}),
        timeout_s=TIMEOUT_S,
    )


def _outcome(answer: CallAnswer, now_us: int) -> Outcome:
    body = _object(answer.body)
    if 200 <= answer.status < 300:
        counter = body.get("fCnt")
        return Accepted(name_of_counter(counter) if type(counter) is int and counter >= 0 else None)
    words = body.get("error") or body.get("message")
    reason = f"ChirpStack answers {answer.status}" + (f": {words[:MAX_DETAIL]}" if isinstance(words, str) else "")
    if answer.status in _PROXYS:
        return Unconfirmed(reason)
    if answer.status in _LATER or answer.status >= 500:
        return NotAccepted(reason, retry_after_us(answer.headers.get("retry-after"), now_us))
    return Refused(reason)


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
