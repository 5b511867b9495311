"""Webhooks over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.evaluation_errors import EvaluationErrors
from penstock.api.v2.wire import Cursor, Id, Labels, Limit, NewestFirst, Word
from penstock.core.webhooks.models import MessageStatus
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
TopicName = Annotated[str, Meta(min_length=1, max_length=100)]
Topics = Annotated[list[TopicName], Meta(min_length=1, max_length=64)]
Title = Annotated[str, Meta(max_length=200)]
FormatName = Annotated[str, Meta(extra={"choice": "webhook_format"})]
"""A format that is installed: the core rejects others, and bootstrap tells the OpenAPI document which those are."""
StatusName = Literal["pending", "delivered", "failed", "expired"]
HeaderMap = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=64)], Annotated[str, Meta(max_length=1024)]], Meta(max_length=16)
]
SecretText = Annotated[str, Meta(min_length=1, max_length=256)]
Time = Annotated[str, Meta(max_length=64)]


class WebhookFilters(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for the events of an endpoint's topics. An omitted filter matches everything.

    `actions` apply to `audit.event` and can end in `*`; `channel` and `origin` apply to readings. `condition` is CEL over
    `event` (`type`, `data`) and `device` (`id`, `name`, `type`, `labels`, `project_id`).
    """

    device_ids: Annotated[list[Id], Meta(max_length=1000)] = []
    labels: Labels = {}
    actions: Annotated[list[Word], Meta(max_length=64)] = []
    channel: Annotated[str, Meta(max_length=200)] | None = None
    origin: Literal["agent", "user"] | None = None
    condition: Annotated[str, Meta(min_length=1, max_length=4096)] | None = None


class WebhookBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Readings are sent in batches: at this number of readings, or this time after the first."""

    readings: Annotated[int, Meta(ge=2, le=500)]
    wait_s: Annotated[int, Meta(ge=1, le=3600)] = 5


@hides("headers", "secret")
class WebhookCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint to create. Without `secret` one is generated; with `project_id` it receives only the events of that project.

    `ordered` sends the messages of each device one at a time, in order. `payload_only` applies to formats that have it.
    """

    url: Url
    topics: Topics
    name: Title = ""
    format: FormatName = "standard"
    project_id: Id | None = None
    filters: WebhookFilters = WebhookFilters()
    headers: HeaderMap = {}
    ordered: bool = False
    payload_only: bool = False
    batch: WebhookBatch | None = None
    secret: SecretText | None = None
    enabled: bool = True


@hides("headers")
class WebhookPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of an endpoint: omitted fields are unchanged, null clears a field. Headers and filters are replaced as a whole."""

    url: Url | UnsetType = UNSET
    topics: Topics | UnsetType = UNSET
    name: Title | UnsetType = UNSET
    project_id: Id | UnsetType | None = UNSET
    filters: WebhookFilters | UnsetType | None = UNSET
    headers: HeaderMap | UnsetType | None = UNSET
    ordered: bool | UnsetType = UNSET
    payload_only: bool | UnsetType = UNSET
    batch: WebhookBatch | UnsetType | None = UNSET


class Webhook(Struct, frozen=True):
    """An endpoint. Only the names of its headers are returned, because their values can be credentials.

    `disabled_reason` is by_hand, gone (it responded with 410) or failing. `failing_since` is the first failure since the last
    success, and `failures` counts those since then. Nothing is sent before `paused_until`; null if it is not paused. Then one
    message is tried. `secret_references` are the names of the secrets that `secret` and headers refer to, by field.
    """

    id: str
    organization_id: str
    project_id: str | None
    name: str
    url: str
    format: str
    topics: list[str]
    filters: WebhookFilters
    headers: list[str]
    secret_references: dict[str, str]
    ordered: bool
    payload_only: bool
    batch: WebhookBatch | None
    enabled: bool
    disabled_reason: str | None
    failing_since: str | None
    failures: int
    paused_until: str | None
    previous_secret_until: str | None
    evaluation_errors: EvaluationErrors
    created_at: str
    updated_at: str


@hides("secret")
class CreatedWebhook(Struct, frozen=True):
    """An endpoint and its secret. Copy the secret now: it is not shown again. Null if its messages are not signed."""

    webhook: Webhook
    secret: str | None


@hides("secret")
class WebhookRotate(Struct, frozen=True, forbid_unknown_fields=True):
    """A new secret. Without `secret` one is generated; without `overlap_s` the old one also signs for one day."""

    secret: SecretText | None = None
    overlap_s: Annotated[int, Meta(ge=0, le=604_800)] | None = None


class WebhookQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for endpoints. `q` is searched for in name and URL."""

    project_id: Id | None = None


class WebhookTopic(Struct, frozen=True):
    """A topic. `sent` is false if the topic is accepted but this version sends no events of it."""

    name: str
    description: str
    scope: str
    sent: bool


class WebhookMessage(Struct, frozen=True):
    """An event for an endpoint. `id` is the message's id for receivers; it is the same in every attempt.

    `failed` is a dead letter: all attempts failed. `expired`: its payload has been deleted. `payload` is null then, and in lists.
    """

    id: str
    webhook_id: str
    topic: str
    status: Annotated[str, one_of(*MessageStatus)]
    attempts: int
    last_status: int | None
    created_at: str
    next_attempt_at: str | None
    settled_at: str | None
    payload: str | None


class WebhookMessageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for messages. A topic can be `alert.*`; times are those of queueing."""

    webhook_id: Id | None = None
    topic: TopicName | None = None
    status: StatusName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class WebhookAttempt(Struct, frozen=True):
    """One attempt to deliver a message. `status` is null if no response was received, and `error` states why."""

    id: str
    at: str
    latency_ms: float
    status: int | None
    error: str | None
    response: str


class WebhookReplay(Struct, frozen=True, forbid_unknown_fields=True):
    """The messages of an endpoint to replay: by default the failed ones; `any` selects all."""

    status: Literal["pending", "delivered", "failed", "any"] = "failed"
    topic: TopicName | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None


class WebhookReplayed(Struct, frozen=True):
    """The number of messages that are due again."""

    messages: int
