"""Delivers messages: one lane for each endpoint with something to send, so that no endpoint waits for another.

A lane takes the due messages, sends them with limited parallelism, and records the outcomes. An endpoint whose last attempt
failed is tried with one message at a time, and after several failures not at all for a while. After a crash between sending and
recording, the message is sent again, with the same id.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import structlog

from penstock.core.database import Database, OpensOrganizations, repeated_after_commit
from penstock.core.outbound.errors import CallFailed, TargetRefused
from penstock.core.outbound.ports import OutgoingCall, OutgoingHttp
from penstock.core.outbox import HasOutbox
from penstock.core.people.mail import MailComposer
from penstock.core.people.models import Role
from penstock.core.people.store import HasMail, HasMembers
from penstock.core.telemetry.chains import CHAIN_HEADER, chain_from
from penstock.core.vault.errors import KeysMissing, SecretDamaged, SecretShredded, SecretsUnreadable
from penstock.core.vault.fields import SecretFields
from penstock.core.webhooks.bodies import SEALED, Bodies
from penstock.core.webhooks.config import WebhooksConfig
from penstock.core.webhooks.events import EndpointDisabledEvent
from penstock.core.webhooks.formats import WebhookFormats
from penstock.core.webhooks.models import Attempt, Endpoint, Health, Message, MessageStatus, Secrets
from penstock.core.webhooks.registry import EndpointRegistry, Entry
from penstock.core.webhooks.schedule import Outcome, ends, is_open, noted, settled
from penstock.core.webhooks.secrets import PREVIOUS, SECRET, owner_of, paths_at, secrets_of
from penstock.core.webhooks.signing import check_headers, headers_of
from penstock.core.webhooks.store import WebhookTransaction
from penstock.core.webhooks.topics import ENDPOINT_DISABLED
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, Clock
from penstock.kit.errors import InvalidInput, Unavailable
from penstock.kit.ids import IdSource, OrgId, Prefix, RuleId, WebhookAttemptId, WebhookId, encode
from penstock.kit.retry_after import retry_after_us
from penstock.kit.secret import mask_values
from penstock.workers.loop import run_loop, until_done
from penstock.workers.supervisor import keep

AT_ONCE = 128
"""Messages that a lane takes from the queue at a time."""
EXCERPT_CHARACTERS = 500
_SECRET_WORD = 8
"""Length from which a word of a header's value can be a secret, not `Bearer`."""
MAX_SLEEP_S = 60.0
"""A lane reads the queue again after this time at the latest, in case the machine's clock was set."""
LETTER_LASTS_US = 7 * DAY_US
OWNERS_MAILED = 20
_log = structlog.get_logger()


class DeliveryTransaction(WebhookTransaction, HasMembers, HasMail, HasOutbox, Protocol):
    """The stores to which deliveries are written, and the members to notify of a disabled endpoint."""


class _Done(msgspec.Struct):
    """A completed attempt, and the new states of message and endpoint."""

    endpoint: Endpoint
    message: Message
    attempt: Attempt
    health: Health | None
    end: str | None


