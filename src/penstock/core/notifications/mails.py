"""Notification mails: sent individually, combined when there are many, and delayed during quiet hours.

Theory of operation. An address receives a limited number of individual mails per window; the others wait until the window ends.
Mails in quiet hours wait until the quiet hours end. Waiting mails are stored by subject and severity with a count, so a storm
of
a hundred thousand is a few rows. When they are due they become one mail, in the transaction that deletes them, so that they are
sent once even if the server crashes.
"""

from __future__ import annotations

from penstock.core.notifications.config import NotificationsConfig
from penstock.core.notifications.digest import MAX_LISTED, digest_of
from penstock.core.notifications.gathering import enter_window, hold
from penstock.core.notifications.models import RANKS, MailWindow, Notice
from penstock.core.notifications.quiet import end_of, rank_through, waits
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.people.mail import MailComposer
from penstock.kit.clock import DAY_US, SECOND_US, Clock
from penstock.kit.ids import OrgId

LASTS_US = DAY_US
"""How long a mail remains useful while no server accepts it."""


class Notifier:
    """Decides when mails are sent."""

    def __init__(self, post: MailComposer, clock: Clock, config: NotificationsConfig) -> None:
        self._post = post
        self._clock = clock
        self._per_window = config.mails_per_window
        self._window_us = config.window_s * SECOND_US

    async def mail(self, tx: NotificationTransaction, org_id: OrgId, address: str, notice: Notice) -> bool:
        """Notify an address, in the running transaction; return whether the mail is sent now."""
        now_us = self._clock.now_us()
        # Not counted in the window: the tests of an alert must not delay its real mails.
        if notice.prompt:
            await self._post.notify(tx, org_id, address, notice.subject, notice.text, now_us + LASTS_US)
            return True
        quiet = await tx.notices.find_quiet_hours(address)
        if quiet is not None and waits(quiet, notice.severity, now_us):
            await hold(tx, address.lower(), notice, now_us, end_of(quiet.hours, now_us))
            return False
        full_until_us = await enter_window(tx, address.lower(), now_us, per_window=self._per_window, window_us=self._window_us)
        if full_until_us is not None:
            await hold(tx, address.lower(), notice, now_us, full_until_us)
            return False
        await self._post.notify(tx, org_id, address, notice.subject, notice.text, now_us + LASTS_US)
        return True

    async def flush(self, tx: NotificationTransaction, org_id: OrgId, address: str) -> None:
        """Send the mails due for an address, in the running transaction. Those that are now in quiet hours keep waiting."""
        now_us = self._clock.now_us()
        quiet = await tx.notices.find_quiet_hours(address)
        if quiet is not None and any(waits(quiet, severity, now_us) for severity in RANKS):
            await tx.notices.postpone(address, now_us, rank_through(quiet), end_of(quiet.hours, now_us))
        held = await tx.notices.due(address, now_us, MAX_LISTED)
        if not held:
            return
        subject, text = digest_of(held, await tx.notices.count_due(address, now_us))
        await self._post.notify(tx, org_id, address, subject, text, now_us + LASTS_US)
        await tx.notices.remove_due(address, now_us)
        await tx.notices.set_window(address, MailWindow(now_us, 1))
