"""The stores of webhook endpoints and messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.devices.store import HasDevices
from penstock.core.tenancy.store import HasProjects
from penstock.core.vault.store import HasSecrets
from penstock.core.webhooks.models import Attempt, Endpoint, Gathered, Health, Message, MessageFilter
from penstock.kit.ids import ProjectId, WebhookId, WebhookMessageId
from penstock.kit.ordering import After


class EndpointStore(Protocol):
    """Endpoints of the transaction's organisation."""

    async def create(self, endpoint: Endpoint) -> None:
        """Add an endpoint."""

    async def find(self, endpoint_id: WebhookId) -> Endpoint | None:
        """The endpoint with this id."""

    async def list(self, project_id: ProjectId | None, limit: int, after: After) -> Sequence[Endpoint]:
        """Endpoints after a place or an id, by default newest first: all or those of a project."""

    async def count(self, project_id: ProjectId | None, form: str) -> tuple[int, int]:
        """The number of endpoints in total, and of those of a project and format."""

    async def update(self, endpoint: Endpoint) -> None:
        """Update the fields that users set."""

    async def set_health(self, endpoint_id: WebhookId, health: Health) -> None:
        """Update the results of deliveries."""

    async def delete(self, endpoint_id: WebhookId) -> None:
        """Delete an endpoint with its messages."""


class MessageStore(Protocol):
    """Messages, attempts and gathered readings of the transaction's organisation."""

    async def add(self, messages: Sequence[Message]) -> None:
        """Queue messages; a message is skipped if its endpoint already has one for the same event."""

    async def end_pending(self, endpoint_id: WebhookId, now_us: int) -> None:
        """Expire the messages of an endpoint that still wait, because it is deleted."""

    async def gather(self, readings: Sequence[Gathered]) -> None:
        """Store readings for batches, each once."""

    async def gathered(self, endpoint_id: WebhookId, limit: int) -> Sequence[tuple[int, Gathered]]:
        """Readings that wait for a batch with their positions, in order."""

    async def drop_gathered(self, endpoint_id: WebhookId, up_to: int) -> None:
        """Delete gathered readings up to a position."""

    async def due(self, endpoint_id: WebhookId, now_us: int, limit: int, *, in_order: bool) -> Sequence[Message]:
        """Messages that are due, longest due first; `in_order` returns only the oldest of each device."""

    async def next_due(self, endpoint_id: WebhookId) -> int | None:
        """When the next message is due; None if none waits."""

    async def settle(self, settled: Sequence[tuple[Message, Attempt]]) -> None:
        """Store the results of attempts: the messages and the attempts."""

    async def find(self, message_id: WebhookMessageId) -> Message | None:
        """The message with this id."""

    async def list(self, filters: MessageFilter, limit: int, before_id: int) -> Sequence[Message]:
        """Messages newest first."""

    async def topics(self, filters: MessageFilter) -> Sequence[str]:
        """The topics of messages with a payload, each once."""

    async def attempts(self, message_id: WebhookMessageId, limit: int, before_id: int) -> Sequence[Attempt]:
        """Attempts of a message newest first."""

    async def replay(self, message_id: WebhookMessageId, now_us: int) -> bool:
        """Make a message due again; False if its payload has been deleted."""

    async def replay_all(self, endpoint_id: WebhookId, filters: MessageFilter, now_us: int) -> int:
        """Make messages of an endpoint due again, except those whose payload has been deleted. Returns their number."""

    async def count_delivered(self, hour_us: int, project_id: ProjectId, count: int) -> None:
        """Add to the hourly usage of a project; 0 stands for messages without a project."""

    async def drop_bodies(self, before_us: int, now_us: int, limit: int) -> int:
        """Delete payloads of messages queued before a time. Returns their number."""

    async def drop_before(self, before_us: int, limit: int) -> int:
        """Delete messages queued before a time, with their attempts. Returns their number."""


class SystemEndpointStore(Protocol):
    """Endpoints of all organisations."""

    async def list(self) -> Sequence[Endpoint]:
        """All endpoints."""


class HasWebhooks(Protocol):
    """A transaction with webhook endpoints."""

    @property
    def webhooks(self) -> EndpointStore:
        """Webhook endpoints."""


class HasWebhookMessages(Protocol):
    """A transaction with messages to webhook endpoints."""

    @property
    def webhook_messages(self) -> MessageStore:
        """Messages to webhook endpoints, and their attempts."""


class HasSystemWebhooks(Protocol):
    """A transaction across organisations with webhook endpoints."""

    @property
    def webhooks(self) -> SystemEndpointStore:
        """Webhook endpoints, for workers."""


class WebhookTransaction(HasWebhooks, HasWebhookMessages, HasDevices, HasProjects, HasAudit, HasSecrets, Protocol):
    """The transaction of use cases on webhooks."""
