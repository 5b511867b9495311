"""SiliconWit's call of a device, for the long runs that kill servers under load."""

from __future__ import annotations

from collections.abc import Callable

from tests.prove.site import Device
from tests.prove.wire import request


def device_call(device: Device, pad: int = 0) -> Callable[[tuple[str, ...]], bytes]:
    """One reading by the device's own call, named by an Idempotency-Key."""

    def make(values: tuple[str, ...]) -> bytes:
        data = {"v": values[0]} | ({"pad": "x" * pad} if pad else {})
        body = {"device_id": device.id, "access_token": device.token, "data": data}
        return request("POST", "/api/devices/ingest", {"Idempotency-Key": values[0]}, body)

    return make
