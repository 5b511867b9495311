"""Use cases on messages: list them and their attempts, and send them again."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.webhooks.bodies import Bodies, check_topics
from penstock.core.webhooks.errors import EndpointDisabled, MessageNotFound, PayloadGone
from penstock.core.webhooks.formats import Subject, WebhookFormats
from penstock.core.webhooks.models import Attempt, Endpoint, Event, Message, MessageFilter
from penstock.core.webhooks.service import Wake, get_endpoint
from penstock.core.webhooks.store import WebhookTransaction
from penstock.core.webhooks.topics import TEST
from penstock.kit.clock import Clock, format_time
from penstock.kit.ids import MAX_ID, IdSource, Prefix, ProjectId, WebhookId, WebhookMessageId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class MessageService:
    """Messages to an organisation's endpoints."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[WebhookTransaction],
        formats: WebhookFormats,
        bodies: Bodies,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        wake: Wake,
    ) -> None:
        self._database = database
        self._formats = formats
        self._bodies = bodies
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._wake = wake

    async def test(self, actor: Actor, endpoint_id: WebhookId) -> Message:
        """Queue a message of the topic `webhook.test` for an endpoint.

        Raises:
            EndpointNotFound, EndpointDisabled.
            ScopeMissing: the caller does not have the scope of a topic of the endpoint.
            InvalidInput: the dialect of the endpoint's format was removed.
        """
        now_us, message_id = self._clock.now_us(), self._ids.next(WebhookMessageId)
        async with self._database.transaction(actor.org_id) as tx:
            endpoint = await get_endpoint(tx, endpoint_id)
            check_topics(actor, endpoint.topics)
            _check_enabled(endpoint)
            data = msgspec.json.encode({"endpoint_id": encode(Prefix.WEBHOOK, endpoint_id), "at": format_time(now_us)})
            event = Event(key=f"test:{message_id}", org_id=actor.org_id, topic=TEST, at_us=now_us, data=data)
            message = Message(
                id=message_id,
                org_id=actor.org_id,
                endpoint_id=endpoint_id,
                event_key=event.key,
                topic=TEST,
                device_id=None,
                project_id=endpoint.project_id or ProjectId(0),
                created_us=now_us,
                due_us=now_us,
                body=self._formats.get(endpoint.format).body(event, Subject(endpoint=endpoint, message_id=message_id)),
            )
            await tx.webhook_messages.add([message])
        self._wake(endpoint_id)
        return message

    async def get(self, actor: Actor, message_id: WebhookMessageId) -> Message:
        """One message with its payload.

        Raises:
            MessageNotFound: the caller's organisation has no message with this id.
            ScopeMissing: the caller does not have the scope of its topic.
            GrantedTopics, SecretShredded.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await _get(tx, actor, message_id)
        return await self._bodies.open(found)

    async def list(self, actor: Actor, filters: MessageFilter, limit: int, cursor: str | None) -> Page[Message]:
        """A page of messages, newest first."""
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.webhook_messages.list(filters, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))

    async def attempts(self, actor: Actor, message_id: WebhookMessageId, limit: int, cursor: str | None) -> Page[Attempt]:
        """A page of a message's attempts, newest first.

        Raises:
            MessageNotFound, ScopeMissing.
        """
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await _get(tx, actor, message_id)
            found = await tx.webhook_messages.attempts(message_id, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))

    async def replay(self, actor: Actor, message_id: WebhookMessageId) -> Message:
        """Send a message again. Keeps the id and restarts the schedule.

        Raises:
            MessageNotFound, ScopeMissing, EndpointDisabled, PayloadGone.
        """
        async with self._database.transaction(actor.org_id) as tx:
            message = await _get(tx, actor, message_id)
            _check_enabled(await get_endpoint(tx, message.endpoint_id))
            if not await tx.webhook_messages.replay(message_id, self._clock.now_us()):
                raise PayloadGone(message_id=encode(Prefix.WEBHOOK_MESSAGE, message_id))
            found = await tx.webhook_messages.find(message_id)
            assert found is not None
            target = Target("webhook_message", encode(Prefix.WEBHOOK_MESSAGE, message_id), message.topic)
            await self._trail.record(tx, actor, "webhook.replay", target)
        self._wake(message.endpoint_id)
        return found

    async def replay_all(self, actor: Actor, endpoint_id: WebhookId, filters: MessageFilter) -> int:
        """Send messages of an endpoint again, except those whose payload has been deleted. Returns their number.

        Raises:
            EndpointNotFound, EndpointDisabled.
            ScopeMissing: the caller does not have the scope of a topic of the endpoint, or of one of the messages.
        """
        async with self._database.transaction(actor.org_id) as tx:
            endpoint = await get_endpoint(tx, endpoint_id)
            # Messages can be older than the endpoint's present topics.
            replayed = await tx.webhook_messages.topics(msgspec.structs.replace(filters, endpoint_id=endpoint_id))
            check_topics(actor, {*endpoint.topics, *replayed} - {TEST})
            _check_enabled(endpoint)
            count = await tx.webhook_messages.replay_all(endpoint_id, filters, self._clock.now_us())
            target = Target("webhook", encode(Prefix.WEBHOOK, endpoint_id), endpoint.name or endpoint.url)
            await self._trail.record(tx, actor, "webhook.replay", target, messages=count)
        self._wake(endpoint_id)
        return count


async def _get(tx: WebhookTransaction, actor: Actor, message_id: WebhookMessageId) -> Message:
    """A message that the caller can read: it has the scope of the topic."""
    message = await tx.webhook_messages.find(message_id)
    if message is None:
        raise MessageNotFound(message_id=encode(Prefix.WEBHOOK_MESSAGE, message_id))
    check_topics(actor, () if message.topic == TEST else (message.topic,))
    return message


def _check_enabled(endpoint: Endpoint) -> None:
    if not endpoint.enabled:
        raise EndpointDisabled(endpoint_id=encode(Prefix.WEBHOOK, endpoint.id))