class WebhookDelivery:
    """The worker. `wake` notifies it that an endpoint may have something to send."""

    def __init__(
        self,
        *,
        database: Database[DeliveryTransaction, OpensOrganizations[DeliveryTransaction]],
        registry: EndpointRegistry,
        formats: WebhookFormats,
        bodies: Bodies,
        http: OutgoingHttp,
        secrets: SecretFields,
        post: MailComposer,
        ids: IdSource,
        clock: Clock,
        chance: Callable[[], float],
        config: WebhooksConfig,
    ) -> None:
        self._database = database
        self._registry = registry
        self._formats = formats
        self._bodies = bodies
        self._http = http
        self._secrets = secrets
        self._post = post
        self._ids = ids
        self._clock = clock
        self._chance = chance
        self._config = config
        self._lanes: dict[WebhookId, tuple[asyncio.Task[None], asyncio.Event]] = {}
        self._waiting: list[tuple[_Done, asyncio.Future[None]]] = []
        self._writing = False
        self._running = False
        self.delivered = 0
        self.failed = 0

    @property
    def lanes(self) -> int:
        """The number of endpoints with something to send."""
        return len(self._lanes)

    @repeated_after_commit
    def wake(self, endpoint_id: WebhookId) -> None:
        """An endpoint may have something to send."""
        if not self._running:
            return
        lane = self._lanes.get(endpoint_id)
        if lane is not None:
            lane[1].set()
            return
        event = asyncio.Event()
        self._lanes[endpoint_id] = (asyncio.create_task(self._lane(endpoint_id, event)), event)

    async def run(self) -> None:
        """Run lanes until cancelled. Starts with every endpoint, as messages may be left from the last run."""
        self._running = True
        try:
            await until_done(self._registry.load, "webhooks_delayed")
            for entry in self._registry.all():
                self.wake(entry.endpoint.id)
            await asyncio.Event().wait()
        finally:
            self._running = False
            tasks = [task for task, _ in self._lanes.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._lanes.clear()

    async def step(self, endpoint_id: WebhookId) -> int:
        """Try the due messages of an endpoint once. Returns how many there were."""
        entry = self._registry.get(endpoint_id)
        now_us = self._clock.now_us()
        if entry is None or not entry.endpoint.enabled or is_open(entry.health, now_us):
            return 0
        # One probe for an endpoint that failed last: otherwise the whole queue would be sent to a receiver that is probably still
        # down.
        endpoint, limit = entry.endpoint, 1 if entry.health.failures else AT_ONCE
        async with self._database.snapshot(endpoint.org_id) as tx:
            due = await tx.webhook_messages.due(endpoint_id, now_us, limit, in_order=endpoint.options.ordered)
        room = asyncio.Semaphore(self._config.parallel_per_endpoint)
        # All are awaited before an error is raised: the next step must not send a message that is still being sent.
        results = await asyncio.gather(*(self._deliver(entry, message, room) for message in due), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(1 for tried in results if tried)

    async def _lane(self, endpoint_id: WebhookId, event: asyncio.Event) -> None:
        """Serve an endpoint until no message waits for it."""

        async def step() -> bool:
            return bool(await self.step(endpoint_id))

        async def pause_s() -> float | None:
            return await self._pause_s(endpoint_id)

        await keep("webhook_lane", lambda: run_loop(step, pause_s, "webhooks_delayed", event))
        del self._lanes[endpoint_id]  # no await since the loop found that nothing is left

    async def _pause_s(self, endpoint_id: WebhookId) -> float | None:
        """How long an endpoint has nothing to do; None if no message waits."""
        entry = self._registry.get(endpoint_id)
        if entry is None or not entry.endpoint.enabled:
            return None
        now_us = self._clock.now_us()
        if is_open(entry.health, now_us):
            return min((entry.health.open_until_us - now_us) / SECOND_US, MAX_SLEEP_S)
        async with self._database.snapshot(entry.endpoint.org_id) as tx:
            due_us = await tx.webhook_messages.next_due(endpoint_id)
        if due_us is None:
            return None
        wait_us = due_us - self._clock.now_us()
        # The remaining due messages wait for another message of their device.
        return min(max(wait_us / SECOND_US, 0.05), MAX_SLEEP_S)

    async def _deliver(self, entry: Entry, message: Message, room: asyncio.Semaphore) -> bool:
        async with room:
            # Looked up again: the endpoint may have been disabled, or its breaker opened, while this message waited.
            current = self._registry.get(entry.endpoint.id)
            if current is None or not current.endpoint.enabled or is_open(current.health, self._clock.now_us()):
                return False  # other messages of this batch have shown that attempts fail
            outcome = await self._send(current.endpoint, message)
            done = self._note(current, message, outcome)
        await self._write_down(done)
        return True

    async def _send(self, endpoint: Endpoint, message: Message) -> Outcome:
        at_us, began_s = self._clock.now_us(), self._clock.monotonic()
        status, error, excerpt, wait_us = None, None, "", 0
        try:
            opened = await self._bodies.open(message)
            secrets = await self._secrets_of(endpoint, at_us)
            answer = await self._http.send(self._call(endpoint, opened, secrets, at_us))
        except (CallFailed, TargetRefused, SecretsUnreadable, Unavailable) as refused:
            error = refused.detail
        except (SecretShredded, SecretDamaged, KeysMissing) as unreadable:
            error = unreadable.detail
        except InvalidInput as refused:  # the format's dialect is gone, or the new version of a secret does not fit
            error = refused.detail
        else:
            # A receiver can repeat what it was sent, and the text of a message is stored only encrypted.
            status, excerpt = answer.status, "" if message.topic in SEALED else _excerpt(answer.body, secrets)
            wait_us = retry_after_us(answer.headers.get("retry-after"), at_us)
        latency_us = int((self._clock.monotonic() - began_s) * SECOND_US)
        return Outcome(at_us=at_us, latency_us=latency_us, status=status, error=error, excerpt=excerpt, retry_after_us=wait_us)

    async def _secrets_of(self, endpoint: Endpoint, now_us: int) -> Secrets:
        paths = paths_at(endpoint, now_us)
        values = await self._secrets.read(endpoint.org_id, owner_of(endpoint.id), paths)
        secrets, form = secrets_of(endpoint.header_names, values), self._formats.get(endpoint.format)
        if any(paths.values()):  # to a secret that may have another version than when this was set
            check_headers(secrets.headers, form, self._formats)
            for path in (SECRET, PREVIOUS):
                if path in values:
                    form.check_secret(values[path], path)
        return secrets

    def _call(self, endpoint: Endpoint, message: Message, secrets: Secrets, now_us: int) -> OutgoingCall:
        # Signed when sent, not when queued: the signature contains the time of this attempt, and a rotated secret also applies to
        # waiting messages.
        form = self._formats.get(endpoint.format)
        body = message.body or b""
        name = encode(Prefix.WEBHOOK_MESSAGE, message.id)
        headers = headers_of(form, secrets, name, body, now_us // SECOND_US)
        chain = ((CHAIN_HEADER, message.chain),) if message.chain else ()
        return OutgoingCall(url=endpoint.url, headers=(*headers, *chain), body=body)

    def _note(self, entry: Entry, message: Message, outcome: Outcome) -> _Done:
        before, endpoint = entry.health, entry.endpoint
        entry.health = noted(before, outcome)
        end = None if outcome.delivered else ends(entry.health, outcome, self._config.disable_after_s * SECOND_US)
        attempt = Attempt(
            id=self._ids.next(WebhookAttemptId),
            message_id=message.id,
            endpoint_id=endpoint.id,
            at_us=outcome.at_us,
            latency_us=outcome.latency_us,
            status=outcome.status,
            error=outcome.error,
            excerpt=outcome.excerpt,
        )
        news = entry.health if entry.health != before else None
        if end is not None:  # nothing more is sent, whether or not the outcome can be recorded now
            self._registry.put(msgspec.structs.replace(endpoint, enabled=False, disabled_reason=end))
        return _Done(endpoint, settled(message, outcome, self._chance), attempt, news, end)

    async def _write_down(self, done: _Done) -> None:
        """Record the outcome of an attempt, in one transaction with all others that wait to be recorded."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((done, future))
        # A group commit: the first caller writes for all callers that arrive while a transaction is in progress. So many
        # endpoints that respond at the same time cost a few commits, not one each.
        if not self._writing:
            self._writing = True
            try:
                while self._waiting:
                    await self._write_all()
            finally:
                self._writing = False
        await future

    async def _write_all(self) -> None:
        taken, self._waiting = self._waiting, []
        try:
            await self._write([done for done, _ in taken])
        except BaseException as error:
            for _, future in taken:
                if not future.done():
                    future.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
            if not isinstance(error, Exception):
                raise
            return
        for _, future in taken:
            if not future.done():
                future.set_result(None)

    async def _write(self, done: Sequence[_Done]) -> None:
        of_org: dict[OrgId, list[_Done]] = {}
        for one in done:
            of_org.setdefault(one.endpoint.org_id, []).append(one)
        async with self._database.system() as system:
            for org_id, mine in of_org.items():
                await self._write_of(system, system.for_organization(org_id), mine)
        for one in done:
            delivered = one.message.status is MessageStatus.DELIVERED
            self.delivered += delivered
            self.failed += not delivered

    async def _write_of(
        self, system: OpensOrganizations[DeliveryTransaction], tx: DeliveryTransaction, done: Sequence[_Done]
    ) -> None:
        await tx.webhook_messages.settle([(one.message, one.attempt) for one in done])
        # Of several outcomes for one endpoint, the last contains the health after all of them.
        for endpoint_id, health in {one.endpoint.id: one.health for one in done if one.health is not None}.items():
            await tx.webhooks.set_health(endpoint_id, health)
        counts = Counter(
            (one.message.settled_us // HOUR_US * HOUR_US, one.message.project_id)
            for one in done
            if one.message.status is MessageStatus.DELIVERED and one.message.settled_us is not None
        )
        for (hour_us, project_id), count in counts.items():
            await tx.webhook_messages.count_delivered(hour_us, project_id, count)
        for one in {one.endpoint.id: one for one in done if one.end is not None}.values():
            await self._disable(tx, one.endpoint.id, one.end or "", chain_from(one.message.chain))

    async def _disable(self, tx: DeliveryTransaction, endpoint_id: WebhookId, reason: str, chain: tuple[RuleId, ...]) -> None:
        endpoint = await tx.webhooks.find(endpoint_id)
        if endpoint is None or not endpoint.enabled:
            return
        now_us = self._clock.now_us()
        after = msgspec.structs.replace(endpoint, enabled=False, disabled_reason=reason, updated_us=now_us)
        await tx.webhooks.update(after)
        body = EndpointDisabledEvent(endpoint_id=endpoint_id, name=endpoint.name, reason=reason, at_us=now_us, chain=chain)
        await tx.outbox.add(ENDPOINT_DISABLED, endpoint_id, body)
        owners = [one for one in await tx.members.list(1_000, 0) if one.role is Role.OWNER]
        for owner in owners[:OWNERS_MAILED]:
            await self._post.notify(
                tx, endpoint.org_id, owner.email, "A webhook endpoint was disabled", _letter(after), now_us + LETTER_LASTS_US
            )
        _log.warning("webhook_endpoint_disabled", endpoint=encode(Prefix.WEBHOOK, endpoint_id), reason=reason)


def _letter(endpoint: Endpoint) -> str:
    why = {
        "gone": "It responded with 410 Gone, which means that it must not be called again.",
        "failing": "All attempts to deliver messages to it have failed for days.",
    }
    name = f" ({endpoint.name})" if endpoint.name else ""
    return (
        f"The webhook endpoint {encode(Prefix.WEBHOOK, endpoint.id)}{name} was disabled.\n"
        f"{why[endpoint.disabled_reason or 'failing']}\n\n"
        "Its undelivered messages are stored. Enable it again, then replay the failed ones:\n"
        f"POST /api/v2/webhooks/{encode(Prefix.WEBHOOK, endpoint.id)}/enable\n"
        f"POST /api/v2/webhooks/{encode(Prefix.WEBHOOK, endpoint.id)}/replay\n"
    )


def _excerpt(body: bytes, secrets: Secrets) -> str:
    """The beginning of a response, without the secrets that it repeats: others can read it than may read those."""
    sent = {secrets.secret, secrets.previous or "", *(value for _, value in secrets.headers)}
    # Of a header such as `Bearer …`, a receiver can repeat a part.
    words = {word for value in sent for word in value.split() if len(word) >= _SECRET_WORD}
    text = mask_values(body.decode("utf-8", "replace"), sent | words)
    return text.replace("\x00", "\ufffd")[:EXCERPT_CHARACTERS]
