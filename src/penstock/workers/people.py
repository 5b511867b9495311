"""Deferred work for users: records failed attempts, creates and sends mails, and removes old sessions and keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog

from penstock.core.database import SystemDatabase
from penstock.core.people.attempts import AttemptLog
from penstock.core.people.errors import MailFailed
from penstock.core.people.mail import RETRIES, MailComposer
from penstock.core.people.models import Enclosure, MailFile, MailOutcome, Message, QueuedMail
from penstock.core.people.passwords import PasswordService
from penstock.core.people.ports import Enclosures, Mailer
from penstock.core.people.sessions import SessionService
from penstock.core.people.signing import SigningKeys
from penstock.core.people.store import HasMailQueue
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Prefix, encode
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
    """Sends queued mail, the oldest first. A mail that has expired is dropped. `enclosures` make the files of mails, by kind."""

    def __init__(
        self,
        *,
        database: SystemDatabase[HasMailQueue],
        post: MailComposer,
        mailer: Mailer,
        clock: Clock,
        enclosures: Mapping[str, Enclosures] | None = None,
    ) -> None:
        self._database = database
        self._post = post
        self._mailer = mailer
        self._clock = clock
        self._enclosures = enclosures or {}

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
        try:
            message = self._post.opened(mail)
        except ValueError:
            _log.warning("mail_dropped", reason="sealed under another secret", **facts)
            return None
        outcome = await self._sent(mail, message)
        await self._record(mail.org_id, message.encloses, outcome)
        if not outcome.error:
            return None
        if outcome.final:
            _log.warning("mail_dropped", reason=outcome.error, **facts)
            return None
        _log.warning("mail_delayed", reason=outcome.error, attempts=mail.attempts + 1, **facts)
        return outcome.at_us + RETRIES.pause_us(mail.attempts + 1)

    async def _sent(self, mail: QueuedMail, message: Message) -> MailOutcome:
        now_us = self._clock.now_us()
        if mail.expires_us <= now_us:
            return MailOutcome(at_us=now_us, error="the mail expired before a server accepted it")
        try:
            files = await self._files(mail.org_id, message.encloses)
        except PenstockError as error:
            return MailOutcome(at_us=now_us, error=error.detail)
        try:
            await self._mailer.send(message, files)
        except MailFailed as error:
            return MailOutcome(at_us=now_us, error=error.detail, final=False)
        return MailOutcome(at_us=now_us)

    async def _files(self, org_id: OrgId, enclosure: Enclosure | None) -> list[MailFile]:
        if enclosure is None:
            return []
        return await self._enclosures[enclosure.kind].files(org_id, enclosure)

    async def _record(self, org_id: OrgId, enclosure: Enclosure | None, outcome: MailOutcome) -> None:
        if enclosure is not None:
            await self._enclosures[enclosure.kind].record(org_id, enclosure, outcome)
