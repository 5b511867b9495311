"""The ports of inboxes: providers of SMS, and what passes their messages on."""

from __future__ import annotations

from typing import Protocol

from penstock.core.inboxes.models import (
    AccountRef,
    DeliveryReport,
    Extracted,
    IncomingMail,
    IncomingSms,
    OutgoingSms,
    Submitted,
)
from penstock.core.vault.keyring import Box
from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId


class SmsProvider(Protocol):
    """One account at a provider of SMS."""

    async def submit(self, sms: OutgoingSms) -> Submitted:
        """Pass an SMS to the provider.

        Raises:
            SmsRefused: the provider rejected it permanently.
            Unavailable: it was certainly not sent; retry later.
            OutcomeUnknown: it may have been sent; it must not be sent again.
        """


class SmsProviders(Protocol):
    """The providers of accounts."""

    async def of(self, account: AccountRef | None) -> SmsProvider:
        """The provider of an account; of None, the one that only logs.

        Raises:
            SmsAccountNotFound: the organisation has no such account.
        """


class SmsIntake(Protocol):
    """Receives what providers report."""

    async def received(self, account: AccountRef, sms: IncomingSms) -> InboxMessageId | None:
        """Store an SMS, and return when it is committed. Returns its id, or None if the recipient's number is not the account's.

        A repeated one returns the same id.

        Raises:
            Unavailable: it was not stored; the provider should deliver it again.
        """

    async def reported(self, account: AccountRef, report: DeliveryReport) -> None:
        """Record the state of a submitted SMS, and return when it is committed. Unknown ids and older states are ignored."""


class MailIntake(Protocol):
    """Receives mails for aliases."""

    async def accepts(self, alias: str) -> bool:
        """Whether an alias is in use. Its case does not matter."""

    async def received_mail(self, alias: str, mail: IncomingMail) -> InboxMessageId | None:
        """Store a mail, and return when it is committed. Returns its id, or None if the alias is not in use.

        A repeated one returns the same id.

        Raises:
            Unavailable: it was not stored; the sender should deliver it again.
        """


class Extractor(Protocol):
    """Finds codes and links in texts."""

    def extract(self, text: str) -> Extracted:
        """What a text contains. Pure."""


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


class Arrivals(Protocol):
    """Those who wait for messages."""

    def arrived(self, org_id: OrgId, address_id: InboxAddressId) -> None:
        """A message for an address was committed."""
