"""Receives mails for aliases: finds what each contains, and passes it to the inbox."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from penstock.core.inboxes.codes import MOST_LINKS, extract
from penstock.core.inboxes.mail_text import MailText
from penstock.core.inboxes.models import Content, IncomingMail, MailNotes, Spf
from penstock.core.inboxes.ports import MailIntake
from penstock.kit.clock import Clock

MAX_LOCAL = 64
"""Characters before the `@` of an address (RFC 5321)."""
MAX_TAG = 64


class Recipient(msgspec.Struct, frozen=True):
    """An alias, and what an address had after a `+`: `ci+github@codes.example` is the alias `ci` with the tag `github`."""

    alias: str
    tag: str = ""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """How a mail arrived: the parts of `MailNotes` that the listener knows."""

    peer: str
    envelope_sender: str
    spf: Spf
    tls: str


def recipient_of(address: str, domains: Sequence[str]) -> Recipient | None:
    """The recipient that an address means; None if it is in no domain of this server, or cannot be an alias.

    `domains` are in lower case.
    """
    local, at, domain = address.rpartition("@")
    if not at or domain.lower().rstrip(".") not in domains or not 0 < len(local) <= MAX_LOCAL:
        return None
    if not local.isascii() or not local.isprintable() or any(char in local for char in '" @'):
        return None
    alias, _, tag = local.partition("+")
    return Recipient(alias.lower(), tag[:MAX_TAG]) if alias else None


class Mails:
    """The use case of the listener for mails."""

    def __init__(self, intake: MailIntake, clock: Clock) -> None:
        self._intake = intake
        self._clock = clock

    async def accepts(self, recipient: Recipient) -> bool:
        """Whether there is such an alias."""
        return await self._intake.accepts(recipient.alias)

    async def deliver(self, recipients: Sequence[Recipient], raw: bytes, read: MailText, arrival: Arrival) -> int:
        """Store a mail for its recipients, and return when it is committed for all. Returns for how many it was stored.

        A mail that was stored for some of them only can be delivered again: it is stored once for each.

        Raises:
            Unavailable: it is not stored for all; the sender should deliver it again.
        """
        incoming = self._incoming(raw, read, arrival)
        return sum([await self._store(alias, tags, incoming) for alias, tags in tags_by_alias(recipients).items()])

    async def _store(self, alias: str, tags: Sequence[str], mail: IncomingMail) -> int:
        assert mail.content.mail is not None
        notes = msgspec.structs.replace(mail.content.mail, tags=tuple(tags))
        content = msgspec.structs.replace(mail.content, mail=notes)
        stored = await self._intake.received_mail(alias, msgspec.structs.replace(mail, content=content))
        return stored is not None

    def _incoming(self, raw: bytes, read: MailText, arrival: Arrival) -> IncomingMail:
        found, links = code_and_links(read)
        notes = MailNotes(
            peer=arrival.peer,
            envelope_sender=arrival.envelope_sender,
            spf=arrival.spf,
            tls=arrival.tls,
            attachments=read.attachments,
        )
        content = Content(body=read.text, subject=read.subject, code=found, links=links, mail=notes)
        return IncomingMail(
            provider_id=identity_of(raw, read.message_id),
            sender=read.sender or arrival.envelope_sender,
            content=content,
            received_us=self._clock.now_us(),
        )


def code_and_links(read: MailText) -> tuple[str | None, tuple[str, ...]]:
    """The code in the text; if it has none, the one in the subject. And the links of text and HTML."""
    in_text, in_subject = extract(read.text), extract(read.subject)
    of_html = extract("\n".join(read.links)).links
    links = tuple(dict.fromkeys((*in_text.links, *of_html)))[:MOST_LINKS]
    if in_text.code and in_subject.code and in_text.code != in_subject.code:
        return None, links
    return in_text.code or in_subject.code, links


def identity_of(raw: bytes, message_id: str) -> str:
    """The same for a mail that is delivered again: from its Message-ID and its body. Without a Message-ID, from all of it.

    A server that repeats a delivery can add headers, so those do not count if there is a Message-ID.
    """
    head, _, body = raw.partition(b"\r\n\r\n")
    digest = hashlib.sha256(message_id.encode("utf-8", "replace") + b"\0" + body if message_id else head + b"\0\0" + body)
    return f"mail:{digest.hexdigest()}"


def tags_by_alias(recipients: Sequence[Recipient]) -> Mapping[str, Sequence[str]]:
    """The tags of each alias, in their order."""
    found: dict[str, list[str]] = {}
    for one in recipients:
        tags = found.setdefault(one.alias, [])
        if one.tag and one.tag not in tags:
            tags.append(one.tag)
    return found
