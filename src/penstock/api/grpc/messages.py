"""Messages of the calls that the HTTP API does not have as operations: sending and following readings."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from penstock.api.v2.telemetry.wire import Reading
from penstock.kit.ids import Seq
from penstock.kit.wire_types import Moment


class SentReading(Struct, frozen=True):
    """A reading to store.

    `data` has its values, nested as needed; values that are all numbers can be in `numbers` instead, which is less to send and to
    read. `time` is when it was measured; now, if it is not set. `device_id` names the device by id, or `device` by any of its
    identifiers. `dedupe_key` is the sender's own key for the reading: a repeated one is stored once.
    """

    data: Raw | None = None
    time: Moment | None = None
    device_id: str | None = None
    device: str | None = None
    kind: str | None = None
    channel: str | None = None
    dedupe_key: str | None = None
    numbers: dict[str, float] = {}


class Column(Struct, frozen=True):
    """The values of one name, one for each reading. A reading for which it is NaN does not have the value."""

    name: str
    numbers: list[float]


class Columns(Struct, frozen=True):
    """Many readings of one device, by column: the fastest form to send.

    `times_us` has the time of each reading in microseconds since 1970 (UTC). Its readings count as rows after those in
    `readings`.
    """

    times_us: list[int]
    values: list[Column]
    device_id: str | None = None
    device: str | None = None
    kind: str | None = None
    channel: str | None = None


class RejectedRow(Struct, frozen=True):
    """One reason why a reading was not stored; it can have several. `row` is its place in the batch, from 0 on."""

    row: int
    code: str
    detail: str
    field: str


class Outcome(Struct, frozen=True):
    """The outcome of a batch. `seqs` has the place in the log of each reading, 0 if it was rejected. It is on disk."""

    accepted: int
    duplicates: int
    quarantined: int
    rejected: int
    seqs: list[Seq]
    errors: list[RejectedRow]


class BatchFailure(Struct, frozen=True):
    """Why nothing of a batch was stored, and after how many seconds it can be sent again; 0 if that would not help."""

    code: str
    detail: str
    retry_after_s: int


class SendReadingsRequest(Struct, frozen=True):
    """A batch of up to 10,000 readings of any devices."""

    readings: list[SentReading] = []
    columns: list[Columns] = []


class SendReadingsResponse(Struct, frozen=True):
    """The outcome of a batch."""

    outcome: Outcome


class StreamReadingsRequest(Struct, frozen=True):
    """A batch of up to 10,000 readings of any devices.

    `batch_id` is a name that the response repeats. With it, a batch that is sent again, such as after a lost connection, is
    stored once.
    """

    batch_id: Annotated[str, Meta(max_length=255)]
    readings: list[SentReading] = []
    columns: list[Columns] = []


class StreamReadingsResponse(Struct, frozen=True):
    """The outcome of a batch, or why none of it was stored: the stream continues in both cases.

    An outcome is sent after the commit.
    """

    batch_id: str
    outcome: Outcome | None = None
    failure: BatchFailure | None = None


class UploadReadingsResponse(Struct, frozen=True):
    """The outcome of all batches of a stream together. What was stored is on disk, also if the call fails later."""

    batches: int
    accepted: int
    duplicates: int
    quarantined: int
    rejected: int


class ReadHistoryRequest(Struct, frozen=True):
    """A range of readings: `from_time` to `to_time`, or `range` is a length such as `24h` that ends now or at `to_time`.

    `fields` are values separated by commas, by default all. `limit` is the number of readings after which the stream ends.
    """

    device_id: str
    from_: Moment | None = msgspec.field(name="from", default=None)
    to: Moment | None = None
    range: str | None = None
    fields: str | None = None
    order: Literal["asc", "desc"] = "asc"
    limit: Annotated[int, Meta(ge=1)] | None = None


class ReadHistoryResponse(Struct, frozen=True):
    """The next readings of the range."""

    readings: list[Reading]


class Ready(Struct, frozen=True, tag="ready"):
    """The stream has begun: readings after the cursor follow."""


class Heartbeat(Struct, frozen=True, tag="heartbeat"):
    """Nothing has happened for a while, and the stream continues."""


class LiveReading(Struct, frozen=True, tag="reading"):
    """A reading as it was stored. `data` is its payload, or the values that were asked for."""

    id: str
    seq: Seq
    kind: str
    device_id: str
    project_id: str
    time: str
    received_at: str
    channel: str | None
    backfill: bool
    data: Raw


class Gap(Struct, frozen=True, tag="gap"):
    """Readings between two cursors are missing: they are no longer kept, or the cursor is not of this server."""

    reason: Literal["no_longer_kept", "unknown_cursor"]
    requested_after: Seq
    resumes_after: Seq


class Notice(Struct, frozen=True, tag="notice"):
    """An event other than a reading, as webhooks receive it.

    It concerns a command, a connection, a network server, an alert or a message.
    """

    name: Literal["command", "connectivity", "event", "alert", "sms"]
    data: Raw


class FollowRequest(Struct, frozen=True):
    """What to follow; an empty field matches everything. With `keys`, only readings with one of them, and only these values.

    The events of `commands`, `connectivity`, `events`, `alerts` and `sms` are sent on request, and never again. `cursor` is that
    of the last event that was received: readings that came later are sent again, or reported as a gap.
    """

    devices: Annotated[list[str], Meta(max_length=500)] = []
    project: str | None = None
    kinds: Annotated[list[str], Meta(max_length=100)] = []
    keys: Annotated[list[str], Meta(max_length=100)] = []
    commands: bool = False
    connectivity: bool = False
    events: bool = False
    alerts: bool = False
    sms: bool = False
    cursor: Seq | None = None


class FollowResponse(Struct, frozen=True):
    """An event, and the cursor after it."""

    cursor: Seq
    event: Ready | LiveReading | Notice | Gap | Heartbeat
