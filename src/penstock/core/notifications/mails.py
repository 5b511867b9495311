"""Mails of what happened: one by one, gathered when there are many, and later when a person wants quiet.

Theory of operation. An address gets so many mails one by one within a window; what comes beyond waits for the window's end. What
comes in quiet hours waits for theirs. What waits is kept by subject and severity with a count, so a storm of a hundred thousand
is a few rows. When it is due it becomes one mail, in the transaction that forgets it: told once, whatever happens in between.
"""

from __future__ import annotations

from penstock.core.notifications.config import NotificationsConfig
from penstock.core.notifications.digest import MAX_LISTED, digest_of
from penstock.core.notifications.models import RANKS, Held, MailWindow, Notice
from penstock.core.notifications.quiet import end_of, rank_through, waits
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.people.mail import MailComposer
from penstock.kit.clock import DAY_US, SECOND_US, Clock
from penstock.kit.ids import OrgId

LASTS_US = DAY_US
"""How long a mail is of use while no server takes it."""
MAX_SUBJECT = 200
MAX_SUBJECTS = 1_000
"""Subjects that wait for one address. A template can make each mail one of its own; further ones are counted together."""


class Notifier:
    """Decides when mails go out."""

    def __init__(self, post: MailComposer, clock: Clock, config: NotificationsConfig) -> None:
        self._post = post
        self._clock = clock
        self._per_window = config.mails_per_window
        self._window_us = config.window_s * SECOND_US

    async def mail(self, tx: NotificationTransaction, org_id: OrgId, address: str, notice: Notice) -> bool:
        """Tell an address, in the running transaction; whether the mail goes out now."""
        now_us = self._clock.now_us()
        if notice.prompt:
            await self._post.notify(tx, org_id, address, notice.subject, notice.text, now_us + LASTS_US)
            return True
        quiet = await tx.notices.quiet_of(address)
        if quiet is not None and waits(quiet, notice.severity, now_us):
            await self._hold(tx, address, notice, now_us, end_of(quiet.hours, now_us))
            return False
        window = await tx.notices.window(address.lower())
        if window is None or now_us >= window.since_us + self._window_us or now_us < window.since_us:
            window = MailWindow(now_us, 0)
        if window.sent >= self._per_window:
            await self._hold(tx, address, notice, now_us, window.since_us + self._window_us)
            return False
        await tx.notices.set_window(address.lower(), MailWindow(window.since_us, window.sent + 1))
        await self._post.notify(tx, org_id, address, notice.subject, notice.text, now_us + LASTS_US)
        return True

    async def flush(self, tx: NotificationTransaction, org_id: OrgId, address: str) -> None:
        """Mail what is due for an address, in the running transaction. What falls into quiet hours by now waits on."""
        now_us = self._clock.now_us()
        quiet = await tx.notices.quiet_of(address)
        if quiet is not None and any(waits(quiet, severity, now_us) for severity in RANKS):
            await tx.notices.postpone(address, now_us, rank_through(quiet), end_of(quiet.hours, now_us))
        held = await tx.notices.due(address, now_us, MAX_LISTED)
        if not held:
            return
        subject, text = digest_of(held, await tx.notices.tally(address, now_us))
        await self._post.notify(tx, org_id, address, subject, text, now_us + LASTS_US)
        await tx.notices.remove_due(address, now_us)
        await tx.notices.set_window(address, MailWindow(now_us, 1))

    async def _hold(self, tx: NotificationTransaction, address: str, notice: Notice, now_us: int, due_us: int) -> None:
        address = address.lower()
        subject, text = " ".join(notice.subject.split())[:MAX_SUBJECT], notice.text
        if await tx.notices.subjects(address) >= MAX_SUBJECTS:
            subject, text = "Notifications of further subjects", ""
        await tx.notices.hold(
            Held(
                address=address,
                severity=notice.severity,
                subject=subject,
                text=text,
                count=1,
                first_us=now_us,
                last_us=now_us,
                due_us=due_us,
            )
        )
