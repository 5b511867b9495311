"""The Things Stack 3: downlinks through a webhook's own address.

A confirmed downlink is sent once, not as often as the device's settings allow: delivery at most once also applies beyond the
network server, and a missing acknowledgement ends the execution. Source: The Things Stack v3 webhooks (lorawan-stack
`messages.proto`, downlinks page).
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote

import msgspec

from penstock.core.connections.settings import ThingsStackDownlink
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import Accepted, DownlinkSettings, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.core.outbound.errors import CallFailed, NotReached, TargetRefused
from penstock.core.outbound.ports import CallAnswer, OutgoingCall, OutgoingHttp
from penstock.kit.clock import Clock
from penstock.kit.retry_after import retry_after_us

TIMEOUT_S = 6.0
MAX_DETAIL = 200
_LATER = frozenset({408, 425, 429})
_PROXYS = frozenset({502, 504})
"""Responses of a proxy that lost its connection to the server during the call."""
_DEVICE = re.compile(r"[a-z0-9](-?[a-z0-9]){1,35}", re.ASCII)
_HEADER = re.compile(r"[!-~]+", re.ASCII)


class ThingsStackSender:
    """Implements `DownlinkSender`."""

    def __init__(self, http: OutgoingHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> str | None:
        if _key_of(settings) is None:
            return "the connection has no API key of The Things Stack"
        if downlink.device_name is None or not _DEVICE.fullmatch(downlink.device_name):
            return "the device has not reported through The Things Stack yet"
        return None

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Outcome:
        obstacle, key = await self.find_obstacle(settings, downlink), _key_of(settings)
        if obstacle is not None or key is None or not isinstance(settings, ThingsStackDownlink):
            return Refused(obstacle or "the connection has no API key of The Things Stack")
        try:
            answer = await self._http.send(_call(settings, downlink, key))
        except TargetRefused as error:
            return Refused(error.detail)
        except NotReached as error:
            return NotAccepted(f"The Things Stack: {error.facts['reason']}")
        except CallFailed as error:
            return Unconfirmed(f"The Things Stack: {error.facts['reason']}")
        return _outcome(answer, self._clock.now_us())


def _key_of(settings: DownlinkSettings) -> str | None:
    """A key that can be in a header."""
    key = settings.api_key if isinstance(settings, ThingsStackDownlink) else None
    return key if key is not None and _HEADER.fullmatch(key) else None


def _call(settings: ThingsStackDownlink, downlink: OutgoingDownlink, api_key: str) -> OutgoingCall:
    parts = (settings.application_id, settings.webhook_id, downlink.device_name or "")
    application, webhook, device = (quote(part, safe="") for part in parts)
    path = f"/api/v3/as/applications/{application}/webhooks/{webhook}/devices/{device}/down/push"
    item: dict[str, Any] = {
        "f_port": downlink.f_port,
        "frm_payload": base64.b64encode(downlink.payload).decode(),
        "priority": "NORMAL",
        "confirmed": downlink.confirmed,
        "correlation_ids": [downlink.correlation],
    }
    if downlink.confirmed:
        item["confirmed_retry"] = {"max_attempts": 1}
    return OutgoingCall(
        url=settings.url.rstrip("/") + path,
        headers=(
            ("Authorization", f"Bearer {api_key}"),
            ("Content-Type", "application/json"),
            ("User-Agent", "penstock"),
            ("Connection", "close"),  # if a kept connection had broken, the outcome would be unknown
        ),
        body=msgspec.json.encode({"downlinks": [item]}),
        timeout_s=TIMEOUT_S,
    )


def _outcome(answer: CallAnswer, now_us: int) -> Outcome:
    if 200 <= answer.status < 300:
        return Accepted()
    reason = f"The Things Stack responded {answer.status}{_error_text(answer.body)}"
    if answer.status in _PROXYS:
        return Unconfirmed(reason)
    if answer.status in _LATER or answer.status >= 500:
        return NotAccepted(reason, retry_after_us(answer.headers.get("retry-after"), now_us))
    return Refused(reason)


def _error_text(body: bytes) -> str:
    try:
        found = msgspec.json.decode(body, type=dict[str, Any]).get("message")
    except msgspec.DecodeError:
        return ""
    return f": {found[:MAX_DETAIL]}" if isinstance(found, str) else ""
