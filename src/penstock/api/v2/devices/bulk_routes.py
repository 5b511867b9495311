"""Many devices in one call, over the native API."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples, wire
from penstock.api.v2.devices.translate import from_core_device, to_core_device
from penstock.core.devices.bulk import BulkCreation, Outcome, Rejected, rejected
from penstock.core.devices.models import CreatedDevice, NewDevice
from penstock.core.devices.service import DeviceService
from penstock.core.telemetry.latest import LatestReadings
from penstock.kit.clock import Clock
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.field_errors import invalid_fields, invalid_input
from penstock.kit.operation import Example

MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_ERRORS = 100


class DeviceBulkEndpoints:
    """Create many devices."""

    routes = Routes("/api/v2/devices/bulk", surface="v2", tag="Devices")

    def __init__(self, bulk: BulkCreation, devices: DeviceService, latest: LatestReadings, clock: Clock) -> None:
        self._bulk = bulk
        self._devices = devices
        self._latest = latest
        self._clock = clock

    @routes.post(
        scope="devices:write",
        of_project=True,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        headers={"Idempotency-Key": "A name for this request, of 1 to 255 characters. It is remembered for 24 hours."},
        example=Example(
            body={"items": [examples.NEW_DEVICE]},
            answer={"created": 1, "rejected": 0, "devices": [examples.CREATED_DEVICE], "errors": []},
        ),
    )
    async def create_many(self, call: Call[None, wire.DevicesCreate]) -> Answer[wire.DevicesCreated]:
        """Create many devices.

        Up to 1,000 devices, each created or rejected by itself: 201 if all were created, 207 if some were, 400 if none was. The
        response contains the access tokens, once. With an `Idempotency-Key` the same request can be sent again, also after a lost
        response or an error of the server: devices that were created are returned and not created twice.
        """
        rows = [_row(body) for body in call.body.items]
        found = await self._bulk.create(call.actor, rows, idempotency_of(call))
        errors = [error for row, one in enumerate(found) if isinstance(one, Rejected) for error in _errors(row, one)]
        devices = [self._shown(one) for one in found]
        rejected_rows = devices.count(None)
        if rejected_rows == len(found):
            raise _none_created(errors)
        answer = wire.DevicesCreated(len(found) - rejected_rows, rejected_rows, devices, errors)
        return Answer(body=answer, status=207 if errors else 201)

    def _shown(self, one: Outcome) -> wire.CreatedDevice | None:
        if isinstance(one, Rejected):
            return None
        return self._created(one)

    def _created(self, created: CreatedDevice) -> wire.CreatedDevice:
        # A repeated call returns devices that may have reported since.
        device = self._latest.with_last_seen(created.device)
        connectivity = device.connectivity(self._clock.now_us(), self._devices.offline_after_us)
        return wire.CreatedDevice(from_core_device(device, connectivity), created.access_token)


def _row(body: dict[str, Any]) -> NewDevice | Rejected:
    try:
        return to_core_device(_decoded(body))
    except InvalidInput as error:
        return rejected(error)


def _decoded(body: dict[str, Any]) -> wire.DeviceCreate:
    try:
        return msgspec.convert(body, wire.DeviceCreate)
    except msgspec.ValidationError:
        raise invalid_input(body, wire.DeviceCreate) from None


def _errors(row: int, one: Rejected) -> list[wire.RejectedDevice]:
    return [wire.RejectedDevice(row, fault.field, fault.code, fault.detail) for fault in one.faults]


def _none_created(errors: list[wire.RejectedDevice]) -> InvalidInput:
    return invalid_fields(
        [FieldError(f"items[{one.row}].{one.field}".rstrip("."), one.detail, one.code) for one in errors[:MAX_ERRORS]]
    )
