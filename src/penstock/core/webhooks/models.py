"""Endpoints, messages and attempts."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.telemetry.models import Reading
from penstock.core.vault.models import SecretPaths
from penstock.kit.ids import DeviceId, OrgId, ProjectId, RuleId, WebhookAttemptId, WebhookId, WebhookMessageId
from penstock.kit.secret import hides

Headers = tuple[tuple[str, str], ...]
STANDARD = "standard"
"""The name of Penstock's own format."""


class Origin(StrEnum):
    """What on a device sent a reading: its agent, or the user's own program."""

    AGENT = "agent"
    USER = "user"


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Filters on the events of an endpoint's topics; an empty filter matches everything.

    `actions` are those of the audit log and may end in `*`; `channel` and `origin` apply to readings; `condition` is CEL.
    """

    device_ids: tuple[DeviceId, ...] = ()
    labels: dict[str, str] = {}
    actions: tuple[str, ...] = ()
    channel: str | None = None
    origin: Origin | None = None
    condition: str | None = None


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How messages are built and sent. Readings are sent in batches if `batch_readings` is more than 1."""

    ordered: bool = False
    payload_only: bool = False
    batch_readings: int = 1
    batch_wait_us: int = 5_000_000


class OptionsPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to options; UNSET fields are unchanged."""

    ordered: bool | UnsetType = UNSET
    payload_only: bool | UnsetType = UNSET
    batch_readings: int | UnsetType = UNSET
    batch_wait_us: int | UnsetType = UNSET


@hides("secret", "previous", "headers")
class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What the vault has of an endpoint: its secrets, and its headers, which may contain credentials."""

    secret: str = ""
    previous: str | None = None
    headers: Headers = ()


class Health(msgspec.Struct, kw_only=True):
    """The results of deliveries to an endpoint. `failures` counts those since the last success.

    Nothing is sent before `open_until_us`. `failing_since_us` is the first failure since the last success.
    """

    failures: int = 0
    failing_since_us: int | None = None
    open_until_us: int = 0


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A URL and the events sent to it. `secret_paths` are the paths of its `Secrets`; of headers only the names are in the row.

    `format` is the name of a format (`formats.py`). With `project_id` it receives only events of that project. It receives only
    events from `since_us` on, when it was created or enabled. `previous_until_us` is how long a replaced secret still signs.
    """

    id: WebhookId
    org_id: OrgId
    project_id: ProjectId | None
    name: str
    url: str
    format: str
    topics: tuple[str, ...]
    filters: Filters
    options: Options
    header_names: tuple[str, ...]
    secret_paths: SecretPaths
    enabled: bool
    disabled_reason: str | None
    since_us: int
    previous_until_us: int | None
    created_us: int
    updated_us: int
    health: Health = msgspec.field(default_factory=Health)


@hides("secret", "headers")
class NewEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of an endpoint to create. Without a secret, one is generated."""

    url: str
    topics: tuple[str, ...]
    name: str = ""
    format: str = STANDARD
    project_id: ProjectId | None = None
    filters: Filters = Filters()
    options: Options = Options()
    headers: Headers = ()
    secret: str | None = None
    enabled: bool = True


@hides("headers")
class EndpointPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to an endpoint; UNSET fields are unchanged."""

    url: str | UnsetType = UNSET
    topics: tuple[str, ...] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    project_id: ProjectId | UnsetType | None = UNSET
    filters: Filters | UnsetType = UNSET
    options: OptionsPatch = OptionsPatch()
    headers: Headers | UnsetType = UNSET


@hides("secret")
class CreatedEndpoint(msgspec.Struct, frozen=True):
    """An endpoint and its secret, which is not shown again; empty if messages are not signed."""

    endpoint: Endpoint
    secret: str


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event. `key` is the same each time the event is read from its source, such as `reading:12`.

    `data` is JSON in the form of the native API, `chain` are the rules that led to it. `project_id` is that of its device, if
    the event states it: the device may have been deleted.
    """

    key: str
    org_id: OrgId
    topic: str
    at_us: int
    data: bytes
    device_id: DeviceId | None = None
    action: str | None = None
    reading: Reading | None = None
    chain: tuple[RuleId, ...] = ()
    project_id: ProjectId | None = None


class MessageStatus(StrEnum):
    """The state of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Every attempt failed: it is a dead letter until it is replayed."""
    EXPIRED = "expired"
    """Its payload was deleted before it was delivered."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """An event for an endpoint. `tries` are the attempts since it was queued or replayed; `attempts` counts all.

    `body` is None once the payload has been deleted; with a `data_key` it is encrypted (`bodies.py`). `chain` are the rules that
    led to the event, as text.
    """

    id: WebhookMessageId
    org_id: OrgId
    endpoint_id: WebhookId
    event_key: str
    topic: str
    device_id: DeviceId | None
    project_id: ProjectId
    created_us: int
    due_us: int
    body: bytes | None
    status: MessageStatus = MessageStatus.PENDING
    attempts: int = 0
    tries: int = 0
    last_status: int | None = None
    settled_us: int | None = None
    chain: str = ""
    key_version: int | None = None
    data_key: bytes | None = None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to deliver a message. `status` is None if there was no response; `error` then states why."""

    id: WebhookAttemptId
    message_id: WebhookMessageId
    endpoint_id: WebhookId
    at_us: int
    latency_us: int
    status: int | None
    error: str | None
    excerpt: str


class MessageFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The messages to list; None matches all. A topic may be `alert.*`.

    The range applies to the time of queueing and excludes `to_us`.
    """

    endpoint_id: WebhookId | None = None
    topic: str | None = None
    status: MessageStatus | None = None
    from_us: int | None = None
    to_us: int | None = None


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """A reading that waits to be sent in a batch. `body` is its JSON."""

    endpoint_id: WebhookId
    event_key: str
    body: bytes
    created_us: int
