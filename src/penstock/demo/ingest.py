"""Posts one reading as any device would. The response determines what the device does next.

- 2xx: the reading is accepted; continue.
- 429, 503: wait as long as the server requests, then send the same reading again.
- 401, 403, 404: the device was paused, deleted or re-keyed by its owner; it is silent until a restart.
- No response: wait, twice as long each time, then send the same reading again.
- Anything else: the reading is rejected; continue with the next.
"""

from __future__ import annotations

import httpx
import msgspec
import structlog

from penstock.demo.dataset import Reading
from penstock.kit.backoff import Doubling
from penstock.kit.clock import SECOND_US, format_seconds
from penstock.kit.secret import Secret

_log = structlog.get_logger(__name__)

INGEST_PATH = "/api/v2/devices/{device_id}/telemetry"

_REFUSED = frozenset({401, 403, 404})
_BUSY = frozenset({429, 503})
_BUSY_WAIT_S = 5.0
"""The wait if a busy server does not state one."""
# A daily limit is the longest that a server states, and it resets within a day.
_LONGEST_BUSY_WAIT_S = 86_400.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_WAITS = Doubling(first_us=int(_FIRST_WAIT_S * SECOND_US), longest_us=int(_LONGEST_WAIT_S * SECOND_US))


class IngestClient:
    """The ingest calls of one server. Adds the ids of rejected devices to `refused`, the caller's set."""

    def __init__(self, client: httpx.AsyncClient, base_url: httpx.URL, refused: set[str]) -> None:
        self._client = client
        self._base_url = base_url
        self._refused = refused
        self._failures: dict[str, int] = {}
        self._rejected: set[tuple[str, int]] = set()
        self._reachable = True

    async def post(self, device_id: str, token: Secret, reading: Reading, at_us: int | None = None) -> float | None:
        """Post a reading, dated now or `at_us`. Its original time is sent as a separate field.

        Returns:
            None if the reading is settled, accepted or not; else the seconds after which to post it again.
        """
        message: dict[str, object] = {
            "data": {"recorded_at": format_seconds(reading.recorded_us), **reading.values},
        }
        if at_us is not None:
            message["time"] = format_seconds(at_us)
        headers = {"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/json"}
        url = self._base_url.join(INGEST_PATH.format(device_id=device_id))
        try:
            answer = await self._client.post(url, content=msgspec.json.encode(message), headers=headers)
        except httpx.RequestError as error:
            return self._no_answer(device_id, error)
        self._answered(device_id)
        return self._wait_s(device_id, answer)

    def _wait_s(self, device_id: str, answer: httpx.Response) -> float | None:
        status = answer.status_code
        if status in _BUSY:
            wait_s = _retry_after_s(answer)
            _log.debug("demo_server_busy", device_id=device_id, status=status, wait_s=wait_s)
            return wait_s
        if status in _REFUSED:
            self._refused.add(device_id)
            _log.info("demo_device_silenced", device_id=device_id, status=status)
        # Logged once per device and status, because the replay never ends and would repeat the line for ever.
        elif not answer.is_success and (device_id, status) not in self._rejected:
            self._rejected.add((device_id, status))
            _log.warning("demo_reading_rejected", device_id=device_id, status=status)
        return None

    def _no_answer(self, device_id: str, error: httpx.RequestError) -> float:
        if self._reachable:
            self._reachable = False
            # The class only: the message could contain the request.
            _log.warning("demo_server_unreachable", url=str(self._base_url), error=type(error).__name__)
        failures = self._failures[device_id] = self._failures.get(device_id, 0) + 1
        return _WAITS.pause_us(failures) / SECOND_US

    def _answered(self, device_id: str) -> None:
        self._failures.pop(device_id, None)
        if not self._reachable:
            self._reachable = True
            _log.info("demo_server_reachable", url=str(self._base_url))


def _retry_after_s(answer: httpx.Response) -> float:
    """The seconds in `Retry-After`. A date, its other form, is never sent by Penstock and counts as absent."""
    text = answer.headers.get("Retry-After", "")
    wait_s = float(text) if text.isascii() and text.isdigit() else _BUSY_WAIT_S
    return min(max(wait_s, _FIRST_WAIT_S), _LONGEST_BUSY_WAIT_S)
