"""The native calls that ingest readings: for one device, and for many.

For one device the body is a reading or an array of readings. For many devices it is a JSON array or NDJSON; invalid rows are
reported individually, and the others are stored. Payloads are stored exactly as sent: they are cut out of the body as raw JSON,
while a second, strict parse of the same body validates it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import DeviceRef
from penstock.core.idempotency import IdempotencyMismatch, checked_key
from penstock.core.limits.backfill import BackfillLane
from penstock.core.telemetry.chains import CHAIN_FIELD, chain_in_header, led_by
from penstock.core.telemetry.errors import PayloadTooLarge
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.repeats import is_altered
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.http.admission import SCOPE, Admission
from penstock.ingress.http.batch import Batch, ReadingIn, RowFailed, faults_of, read_batch, to_new_reading
from penstock.ingress.http.pacing import pace
from penstock.ingress.http.room import wait_for_room
from penstock.ingress.http.rows import RowError, Rows
from penstock.kit.clock import format_time
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.field_errors import invalid_fields
from penstock.kit.http import (
    BodyBudget,
    ClientGone,
    Headers,
    Receive,
    Scope,
    Send,
    check_json_type,
    error_headers,
    read_body,
    send_json,
    send_problem,
)
from penstock.kit.ids import Prefix, RuleId, Seq, decode, encode
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of
from penstock.kit.wire_types import one_of

MAX_READINGS = 10_000
MAX_BODY_BYTES = 8_388_608
NDJSON = b"application/x-ndjson"
IDEMPOTENCY_HEADER = {
    "Idempotency-Key": "A name for this request. Readings without a `dedupe_key` get one from it, so that a repeated request "
    "stores nothing twice."
}
Chain: TypeAlias = tuple[RuleId, ...]
_log = structlog.get_logger()


class Stored(msgspec.Struct, frozen=True):
    """The outcome of one reading. `status` is `stored`, `duplicate` or `quarantined`."""

    id: str
    seq: Seq
    device_id: str
    time: str
    status: Annotated[str, one_of("stored", "duplicate", "quarantined")]
    backfill: bool


class BatchStored(msgspec.Struct, frozen=True):
    """The outcome of a batch. `seqs` has one entry per row, null if the row was rejected."""

    accepted: int
    duplicates: int
    quarantined: int
    rejected: int
    seqs: list[Seq | None]
    errors: list[RowError]


class TelemetryIngest:
    """The native ingest calls."""

    def __init__(self, telemetry: TelemetryService, admission: Admission, lane: BackfillLane, budget: BodyBudget) -> None:
        self._telemetry = telemetry
        self._admission = admission
        self._lane = lane
        self._budget = budget

    @asgi_operation(
        "POST",
        "/api/v2/devices/{device_id}/telemetry",
        surface="v2",
        tag="Telemetry",
        scope=SCOPE,
        of_project=True,
        device_token=True,
        status=201,
        body=ReadingIn | list[ReadingIn],
        answer=Stored | BatchStored,
        max_body_bytes=MAX_BODY_BYTES,
        body_types=("application/json", "application/x-ndjson"),
        headers=IDEMPOTENCY_HEADER,
        example=Example(
            path={"device_id": "dev_0c2k9fq7w3m1x"},
            body={"time": "2026-05-02T09:15:04Z", "data": {"temperature": 21.5, "humidity": 40}, "dedupe_key": "n-1871"},
            answer={
                "id": "tel_000000000001k",
                "seq": 51,
                "device_id": "dev_0c2k9fq7w3m1x",
                "time": "2026-05-02T09:15:04Z",
                "status": "stored",
                "backfill": False,
            },
        ),
    )
    async def one_device(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send readings of one device.

        One reading, or an array of up to 10,000. The `data` of a reading can be an array too, of `{time, data}` or of objects
        with a `time` and values: the response is then that of an array. Called with an API key, or with the device's own access
        token. A 201 means that the readings are on disk. If rows of an array are invalid, the response is 207 and lists each of
        them. Old readings are rate limited: those above the limit are rejected with 429, or as rows of a 207, with `Retry-After`.
        """
        await self._answer(scope, receive, send, self._admit_device)

    @asgi_operation(
        "POST",
        "/api/v2/telemetry",
        surface="v2",
        tag="Telemetry",
        scope=SCOPE,
        of_project=True,
        status=201,
        body=list[ReadingIn],
        answer=BatchStored,
        max_body_bytes=MAX_BODY_BYTES,
        body_types=("application/json", "application/x-ndjson"),
        headers=IDEMPOTENCY_HEADER,
        example=Example(
            body=[
                {"device_id": "dev_0c2k9fq7w3m1x", "data": {"temperature": 21.5}},
                {"device": "70b3d57ed0061f2a", "time": 1777713304, "data": {"level_m": 1.82}},
            ],
            answer={
                "accepted": 2,
                "duplicates": 0,
                "quarantined": 0,
                "rejected": 0,
                "seqs": [52, 53],
                "errors": [],
            },
        ),
    )
    async def many_devices(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send readings of many devices.

        A JSON array or NDJSON of up to 10,000 readings and 8 MiB. Each names its device by id, or by any of the device's
        identifiers. `data` can be an array of readings of one device, which counts as that many rows. Invalid rows are reported
        individually and the others are stored: 201 if all were accepted, 207 if some were, 400 if none was.
        """
        await self._answer(scope, receive, send, self._admit_key)

    async def _admit_device(self, scope: Scope, limited: Headers) -> DeviceRef:
        device_id = scope["path"].split("/")[4]
        return await self._admission.device_in_path(scope, device_id, limited)

    async def _admit_key(self, scope: Scope, limited: Headers) -> Actor:
        return await self._admission.key(scope, limited)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, admit: Any) -> None:
        request_id = request_id_of(scope)
        limited: Headers = []
        caller: DeviceRef | Actor | None = None
        batch: Batch | None = None
        try:
            caller = await admit(scope, limited)
            media_type = check_json_type(scope, NDJSON)
            # Before the body is read: a rejection then costs little compared with storing.
            await wait_for_room(self._telemetry)
            body = await read_body(scope, receive, MAX_BODY_BYTES, self._budget)
            batch = read_batch(body, lines=media_type == NDJSON, limit=MAX_READINGS)
            headers: Headers = [(b"x-request-id", request_id.encode()), *limited]
            key, chain = _named_in(scope["headers"])
            if batch.single and isinstance(caller, DeviceRef):
                status, answer = await self._store_one(batch.rows[0], caller, key, chain)
            else:
                stored = await self.store(batch, caller, headers, key, chain)
                status, answer = 207 if stored.errors else 201, msgspec.json.encode(stored)
        except PenstockError as error:
            if batch is None or batch.single:  # of several, each has been noted by itself
                self._note(caller, error)
            await send_problem(send, error, request_id, limited)
        except ClientGone:
            return
        except Exception:
            _log.exception("ingest_failed", request_id=request_id)
            await send_problem(send, InternalError(), request_id, limited)
        else:
            await send_json(send, status, answer, headers)

    def _note(self, sender: DeviceRef | Actor | None, error: PenstockError) -> None:
        """Count a rejected reading where the device's owner looks."""
        if isinstance(sender, DeviceRef) and isinstance(error, InvalidInput | PayloadTooLarge):
            self._telemetry.note_malformed(sender, error.detail)

    async def _store_one(self, row: ReadingIn | RowFailed, device: DeviceRef, key: str | None, chain: Chain) -> tuple[int, bytes]:
        if isinstance(row, RowFailed):
            raise invalid_fields(row.errors)
        new = led_by(chain, to_new_reading(row, device))
        by_request = key is not None and new.dedupe_key is None
        if by_request:
            new = msgspec.structs.replace(new, dedupe_key=key)
        if paced := await pace(self._lane, (new,)):
            raise paced.pop(0)
        stored = (await self._telemetry.ingest((new,)))[0]
        if not stored.duplicate:
            return 201, msgspec.json.encode(_stored(stored))
        first = (await self._telemetry.find_first((stored,))).get(stored.seq)
        if by_request and is_altered(new, first):
            raise IdempotencyMismatch()
        return 200, msgspec.json.encode(_stored(stored, first))

    async def store(
        self,
        batch: Batch,
        caller: DeviceRef | Actor,
        headers: Headers,
        key: str | None,
        chain: Chain = (),
        queued: Callable[[], None] | None = None,
    ) -> BatchStored:
        """Store the valid rows of a batch. When this returns, they are on disk; the others are in its errors.

        `key` is the sender's name for the batch. `Retry-After` is added to `headers` if rows were rejected for their number.
        `queued` is called when batches that are stored from then on follow behind this one in the log.

        Raises:
            InvalidInput: no row is valid. BackfillPaced, IdempotencyMismatch, and all that `TelemetryService.ingest` raises.
        """
        rows = await self._validate(batch, caller)
        if chain:
            rows.accepted = [led_by(chain, one) for one in rows.accepted]
        await self._pace(rows, headers)
        if not rows.accepted:
            raise rows.all_refused()
        by_request = rows.name(key) if key else set()
        if batch.places and not key:
            rows.name_elements()
        stored = await self._telemetry.ingest(rows.accepted, queued)
        if by_request:
            stored = await self._without_altered(rows, stored, by_request)
        seqs: list[Seq | None] = [None] * len(batch.rows)
        for place, reading in zip(rows.places, stored, strict=True):
            seqs[place] = reading.seq
        return BatchStored(
            len(stored),
            sum(reading.duplicate for reading in stored),
            sum(reading.quarantined for reading in stored),
            len(batch.rows) - len(stored),
            seqs,
            rows.errors,
        )

    async def _without_altered(self, rows: Rows, stored: list[Reading], by_request: set[int]) -> list[Reading]:
        """The readings without those that the request's key had named before, with other content: they were not stored.

        Raises:
            IdempotencyMismatch: no other rows are left.
        """
        first = await self._telemetry.find_first(stored)
        altered = {at for at in by_request if stored[at].duplicate and is_altered(rows.accepted[at], first.get(stored[at].seq))}
        if len(altered) == len(stored):
            raise IdempotencyMismatch()
        rows.remove({at: IdempotencyMismatch() for at in altered})
        return [reading for at, reading in enumerate(stored) if at not in altered]

    async def _validate(self, batch: Batch, caller: DeviceRef | Actor) -> Rows:
        rows = Rows([], [], [], batch.places)
        resolver, sender = _Resolver(self._admission, caller), caller if isinstance(caller, DeviceRef) else None
        for place, row in enumerate(batch.rows):
            if isinstance(row, RowFailed):
                rows.reject(place, row.errors)
                self._note(sender, invalid_fields(row.errors))
                continue
            device: DeviceRef | None = None
            try:
                device = resolver.known(row) or await resolver.find(row)
                new = to_new_reading(row, device)
                self._telemetry.check(new)
            except PenstockError as error:
                rows.refuse(place, error, [] if device else faults_of(row))
                self._note(device or sender, error)
            else:
                rows.accepted.append(new)
                rows.places.append(place)
        return rows

    async def _pace(self, rows: Rows, headers: Headers) -> None:
        """Remove the old readings that must not be stored now.

        Raises:
            BackfillPaced: no other rows are left. Even if there are other errors: a caller that receives 400 would discard
            these rows.
        """
        paced = await pace(self._lane, rows.accepted)
        if not paced:
            return
        longest = max(paced, key=lambda place: paced[place].facts["retry_after_s"])
        if len(paced) == len(rows.accepted):
            raise paced.pop(longest)
        headers += error_headers(paced[longest])
        rows.remove(paced)


def _named_in(headers: Headers) -> tuple[str | None, Chain]:
    """What the headers of a call say about its readings: a name for the request, and the rules that led to it."""
    key, chain = None, None
    for name, value in headers:
        if name == b"idempotency-key":
            key = checked_key(value)
        elif name == CHAIN_FIELD:
            chain = value
    return key, chain_in_header(chain)


class _Resolver:
    """Resolves the rows of a batch to devices. Most batches repeat a few devices, so each is looked up once."""

    def __init__(self, admission: Admission, caller: DeviceRef | Actor) -> None:
        self._admission = admission
        self._device = caller if isinstance(caller, DeviceRef) else None
        self._actor = caller if isinstance(caller, Actor) else None
        self._found: dict[str, DeviceRef | DeviceNotFound] = {}

    def known(self, row: ReadingIn) -> DeviceRef | None:
        """The device of a row, if it is cached. It usually is, at a tenth of the cost of `find`."""
        found = self._found.get(row.device_id or row.device or "")
        if found is None and self._actor is not None and row.device_id is not None:
            return self._admission.known_device(self._actor, row.device_id)
        return found if isinstance(found, DeviceRef) else None

    async def find(self, row: ReadingIn) -> DeviceRef:
        if self._device is not None:
            named = row.device_id
            if row.device is not None or (named is not None and decode(Prefix.DEVICE, named) != self._device.id):
                raise InvalidInput.field("device_id", "must be the device in the path")
            # `known` then resolves later rows in the same form without this check.
            self._found[named or ""] = self._device
            return self._device
        name = row.device_id or row.device
        if not name:
            raise InvalidInput.field("device_id", "is required; set device_id or device")
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = await self._look_up(row)
        if isinstance(found, DeviceNotFound):
            raise DeviceNotFound(**found.facts)  # a new one, because one that is raised keeps the batch alive
        return found

    async def _look_up(self, row: ReadingIn) -> DeviceRef | DeviceNotFound:
        assert self._actor is not None
        try:
            return await self._admission.device_by_name(self._actor, row.device_id, row.device)
        except DeviceNotFound as error:
            return error.with_traceback(None)


def _stored(reading: Reading, first: Reading | None = None) -> Stored:
    """The outcome of a reading; of a repeated one, with the time of its first delivery."""
    status = "duplicate" if reading.duplicate else "quarantined" if reading.quarantined else "stored"
    return Stored(
        encode(Prefix.READING, reading.seq),
        reading.seq,
        encode(Prefix.DEVICE, reading.device_id),
        format_time((first or reading).time_us),
        status,
        (first or reading).backfill,
    )
