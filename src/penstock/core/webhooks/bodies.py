"""The payloads that are kept encrypted: those with the texts of messages. And the data of events that are not in the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.outbox import OutboxEntry
from penstock.core.tenancy.event_scopes import check_reaches, scopes_of
from penstock.core.vault.keyring import Box, wipe
from penstock.core.vault.models import Sealed
from penstock.core.webhooks.models import Message
from penstock.kit.ids import OrgId, WebhookMessageId

SEALED = ("sms.inbound", "sms.delivery_status", "mail.inbound")
"""Topics whose payloads are kept encrypted."""


class Boxes(Protocol):
    """Where the key of an organisation comes from."""

    async def box(self, org_id: OrgId, needs: int = 0) -> Box:
        """The box of an organisation, with version `needs` of its key if that exists. Not inside a transaction.

        Raises:
            Unavailable: the master key cannot be reached; retry later.
        """

    async def confirm(self, org_id: OrgId, version: int) -> None:
        """Refuse to store what a version of the key encrypted, if it was destroyed. In the transaction that stores it.

        Raises:
            Unavailable: it was; retry.
        """


class EventPayloads(Protocol):
    """The data of events whose entries in the outbox have only ids."""

    @property
    def topics(self) -> Set[str]:
        """The topics of these events."""

    async def data(self, entry: OutboxEntry) -> dict[str, Any] | None:
        """The data of an event; None if what it is about was deleted.

        Raises:
            SecretDamaged, KeysMissing.
            Unavailable: the master key cannot be reached; retry later.
        """


class Bodies:
    """Encrypts and decrypts payloads."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes

    async def seal(self, message: Message) -> Message:
        """A message as it is stored. Not inside a transaction.

        Raises:
            Unavailable: the master key cannot be reached; retry later.
        """
        if message.topic not in SEALED or message.body is None:
            return message
        box = await self._boxes.box(message.org_id)
        sealed = box.seal(message.body, bond_of(message.id))
        return msgspec.structs.replace(message, body=sealed.content, data_key=sealed.data_key, key_version=sealed.key_version)

    async def confirm(self, org_id: OrgId, messages: Iterable[Message]) -> None:
        """Refuse to store messages that were encrypted with a key that was destroyed since. In the transaction that does.

        Raises:
            Unavailable: one was; the same event again is encrypted with a new key.
        """
        for version in {one.key_version for one in messages if one.key_version is not None}:
            await self._boxes.confirm(org_id, version)

    async def open(self, message: Message) -> Message:
        """A stored message with its payload. Not inside a transaction.

        Raises:
            SecretShredded, SecretDamaged, KeysMissing.
            Unavailable: the master key cannot be reached; retry later.
        """
        if message.body is None or message.data_key is None or message.key_version is None:
            return message
        box = await self._boxes.box(message.org_id, message.key_version)
        plain = box.open(Sealed(message.key_version, message.data_key, message.body), bond_of(message.id))
        try:
            return msgspec.structs.replace(message, body=bytes(plain), data_key=None, key_version=None)
        finally:
            wipe(plain)


def bond_of(message_id: WebhookMessageId) -> str:
    """What an encrypted payload is bound to."""
    return f"webhook message {message_id}"


def check_topics(actor: Actor, topics: Iterable[str]) -> None:
    """Check that a caller can read everything that an endpoint with these topics receives.

    Raises:
        ScopeMissing.
        GrantedTopics: the caller reaches only some of the numbers, aliases or tokens.
    """
    named = list(topics)
    actor.require_all(scopes_of(named))
    check_reaches(actor, named)
