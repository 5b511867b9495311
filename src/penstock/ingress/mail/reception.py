"""Decides about senders, recipients and mails. Its methods are the hooks of aiosmtpd, which answers what they return."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import structlog
from aiosmtpd.smtp import Envelope, Session

from penstock.core.inboxes.mail_text import read_mail
from penstock.core.inboxes.mails import Arrival, Mails, Recipient, recipient_of
from penstock.core.inboxes.models import Spf
from penstock.ingress.mail.config import InboxMailConfig
from penstock.ingress.mail.conversation import Conversation
from penstock.ingress.mail.windows import Windows, network_of
from penstock.kit.errors import PenstockError

MAX_SENDER = 320
_READERS = 2
"""Mails that are parsed at once: parsing takes processor time, which the other connections need too."""
_NOT_STORED = "451 4.3.0 the mail could not be stored; try again later"
_log = structlog.get_logger()


class SenderCheck(Protocol):
    """Checks whether the domain of a sender allows an address."""

    async def check(self, peer: str, helo: str, sender: str) -> Spf:
        """The result for the address of a client, what it calls itself, and the sender of a mail (empty: none)."""


class Reception:
    """The decisions, and what they count."""

    def __init__(self, config: InboxMailConfig, mails: Mails, check: SenderCheck | None, monotonic: Callable[[], float]) -> None:
        self._config = config
        self._domains = tuple(domain.lower().rstrip(".") for domain in config.domains)
        self._mails = mails
        self._check = check
        self._of_clients = Windows(config.max_mails_per_minute, monotonic)
        self._of_aliases = Windows(config.max_mails_per_alias_per_minute, monotonic)
        self._unknown = Windows(config.max_unknown_per_minute, monotonic)
        self._readers = asyncio.Semaphore(_READERS)
        self._deliveries: set[asyncio.Task[str]] = set()
        self._unanswered = 0
        """Clients that wait for the answer to a mail."""
        self._answered = asyncio.Event()
        self.received = 0
        """Mails that were stored since the start."""
        self.refused: Counter[str] = Counter()

    async def settle(self) -> None:
        """Wait until every received mail is stored and acknowledged."""
        while self._deliveries or self._unanswered:
            if self._deliveries:
                await asyncio.wait(self._deliveries)
            else:
                self._answered.clear()
                await self._answered.wait()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a client waits for the answer to a mail."""
        self._unanswered += 1
        try:
            yield
        finally:
            self._unanswered -= 1
            self._answered.set()

    # The hooks of aiosmtpd.

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: Conversation, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Announce what there is: no authentication, but pipelining."""
        session.host_name = hostname[:255]
        announced = [line for line in responses[:-1] if not line.startswith("250-AUTH")]
        return [*announced, "250 PIPELINING"]

    async def handle_MAIL(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept any sender, unless its server has sent too much."""
        if self._of_clients.is_exceeded(network_of(server.peer())):
            self.refused["max_mails_per_minute"] += 1
            return "450 4.7.1 too many mails; try again in a minute"
        envelope.mail_from = address[:MAX_SENDER]
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept aliases of this server only."""
        client = network_of(server.peer())
        if len(envelope.rcpt_tos) >= self._config.max_recipients:
            self.refused["max_recipients"] += 1
            return "452 4.5.3 too many recipients"
        if self._unknown.is_exceeded(client):
            self.refused["max_unknown_per_minute"] += 1
            server.end("421 4.7.0 too many unknown recipients")
            return "421 4.7.0 too many unknown recipients"
        recipient = recipient_of(address, self._domains)
        if recipient is None and address.rpartition("@")[2].lower().rstrip(".") not in self._domains:
            self._unknown.count(client)
            self.refused["relay"] += 1
            return "550 5.7.1 this server does not relay"
        if recipient is None or not await self._mails.accepts(recipient):
            self._unknown.count(client)
            self.refused["unknown"] += 1
            return "550 5.1.1 no such inbox"
        if self._of_aliases.is_exceeded(recipient.alias):
            self.refused["max_mails_per_alias_per_minute"] += 1
            return "450 4.2.1 too many mails for this inbox; try again in a minute"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_VRFY(self, server: Conversation, session: Session, envelope: Envelope, address: str) -> str:  # noqa: N802
        """Say nothing about addresses."""
        return "252 2.1.5 send a mail to find out"

    async def handle_exception(self, error: Exception) -> str:
        """Answer an unexpected error: the mail is not stored, so the sender keeps it."""
        _log.warning("mail_failed", reason=type(error).__name__)
        return _NOT_STORED

    # Mails.

    async def deliver(self, conversation: Conversation, envelope: Envelope, content: bytes) -> str:
        """Store a mail, and return the answer. It is stored also if the client does not wait for the answer."""
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        recipients = [found for address in envelope.rcpt_tos if (found := recipient_of(address, self._domains))]
        self._of_clients.count(network_of(conversation.peer()))
        for alias in {recipient.alias for recipient in recipients}:
            self._of_aliases.count(alias)
        assert conversation.session is not None
        helo = conversation.session.host_name or ""
        work = self._deliver(recipients, content, sender, helo, conversation.peer(), conversation.tls())
        task = asyncio.get_running_loop().create_task(work)
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)
        return await asyncio.shield(task)

    async def _deliver(self, recipients: Sequence[Recipient], content: bytes, sender: str, helo: str, peer: str, tls: str) -> str:
        try:
            spf = await self._check.check(peer, helo, sender) if self._check is not None else Spf.NONE
            if spf is Spf.FAIL and self._config.spf == "enforced":
                self.refused["spf"] += 1
                return "550 5.7.23 the domain of the sender does not allow this server (SPF)"
            async with self._readers:
                read = await asyncio.to_thread(read_mail, content)
            stored = await self._mails.deliver(
                recipients, content, read, Arrival(peer=peer, envelope_sender=sender, spf=spf, tls=tls)
            )
        except PenstockError:
            self.refused["not_stored"] += 1
            return _NOT_STORED
        except Exception as error:  # whatever it is: without an acknowledgement, the sender keeps the mail
            self.refused["not_stored"] += 1
            _log.error("mail_failed", reason=type(error).__name__)
            return _NOT_STORED
        if not stored:
            return "550 5.1.1 no such inbox"
        self.received += 1
        return "250 2.0.0 stored"
