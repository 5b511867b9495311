"""A downlink, and an outgoing client that answers as a test says."""

from __future__ import annotations

import json
from typing import Any

from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.outbound.ports import CallAnswer, OutgoingCall

EUI = "70b3d57ed0061f2a"


def downlink(**about: Any) -> OutgoingDownlink:
    known: dict[str, Any] = {"correlation": "penstock:cmd_1", "eui": EUI, "device_name": "meter-1", "f_port": 3, "org_id": 1}
    known |= {"project_id": 2, "item_id": "4f2d0a8e-7c11-4b8e-9d1c-5a2b3c4d5e6f", "application_id": "app-1", "payload": b"\x07"}
    return OutgoingDownlink(**known | {"confirmed": True, "expires_us": 1_777_723_200_000_000} | about)


class Http:
    """Answers every call with one status and body, or fails; keeps what was called."""

    def __init__(
        self,
        status: int = 200,
        body: bytes = b"{}",
        failure: Exception | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._answer, self._failure = CallAnswer(status=status, headers=headers or {}, body=body), failure
        self.calls: list[OutgoingCall] = []

    async def send(self, call: OutgoingCall) -> CallAnswer:
        self.calls.append(call)
        if self._failure is not None:
            raise self._failure
        return self._answer

    @property
    def sent(self) -> Any:
        return json.loads(self.calls[-1].body)
