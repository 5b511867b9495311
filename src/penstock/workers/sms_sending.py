"""Passes queued SMS to providers, each at most once.

Theory of operation. An SMS is `queued`; it is changed to `sending` and committed, and only then the provider gets it. What the
provider answered is committed as `sent` or `failed`, or `queued` again if it was certainly not sent. If the server ends in
between, or the connection to the provider, it is not known whether it was sent: it becomes `unknown`, and is not sent again.

The SMS of one number are sent in the order in which they were queued, one at a time; those of several numbers side by side. One
that has to wait lets all later ones of its number wait.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Protocol

import msgspec
import structlog

from penstock.core.database import Database, OpensOrganizations, repeated_after_commit
from penstock.core.inboxes.config import InboxesConfig
from penstock.core.inboxes.errors import OutcomeUnknown, SmsAccountNotFound, SmsRefused
from penstock.core.inboxes.models import AccountRef, DueSms, Message, OutgoingSms, Part, Status, StoredMessage
from penstock.core.inboxes.ports import Boxes, SmsProvider, SmsProviders
from penstock.core.inboxes.sealing import opened
from penstock.core.inboxes.sending import SendTransaction, SmsAllowance
from penstock.core.inboxes.states import reason_without, record_state, state_of_parts
from penstock.core.inboxes.store import Account, HasSystemInboxes
from penstock.core.vault.errors import SecretDamaged
from penstock.kit.clock import HOUR_US, SECOND_US, Clock
from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError, Unavailable
from penstock.kit.ids import InboxAddressId, SmsAccountId
from penstock.workers.loop import RETRY_S, run_loop, until_done

AT_ONCE, AT_ONCE_OF_ACCOUNT = 256, 16
"""Numbers that are sent from at the same time: in all, and through one account, so that the others do not wait for a slow one."""
IDLE_S = 5.0
STOP_S = 5.0
"""How long SMS that are being sent are waited for when the server stops."""
FIRST_WAIT_S, MAX_WAIT_S = 5, 600
MAX_REASON = 200
RELEASED = "its number was released"
RECOVERED_AT_ONCE = 500
_log = structlog.get_logger()


class SendingSystemTransaction(HasSystemInboxes, OpensOrganizations[SendTransaction], Protocol):
    """The stores of the worker."""


class _Outcome(msgspec.Struct, frozen=True):
    """The outcome of an SMS at the provider. `queued`: it was certainly not sent, and is tried again after `wait_s`."""

    status: Status
    reason: str = ""
    provider_ids: tuple[str, ...] = ()
    wait_s: float = 0.0


class Pace:
    """Spaces the SMS of each account, so that none exceeds what its provider accepts."""

    def __init__(self, per_second: int) -> None:
        self._gap_s = 1 / per_second
        self._next: dict[SmsAccountId | None, float] = {}

    async def take(self, account_id: SmsAccountId | None) -> None:
        """Return when an SMS of an account may be sent."""
        now = asyncio.get_running_loop().time()
        at = max(self._next.get(account_id, 0.0), now)
        self._next[account_id] = at + self._gap_s
        if at > now:
            await asyncio.sleep(at - now)


class SmsSendingWorker:
    """The worker. `wake` tells it that an SMS was queued."""

    def __init__(
        self,
        *,
        database: Database[SendTransaction, SendingSystemTransaction],
        boxes: Boxes,
        providers: SmsProviders,
        allowance: SmsAllowance,
        clock: Clock,
        config: InboxesConfig,
    ) -> None:
        self._database = database
        self._boxes = boxes
        self._providers = providers
        self._allowance = allowance
        self._clock = clock
        self._config = config
        self._pace = Pace(config.sends_per_second)
        self._news = asyncio.Event()
        self._lanes: dict[InboxAddressId, asyncio.Task[None]] = {}
        self._of_account: Counter[Account] = Counter()
        self.sent = 0
        self.failed = 0

    @repeated_after_commit
    def wake(self) -> None:
        """An SMS was queued."""
        self._news.set()

    async def run(self) -> None:
        """Run until cancelled."""
        await until_done(self.recover, "sms_delayed")
        try:
            await run_loop(self.step, self._pause_s, "sms_delayed", self._news)
        finally:
            await self._end()

    async def recover(self) -> None:
        """Give up on the SMS that were being sent when the server ended."""
        while True:
            async with self._database.system() as system:
                found = await system.inboxes.interrupted(RECOVERED_AT_ONCE)
                for org_id, message_id in found:
                    tx = system.for_organization(org_id)
                    stored = await tx.inbox_messages.find(message_id)
                    if stored is not None:
                        reason = "the server ended while the SMS was being sent"
                        await record_state(tx, stored.message, Status.UNKNOWN, reason, self._clock.now_us())
            if len(found) < RECOVERED_AT_ONCE:
                return

    async def step(self) -> bool:
        """Start to send the next SMS of numbers that are not being sent from. Returns whether there may be more immediately."""
        full = [account for account, count in self._of_account.items() if count >= AT_ONCE_OF_ACCOUNT]
        async with self._database.system_snapshot() as tx:
            # Those that are being sent from can be among them, until they have claimed their SMS.
            due = await tx.inboxes.due(self._clock.now_us(), 2 * AT_ONCE, full)
        before = len(self._lanes)
        for one in due:
            account = (one.org_id, one.account_id)
            if one.address_id in self._lanes or self._of_account[account] >= AT_ONCE_OF_ACCOUNT or len(self._lanes) >= AT_ONCE:
                continue
            self._of_account[account] += 1
            self._lanes[one.address_id] = asyncio.create_task(self._lane(one))
        return len(due) == 2 * AT_ONCE and len(self._lanes) > before

    async def settle_all(self) -> None:
        """Return when everything that is being sent has been sent."""
        while self._lanes:
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def _pause_s(self) -> float:
        async with self._database.system_snapshot() as tx:
            due_us = await tx.inboxes.next_due_us()
        if due_us is None:
            return IDLE_S
        return min(max((due_us - self._clock.now_us()) / SECOND_US, 0.05), IDLE_S)

    async def _end(self) -> None:
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=STOP_S)
        for task in self._lanes.values():
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        self._lanes.clear()

    async def _lane(self, due: DueSms) -> None:
        try:
            await self._pace.take(due.account_id)
            await self._send(due)
        except PenstockError as error:
            conditions().failing("sms_delayed", error)
            await asyncio.sleep(RETRY_S)
        except Exception:
            _log.exception("sms_worker_failed")
            await asyncio.sleep(RETRY_S)
        finally:
            self._leave(due)
            self._news.set()

    def _leave(self, due: DueSms) -> None:
        account = (due.org_id, due.account_id)
        self._lanes.pop(due.address_id, None)
        self._of_account[account] -= 1
        if not self._of_account[account]:
            del self._of_account[account]

    async def _send(self, due: DueSms) -> None:
        async with self._database.transaction(due.org_id) as tx:
            now_us = self._clock.now_us()
            stored = await tx.inbox_messages.claim(due.id, now_us)
            address = await tx.inbox_addresses.find(due.address_id)
            if stored is not None and (address is None or address.released_us is not None):
                await self._fail(tx, stored.message, RELEASED, now_us)
                stored = None
        if stored is None:
            return
        outcome = await self._submit(stored)
        # Until it is stored, the SMS is `sending`, and the later ones of its number wait.
        await until_done(lambda: self._settle(stored.message, outcome), "sms_delayed")

    async def _submit(self, stored: StoredMessage) -> _Outcome:
        message = stored.message
        account = None if message.account_id is None else AccountRef(message.org_id, message.account_id)
        try:
            found = (await opened(self._boxes, message.org_id, [stored]))[0]
            provider = await self._providers.of(account)
        except (SmsAccountNotFound, SecretDamaged) as refused:
            return _Outcome(Status.FAILED, refused.detail)
        except PenstockError as error:
            return self._later(message, error)
        except Exception:
            # Nothing was sent, and it would not be at the next attempt: later ones of the number must not wait for it.
            _log.exception("sms_not_prepared")
            return _Outcome(Status.FAILED, "it could not be prepared for the provider")
        if found.content is None:
            return _Outcome(Status.FAILED, "its text was destroyed with the key of the organisation")
        sms = OutgoingSms(id=message.id, sender=message.sender, recipient=message.recipient, text=found.content.body)
        outcome = await self._pass(provider, sms, message)
        return msgspec.structs.replace(outcome, reason=reason_without(sms.text, outcome.reason))

    async def _pass(self, provider: SmsProvider, sms: OutgoingSms, message: Message) -> _Outcome:
        try:
            async with asyncio.timeout(self._config.submit_timeout_s):
                submitted = await provider.submit(sms)
        except SmsRefused as refused:
            return _Outcome(Status.FAILED, str(refused.facts["reason"]))
        except Unavailable as error:
            return self._later(message, error)
        except OutcomeUnknown as unknown:
            return _Outcome(Status.UNKNOWN, str(unknown.facts["reason"]))
        except TimeoutError:
            return _Outcome(Status.UNKNOWN, "the provider did not answer in time")
        except Exception:
            # The provider may have it already: sending it again could send it twice.
            _log.exception("sms_provider_failed")
            return _Outcome(Status.UNKNOWN, "the provider's client failed")
        return _Outcome(Status.SENT, provider_ids=submitted.provider_ids)

    def _later(self, message: Message, error: PenstockError) -> _Outcome:
        waited_us = self._clock.now_us() - message.at_us
        if waited_us >= self._config.give_up_after_s * SECOND_US:
            return _Outcome(Status.FAILED, error.detail)
        wait_s = min(FIRST_WAIT_S * 2 ** min(message.attempts - 1, 20), MAX_WAIT_S)
        asked = error.facts.get("retry_after_s", 0)
        asked_s = min(asked, MAX_WAIT_S) if isinstance(asked, int | float) else 0
        return _Outcome(Status.QUEUED, error.detail, wait_s=max(wait_s, asked_s))

    async def _settle(self, message: Message, outcome: _Outcome) -> None:
        now_us, reason = self._clock.now_us(), outcome.reason[:MAX_REASON]
        async with self._database.transaction(message.org_id) as tx:
            if outcome.status is Status.QUEUED:
                due_us = now_us + int(outcome.wait_s * SECOND_US)
                waiting = msgspec.structs.replace(message, status=Status.QUEUED, error=reason, due_us=due_us, updated_us=now_us)
                await tx.inbox_messages.update(waiting)
                return
            if outcome.status is Status.FAILED:
                await self._fail(tx, message, reason, now_us)
                return
            await record_state(tx, message, outcome.status, reason, now_us)
            if outcome.status is Status.SENT:
                await self._note_parts(tx, message, outcome.provider_ids, now_us)
        self.sent += outcome.status is Status.SENT
        self.failed += outcome.status is not Status.SENT

    async def _fail(self, tx: SendTransaction, message: Message, reason: str, now_us: int) -> None:
        await record_state(tx, message, Status.FAILED, reason, now_us)
        if message.job is None:
            # Counted when it was queued; an alert or rule has counted its own.
            await self._allowance.count(tx, message.org_id, -1, message.at_us // HOUR_US * HOUR_US)
        self.failed += 1

    async def _note_parts(self, tx: SendTransaction, message: Message, provider_ids: tuple[str, ...], now_us: int) -> None:
        """Store the provider's ids. What it reported about one already, before this commit, counts."""
        if message.account_id is None or not provider_ids:
            return
        for provider_id in provider_ids:
            early = await tx.inbox_messages.find_part(message.account_id, provider_id)
            status, error, at_us = (early.status, early.error, early.at_us) if early else (Status.SENT, "", now_us)
            part = Part(
                account_id=message.account_id,
                provider_id=provider_id,
                message_id=message.id,
                status=status,
                error=error,
                at_us=at_us,
            )
            await tx.inbox_messages.put_part(part)
        status, error = state_of_parts(await tx.inbox_messages.parts(message.id))
        sent = msgspec.structs.replace(message, status=Status.SENT)
        await record_state(tx, sent, status, error, now_us)
