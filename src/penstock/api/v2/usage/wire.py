"""Usage over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Limit
from penstock.core.limits.models import LimitScope, Window
from penstock.kit.wire_types import one_of

Time = Annotated[str, Meta(max_length=40)]


class UsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The scope, the range and the length of the buckets (UTC)."""

    by: Literal["organization", "project", "customer", "key", "device"] = "organization"
    bucket: Literal["hour", "day"] = "day"
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class KeyUsageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range; by default the last 24 hours."""

    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class RefusalQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The range (by default the last 24 hours), the limit, and the subject, such as the id of a key."""

    limit_name: Annotated[str, Meta(max_length=64)] | None = None
    scope: Literal["account", "key", "group", "device"] | None = None
    subject: Annotated[str, Meta(max_length=64)] | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    range: Annotated[str, Meta(max_length=20)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Usage(Struct, frozen=True):
    """The usage in one bucket. `id` is null for the organisation, and for usage of deleted keys; users are counted together.

    `calls` are calls of the APIs; `bytes` are the bytes of stored payloads, and for a key those of request bodies. `refused` are
    calls that a limit rejected; they are not part of `calls`. `webhooks` are delivered messages, of the organisation or a
    project. `sms` are those sent for alerts and rules.
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
    """A limit and its remaining amount. `reset_s` is the time until all of it is available again."""

    limit: str
    scope: Annotated[str, one_of(*LimitScope)]
    count: int
    window: Annotated[str, one_of(*Window)]
    remaining: int
    reset_s: int


class Limits(Struct, frozen=True):
    """The plan and the caller's remaining limits. `readings` is null if the plan does not limit them.

    `plan_until` is when the plan ends; null if it has no end. After a change to a plan with shorter retention, `retention_days`
    is that of the previous plan until the grace period ends.
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
    """How many calls of a subject a limit rejected in an hour. `subject` is the id of a key, user, device or organisation."""

    hour: str
    limit: str
    scope: Annotated[str, one_of(*LimitScope)]
    subject: str
    count: int
