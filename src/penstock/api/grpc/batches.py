"""Batches of readings: from messages to rows, and to the door through which all readings of the API come."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from penstock.api.grpc.converting import object_of
from penstock.core.actor import Actor
from penstock.core.telemetry.errors import BatchTooLarge
from penstock.kit.clock import MAX_US, MIN_US, SECOND_US
from penstock.kit.errors import FieldError, InvalidInput, PenstockError
from penstock.kit.http import Headers, Scope

MAX_READINGS = 10_000
_encode = msgspec.json.Encoder().encode


class Row(msgspec.Struct, frozen=True, gc=False):
    """A reading of a batch, whose device is not yet known. `data` is a JSON object, `time_us` the event time; None is now."""

    data: bytes
    time_us: int | None
    device_id: str | None
    device: str | None
    kind: str | None
    channel: str | None
    dedupe_key: str | None


class Fault(msgspec.Struct, frozen=True):
    """A reading that is no row, and why."""

    error: FieldError


class Refused(msgspec.Struct, frozen=True):
    """One reason why a row was not stored. `row` counts from 0."""

    row: int
    code: str
    detail: str
    field: str


class Stored(msgspec.Struct, frozen=True):
    """What became of a batch. `seqs` has the place of each row in the log, None if it was rejected.

    `retry_after_s`: after this many seconds those rows can be sent again that were rejected because there were too many.
    """

    accepted: int
    duplicates: int
    quarantined: int
    rejected: int
    seqs: Sequence[int | None]
    errors: Sequence[Refused]


class Door(Protocol):
    """Where readings come in, whichever protocol carries them."""

    async def admit(self, scope: Scope, limited: Headers) -> Actor:
        """The caller, who can send readings.

        Raises:
            CredentialMissing, CredentialInvalid, LimitExceeded, OrganizationRequired, OrganizationMismatch, ScopeMissing.
        """

    async def wait_for_room(self) -> None:
        """Return at once while the log keeps up.

        Raises:
            LogFull.
        """

    def hold(self, size: int) -> None:
        """Reserve memory for a batch of this many bytes.

        Raises:
            TooManyBodies.
        """

    def release(self, size: int) -> None:
        """Free it again."""

    async def store(self, rows: Sequence[Row | Fault], actor: Actor, key: str | None, limited: Headers, scope: Scope) -> Stored:
        """Store a batch. When this returns, it is on disk. `key` is the sender's name for the batch.

        Raises:
            PenstockError: nothing was stored.
        """


def rows_of(request: Any) -> list[Row | Fault]:
    """The rows of a message with `readings` and `columns`.

    Raises:
        BatchTooLarge, InvalidInput: of the batch as a whole.
    """
    count = len(request.readings) + sum(len(one.times_us) for one in request.columns)
    if count > MAX_READINGS:
        raise BatchTooLarge(limit=MAX_READINGS)
    if not count:
        raise InvalidInput.field("readings", "must contain at least one reading")
    rows: list[Row | Fault] = []
    for reading in request.readings:
        try:
            rows.append(_row(reading))
        except InvalidInput as error:
            rows.append(Fault(error.errors[0]))
    for at, columns in enumerate(request.columns):
        rows += _of_columns(columns, at)
    return rows


def _row(reading: Any) -> Row:
    time_us = None
    if reading.HasField("time"):
        time = reading.time
        time_us = time.seconds * SECOND_US + time.nanos // 1000
        _check_time(time_us, "time")
    numbers = reading.numbers
    if not numbers:
        if not reading.data.fields:
            raise InvalidInput.field("data", "is required and must have at least one value; set data or numbers")
        data = _encode(object_of(reading.data, "data"))
    elif reading.HasField("data"):
        raise InvalidInput.field("numbers", "must not be set together with data")
    else:
        data = _json_of(dict(numbers), "numbers")
    return Row(
        data,
        time_us,
        reading.device_id or None,
        reading.device or None,
        reading.kind or None,
        reading.channel or None,
        reading.dedupe_key or None,
    )


def _json_of(numbers: dict[str, float], field: str) -> bytes:
    """Numbers as a JSON object: whole ones without a fraction, as in what a device sends."""
    data = _encode({name: int(one) if one.is_integer() else one for name, one in numbers.items()})
    if b"null" in data and not all(map(math.isfinite, numbers.values())):
        raise InvalidInput.field(field, "must not contain a number that is not finite")
    return data


def _check_time(time_us: int, field: str) -> None:
    if not MIN_US <= time_us < MAX_US:
        raise InvalidInput.field(field, "must be between 1970 and 2099")


def _of_columns(columns: Any, at: int) -> Iterator[Row | Fault]:
    names = [one.name for one in columns.values]
    times = list(columns.times_us)
    field = f"columns[{at}]"
    if not times:
        raise InvalidInput.field(f"{field}.times_us", "must not be empty")
    if not names:
        raise InvalidInput.field(f"{field}.values", "must not be empty")
    if len(set(names)) < len(names):
        raise InvalidInput.field(f"{field}.values", "must not have a name twice")
    for one in columns.values:
        if len(one.numbers) != len(times):
            raise InvalidInput.field(
                f"{field}.values", f"must have one number for each of the {len(times)} times; {one.name[:64]!r} has not"
            )
    shared = (columns.device_id or None, columns.device or None, columns.kind or None, columns.channel or None)
    for time_us, values in zip(times, zip(*(one.numbers for one in columns.values), strict=True), strict=True):
        numbers = {name: int(one) if one.is_integer() else one for name, one in zip(names, values, strict=True)}
        data = _encode(numbers)
        if b"null" in data:
            numbers = {name: one for name, one in numbers.items() if one == one}  # noqa: PLR0124  # NaN is not there
            if not numbers or not all(map(math.isfinite, numbers.values())):
                yield Fault(FieldError("values", "must have at least one number, all of them finite"))
                continue
            data = _encode(numbers)
        if not MIN_US <= time_us < MAX_US:
            yield Fault(FieldError("times_us", "must be between 1970 and 2099"))
            continue
        yield Row(data, time_us, *shared, None)


def fails_alone(error: PenstockError) -> bool:
    """Whether an error is of one batch, so that a stream of them goes on."""
    return error.kind.value not in ("unauthenticated", "forbidden")
