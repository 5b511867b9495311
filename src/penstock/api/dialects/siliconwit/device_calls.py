"""SiliconWit's device call: `POST /api/devices/ingest`.

A device sends its id, its access token (in the body or as Bearer) and an object of values. Errors are the vendor's:
`{"error": "<text>"}` with 400, 401 and 403, and 503 where the vendor returns 500.
Source: surfaces/siliconwit.md 2.1. `timestamp` and the reading's id in the response are Penstock's.
"""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from msgspec import UNSET, UnsetType

from penstock.api.shared.admission import chain_in
from penstock.api.shared.dialect_services import DeviceIntake
from penstock.api.shared.error_text import fields_of
from penstock.core.devices.errors import DeviceTokenInvalid
from penstock.core.idempotency import checked_key
from penstock.core.telemetry.chains import led_by
from penstock.core.telemetry.models import NewReading
from penstock.kit import strict_json
from penstock.kit.clock import format_time
from penstock.kit.errors import FieldError, InternalError, InvalidInput, PenstockError
from penstock.kit.event_time import read_time
from penstock.kit.field_errors import invalid_fields, invalid_input
from penstock.kit.http import (
    BodyBudget,
    ClientGone,
    Headers,
    Receive,
    Scope,
    Send,
    credential,
    error_headers,
    header,
    read_body,
    send_json,
    status_of,
)
from penstock.kit.ids import Prefix, decode, encode
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of
from penstock.kit.secret import hides

MAX_BODY_BYTES = 262_144
_log = structlog.get_logger()


@hides("access_token")
class Ingest(msgspec.Struct, frozen=True, gc=False):
    """The body that a device sends. Every field is optional, so that each error can name its field.

    Units: timestamp is an RFC 3339 string, or epoch seconds or milliseconds.
    """

    device_id: str | None = None
    access_token: str | None = None
    data: msgspec.Raw = msgspec.Raw()
    timestamp: str | int | float | None = None


class Ingested(msgspec.Struct, frozen=True):
    """The response: the reading's id and its event time. `quarantined` is present if that is too far in the future."""

    success: bool
    id: str
    time: str
    quarantined: bool | UnsetType = UNSET


_decoder = msgspec.json.Decoder(Ingest)


def build(intake: DeviceIntake, budget: BodyBudget) -> tuple[object, ...]:
    """The calls of devices."""
    return (SiliconWitIngest(intake, budget),)


class SiliconWitIngest:
    """The device call."""

    def __init__(self, intake: DeviceIntake, budget: BodyBudget) -> None:
        self._intake = intake
        self._budget = budget

    @asgi_operation(
        "POST",
        "/api/devices/ingest",
        surface="siliconwit",
        tag="SiliconWit.IO",
        device_token=True,
        body=Ingest,
        answer=Ingested,
        max_body_bytes=MAX_BODY_BYTES,
        headers={"Idempotency-Key": "A name for the reading. A repeated request stores nothing."},
        example=Example(
            body={
                "device_id": "dev_0c2k9fq7w3m1x",
                "access_token": "tok_4Jc0Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
                "data": {"temperature": 4.8, "door": False},
            },
            answer={"success": True, "id": "tel_000000000001k", "time": "2026-05-02T09:15:04.120Z"},
        ),
        scope=None,
    )
    async def ingest(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send one reading as a device.

        Send the access token in the body or in `Authorization: Bearer`. A 200 means that the reading is on disk.
        `Idempotency-Key` identifies the reading: a repeated request stores nothing.
        """
        named = [(b"x-request-id", request_id_of(scope).encode())]
        try:
            await self._intake.wait_for_room()
            body = await read_body(scope, receive, MAX_BODY_BYTES, self._budget) or b"{}"
            token = credential(scope)
            reading = await self._read(body, token, header(scope, b"idempotency-key"))
            stored = await self._intake.store(led_by(chain_in(scope), reading))
        except PenstockError as error:
            await _refuse(send, error, named)
        except ClientGone:
            return
        except Exception:
            _log.exception("ingest_failed")
            await _refuse(send, InternalError(), named)
        else:
            quarantined = True if stored.quarantined else UNSET
            answer = Ingested(True, encode(Prefix.READING, stored.seq), format_time(stored.time_us), quarantined)
            await send_json(send, 200, msgspec.json.encode(answer), named)

    async def _read(self, body: bytes, bearer: bytes | None, key: bytes | None) -> NewReading:
        try:
            return await self._reading(body, bearer, key)
        except InvalidInput as error:
            with contextlib.suppress(PenstockError):
                await self._note(strict_json.decode_shape(body), bearer, error)
            raise

    async def _note(self, value: Any, bearer: bytes | None, error: InvalidInput) -> None:
        """Count a rejected reading on the device whose token is in the request."""
        named = value.get("access_token") if isinstance(value, dict) else None
        token = named.encode("utf-8", "replace") if isinstance(named, str) and named else bearer
        if token:
            self._intake.note_malformed(await self._intake.device(token), error.detail)

    async def _reading(self, body: bytes, bearer: bytes | None, key: bytes | None) -> NewReading:
        # Parsed twice: this rejects what the decoder would accept, and the decoder keeps `data` exactly as sent.
        value = strict_json.decode(body)
        try:
            request = _decoder.decode(body)
        except msgspec.ValidationError:
            raise invalid_fields([*invalid_input(value, Ingest).errors, *_faults(value, bearer)]) from None
        token = request.access_token.encode() if request.access_token else bearer
        data = value.get("data")
        if not token or not request.device_id or type(data) is not dict or not data:
            raise invalid_fields(_faults(value, bearer))
        try:
            time_us = read_time(request.timestamp, "timestamp")
        except InvalidInput:
            raise invalid_fields(_faults(value, bearer)) from None
        device = await self._intake.device(token)
        if decode(Prefix.DEVICE, request.device_id) != device.id:
            raise DeviceTokenInvalid()
        return NewReading(
            device,
            bytes(request.data),
            time_us,
            dedupe_key=None if key is None else checked_key(key),
        )


def _faults(value: Any, bearer: bytes | None) -> list[FieldError]:
    """What is missing, and what has the right type and cannot be read."""
    if not isinstance(value, dict):
        return []
    found: list[FieldError] = []
    for field, given in (("device_id", value.get("device_id")), ("access_token", value.get("access_token") or bearer)):
        if not given:
            found.append(FieldError(field, "is required"))
    data = value.get("data")
    if not isinstance(data, dict) or not data:
        found.append(FieldError("data", "is required, as an object with at least one value"))
    if isinstance(value.get("timestamp"), str | int | float) and not isinstance(value["timestamp"], bool):
        try:
            read_time(value["timestamp"], "timestamp")
        except InvalidInput as error:
            found += error.errors
    return found


async def _refuse(send: Send, error: PenstockError, named: Headers) -> None:
    text = fields_of(error) if status_of(error) < 500 else HTTPStatus(status_of(error)).phrase
    await send_json(send, status_of(error), msgspec.json.encode({"error": text}), [*named, *error_headers(error)])
