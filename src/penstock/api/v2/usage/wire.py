"""Usage over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Limit

Time = Annotated[str, Meta(max_length=40)]


class UsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose usage, over which time, in buckets of which length (UTC)."""

    by: Literal["organization", "project", "customer", "key", "device"] = "organization"
    bucket: Literal["hour", "day"] = "day"
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class KeyUsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Over which time; the last 24 hours when it is left out."""

    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class RefusalQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Over which time (the last 24 hours when it is left out), by which limit, and of whom: the id of a key, say."""

    limit_name: Annotated[str, Meta(max_length=64)] | None = None
    scope: Literal["account", "key", "group", "device"] | None = None
    subject: Annotated[str, Meta(max_length=64)] | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Usage(Struct, frozen=True):
    """Usage in one bucket. `id` is null for the organisation, and for what nobody has any more; people count together.

    `calls` are those of APIs, `bytes` those of payloads stored, and by key those of the bodies sent. `refused` are calls that
    a limit refused; they are not among `calls`. `webhooks` are messages delivered, of the organisation or a project. `sms` are
    those sent for alerts and rules.
    """

    start: str
    id: str | None
    calls: int
    readings: int
    data_points: int
    bytes: int
    refused: int
    webhooks: int
    sms: int


class LimitState(Struct, frozen=True):
    """A limit and what is left of it. `reset_s` is how long until all of it is there again."""

    limit: str
    scope: str
    count: int
    window: str
    remaining: int
    reset_s: int


class Limits(Struct, frozen=True):
    """The plan and what the caller's limits leave. `readings` is null where the plan does not limit them.

    `plan_until` is when the plan ends, and null for one that does not. After a change to a plan that keeps less,
    `retention_days` are those of the plan before until the grace is over.
    """

    plan: str
    plan_until: str | None
    trial: bool
    device_limit: int | None
    key_limit: int | None
    retention_days: int | None
    monthly_readings: int | None
    calls: list[LimitState]
    readings: LimitState | None


class Refused(Struct, frozen=True):
    """How often a limit refused somebody in an hour. `subject` is the id of a key, person or device, or the organisation's."""

    hour: str
    limit: str
    scope: str
    subject: str
    count: int
