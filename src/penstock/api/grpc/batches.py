"""Batches of readings: from messages to rows, and to the door through which all readings of the API come."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from penstock.api.grpc.converting import object_of
from penstock.core.actor import Actor
from penstock.core.telemetry.errors import BatchTooLarge
from penstock.kit.clock import MAX_US, MIN_US, SECOND_US
from penstock.kit.errors import FieldError, InvalidInput, Kind, PenstockError
from penstock.kit.http import Headers, Scope
from penstock.kit.ids import Seq

MAX_READINGS = 10_000
_encode = msgspec.json.Encoder().encode


class Stored(Protocol):
    """The outcome of a batch."""

    @property
    def accepted(self) -> int:
        """Rows that were stored, or had been before."""

    @property
    def duplicates(self) -> int:
        """Those of them that had been stored before."""

    @property
    def quarantined(self) -> int:
        """Those of them that are in quarantine."""

    @property
    def rejected(self) -> int:
        """Rows that were not stored."""

    @property
    def seqs(self) -> Sequence[Seq | None]:
        """The place of each row in the log, None if it was rejected."""

    @property
    def errors(self) -> Sequence[msgspec.Struct]:
        """The reasons, with the fields of `messages.RejectedRow`."""


class Door(Protocol):
    """Where readings come in, whichever protocol carries them."""

    async def admit(self, scope: Scope, limited: Headers) -> Actor:
        """The caller, who can send readings.

        Raises:
            CredentialMissing, CredentialInvalid, LimitExceeded, OrganizationRequired, OrganizationMismatch, ScopeMissing.
        """

    def row(
        self,
        data: bytes,
        time_us: int | None,
        device_id: str | None,
        device: str | None,
        kind: str | None,
        channel: str | None,
        dedupe_key: str | None,
    ) -> Any:
        """A row to store. `data` is a JSON object, `time_us` the event time in microseconds; None is now."""

    def fault(self, error: FieldError) -> Any:
        """A row that cannot be read as a reading, and why."""

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

    async def store(
        self,
        rows: Sequence[Any],
        actor: Actor,
        key: str | None,
        limited: Headers,
        scope: Scope,
        queued: Callable[[], None] | None = None,
    ) -> Stored:
        """Store a batch. When this returns, it is on disk. `key` is the sender's name for the batch.

        `queued` is called when batches that are stored from then on follow behind this one in the log.

        Raises:
            PenstockError: nothing was stored.
        """


def rows_of(request: Any, door: Door) -> list[Any]:
    """The rows of a message with `readings` and `columns`, as the door makes them.

    Raises:
        BatchTooLarge, InvalidInput: of the batch as a whole.
    """
    count = len(request.readings) + sum(len(one.times_us) for one in request.columns)
    if count > MAX_READINGS:
        raise BatchTooLarge(limit=MAX_READINGS)
    if not count:
        raise InvalidInput.field("readings", "must contain at least one reading")
    rows: list[Any] = []
    for reading in request.readings:
        try:
            rows.append(_row(reading, door.row))
        except InvalidInput as error:
            rows.append(door.fault(error.errors[0]))
    for at, columns in enumerate(request.columns):
        rows += _of_columns(columns, at, door)
    return rows


def _row(reading: Any, make: Callable[..., Any]) -> Any:
    time_us = None
    if reading.HasField("time"):
        time = reading.time
        time_us = time.seconds * SECOND_US + time.nanos // 1000
        _check_time(time_us, "time")
        if not 0 <= time.nanos < 1_000_000_000:
            raise InvalidInput.field("time", "must have nanos from 0 to 999,999,999")
    numbers = reading.numbers
    if not numbers:
        if not reading.data.fields:
            raise InvalidInput.field("data", "is required and must have at least one value; set data or numbers")
        data = _encode(object_of(reading.data, "data"))
    elif reading.HasField("data"):
        raise InvalidInput.field("numbers", "must not be set together with data")
    else:
        data = _json_of(numbers)
    return make(
        data,
        time_us,
        reading.device_id or None,
        reading.device or None,
        reading.kind or None,
        reading.channel or None,
        reading.dedupe_key or None,
    )


def _json_of(numbers: Any) -> bytes:
    """Numbers as a JSON object: whole ones without a fraction, as in what a device sends."""
    # By key: `items` of such a map, or a dictionary of it, takes three times as long.
    data = _encode({name: int(one) if (one := numbers[name]).is_integer() else one for name in numbers})
    if b"null" in data and not all(math.isfinite(numbers[name]) for name in numbers):
        raise InvalidInput.field("numbers", "must not contain a number that is not finite")
    return data


def _check_time(time_us: int, field: str) -> None:
    if not MIN_US <= time_us < MAX_US:
        raise InvalidInput.field(field, "must be between 1970 and 2099")


def _of_columns(columns: Any, at: int, door: Door) -> Iterator[Any]:
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
                yield door.fault(FieldError("values", "must have at least one number, all of them finite"))
                continue
            data = _encode(numbers)
        if not MIN_US <= time_us < MAX_US:
            yield door.fault(FieldError("times_us", "must be between 1970 and 2099"))
            continue
        yield door.row(data, time_us, *shared, None)


def fails_alone(error: PenstockError) -> bool:
    """Whether an error concerns one batch, so that a stream of them continues."""
    return error.kind not in (Kind.UNAUTHENTICATED, Kind.FORBIDDEN)
