"""Deferred work for users: records failed attempts, creates and sends mails, and removes old sessions and keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from penstock.core.database import SystemDatabase
from penstock.core.people.attempts import AttemptLog
from penstock.core.people.errors import MailFailed
from penstock.core.people.mail import RETRIES, MailComposer
from penstock.core.people.models import QueuedMail
from penstock.core.people.passwords import PasswordService
from penstock.core.people.ports import Mailer
from penstock.core.people.sessions import SessionService
from penstock.core.people.signing import SigningKeys
from penstock.core.people.store import HasMailQueue
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, encode
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
TIDY_S = 600.0
MAILS_AT_ONCE = 20
_log = structlog.get_logger()


class PeopleWorker:
    """The worker for tasks that need only the database."""

    def __init__(
        self, *, attempts: AttemptLog, passwords: PasswordService, sessions: SessionService, keys: SigningKeys, settled: Clock
    ) -> None:
        self._steps: list[Callable[[], Awaitable[None]]] = [attempts.write, passwords.mail_forgotten]
        self._tidying: list[Callable[[], Awaitable[None]]] = [keys.renew, self._drop_sessions]
        self._sessions = sessions
        self._settled = settled
        self._tidied_s = float("-inf")

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "people_delayed")

    async def step(self) -> None:
        """Do the due tasks."""
        if self._settled.monotonic() - self._tidied_s > TIDY_S:
            self._tidied_s = self._settled.monotonic()
            for tidy in self._tidying:
                await tidy()
        for step in self._steps:
            await step()

    async def _drop_sessions(self) -> None:
        await self._sessions.drop_ended(self._settled.now_us())


class MailWorker:
    """Sends queued mail, the oldest first. A mail that has expired is dropped."""

    def __init__(self, *, database: SystemDatabase[HasMailQueue], post: MailComposer, mailer: Mailer, clock: Clock) -> None:
        self._database = database
        self._post = post
        self._mailer = mailer
        self._clock = clock

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self.step, INTERVAL_S, "mail_delayed")

    async def step(self) -> None:
        """Try every due mail once."""
        async with self._database.system_snapshot() as tx:
            due = await tx.mail.due(self._clock.now_us(), MAILS_AT_ONCE)
        for mail in due:
            again_us = await self._try(mail)
            # One transaction per mail: a crash then repeats one mail, not all that were due.
            async with self._database.system() as tx:
                if again_us is None:
                    await tx.mail.delete(mail.id)
                else:
                    await tx.mail.postpone(mail.id, again_us)

    async def _try(self, mail: QueuedMail) -> int | None:
        """Returns when to try again; None if no attempt is left."""
        facts = {"mail": f"{mail.id:x}", "organization": encode(Prefix.ORGANIZATION, mail.org_id)}
        now_us = self._clock.now_us()
        if mail.expires_us <= now_us:
            _log.warning("mail_dropped", reason="the mail expired before a server accepted it", **facts)
            return None
        try:
            await self._mailer.send(self._post.opened(mail))
        except ValueError:
            _log.warning("mail_dropped", reason="sealed under another secret", **facts)
            return None
        except MailFailed as error:
            _log.warning("mail_delayed", reason=error.detail, attempts=mail.attempts + 1, **facts)
            return now_us + RETRIES.pause_us(mail.attempts + 1)
        return None
