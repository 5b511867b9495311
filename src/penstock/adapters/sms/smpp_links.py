"""Keeps one link for every account at a message centre.

A change wakes the loop immediately. It loads all accounts, ends links that no longer exist or have other settings, and starts new
ones. It also runs every half a minute, so that a change by another process is noticed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence

import msgspec
import structlog

from penstock.adapters.sms.smpp import SmppLink, SmppParts, settings_of
from penstock.core.database import SystemDatabase
from penstock.core.inboxes.account_errors import SmsAccountCredentialsMissing
from penstock.core.inboxes.account_models import SmppSettings
from penstock.core.inboxes.account_states import LinkState
from penstock.core.inboxes.account_store import HasSystemSmsAccounts
from penstock.core.inboxes.accounts import SmsAccountService
from penstock.core.inboxes.errors import SmsAccountNotFound
from penstock.core.inboxes.models import AccountRef
from penstock.core.tenancy.admission import Gate
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, SmsAccountId

RECHECK_S = 30.0
STOP_S = 6.0
PAGE = 500
_log = structlog.get_logger()


class _Kept(msgspec.Struct):
    """A running link, and the settings it was created from."""

    link: SmppLink
    task: asyncio.Task[None]
    made_of: SmppSettings


class SmppLinks:
    """Starts and ends links."""

    def __init__(
        self, *, parts: SmppParts, database: SystemDatabase[HasSystemSmsAccounts], accounts: SmsAccountService, gate: Gate
    ) -> None:
        self._parts = parts
        self._database = database
        self._accounts = accounts
        self._gate = gate
        self._kept: dict[SmsAccountId, _Kept] = {}
        self._wake = asyncio.Event()
        accounts.subscribe(lambda _: self.wake())

    def wake(self) -> None:
        """Look at all accounts again."""
        self._wake.set()

    def find(self, account_id: SmsAccountId) -> SmppLink | None:
        """The link of an account, or None."""
        kept = self._kept.get(account_id)
        return None if kept is None else kept.link

    @property
    def connected(self) -> int:
        """How many are connected now."""
        return sum(kept.link.is_connected for kept in self._kept.values())

    async def run(self) -> None:
        """Keep links until cancelled."""
        try:
            while True:
                self._wake.clear()
                await self._reconcile()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), RECHECK_S)
        finally:
            await self._end_all(list(self._kept))

    async def _reconcile(self) -> None:
        found = in_turns(await self._connecting())
        chosen = found[: self._parts.config.max_connections]
        for ref in found[self._parts.config.max_connections :]:
            self._parts.states.note(ref.id, LinkState.STOPPED, "the server's limit of connections to message centres is reached")
        gone = self._kept.keys() - {ref.id for ref in chosen}
        await self._end_all(list(gone))
        for account_id in gone - {ref.id for ref in found}:
            self._parts.states.forget(account_id)
        starting, ending = list[tuple[AccountRef, SmppSettings]](), list[SmsAccountId]()
        for ref in chosen:
            try:
                settings = await self._changed(ref)
            except OrganizationSuspended:
                self._parts.states.note(ref.id, LinkState.STOPPED, "the organisation is suspended")
                ending.append(ref.id)
                continue
            except SmsAccountCredentialsMissing as missing:
                self._parts.states.note(ref.id, LinkState.STOPPED, missing.detail)
                ending.append(ref.id)
                continue
            if settings is not None:
                starting.append((ref, settings))
                ending.append(ref.id)
        # All at once: a message centre that does not answer the sign-out must not delay the others.
        await self._end_all([account_id for account_id in ending if account_id in self._kept])
        for ref, settings in starting:
            self._start(ref, settings)

    async def _connecting(self) -> list[AccountRef]:
        found, last = list[AccountRef](), SmsAccountId(0)
        async with self._database.system_snapshot() as tx:
            while page := await tx.sms_accounts.connecting(last, PAGE):
                found += page
                last = page[-1].id
        return found

    async def _changed(self, ref: AccountRef) -> SmppSettings | None:
        """The settings with which a link has to be started; None if it cannot be, or one with the same settings is running.

        Raises:
            OrganizationSuspended, SmsAccountCredentialsMissing.
        """
        try:
            await self._gate.check_running(ref.org_id)
            settings = settings_of(await self._accounts.open(ref))
        except SmsAccountNotFound:
            return None  # it was deleted; the next pass ends its link
        except (OrganizationSuspended, SmsAccountCredentialsMissing):
            raise
        except PenstockError as error:
            if ref.id not in self._kept:
                self._parts.states.note(ref.id, LinkState.STOPPED, error.detail)
            return None
        kept = self._kept.get(ref.id)
        is_same = kept is not None and kept.made_of == settings and not kept.task.done()
        return None if is_same else settings

    def _start(self, ref: AccountRef, settings: SmppSettings) -> None:
        link = SmppLink(self._parts, ref, settings)
        task = asyncio.create_task(link.run(), name="sms_link")
        task.add_done_callback(_report_end)
        self._kept[ref.id] = _Kept(link, task, settings)

    async def _end_all(self, account_ids: Sequence[SmsAccountId]) -> None:
        ended = [self._kept.pop(account_id) for account_id in account_ids]
        for kept in ended:
            kept.link.stop()
        tasks = [kept.task for kept in ended]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def in_turns(found: Sequence[AccountRef]) -> list[AccountRef]:
    """Accounts in order: the first of every organisation, then the second ones, so that none takes all connections."""
    places: Counter[OrgId] = Counter()
    ordered = list[tuple[int, SmsAccountId, AccountRef]]()
    for ref in found:
        ordered.append((places[ref.org_id], ref.id, ref))
        places[ref.org_id] += 1
    return [ref for *_, ref in sorted(ordered, key=lambda one: one[:2])]


def _report_end(task: asyncio.Task[None]) -> None:
    """Report a link that failed by a bug in Penstock. Only this link ends; the next pass starts it again."""
    if not task.cancelled() and task.exception() is not None:
        _log.error("sms_link_failed", exc_info=task.exception())
