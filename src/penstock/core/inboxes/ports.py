"""The ports of inboxes: providers of SMS, and what passes their messages on."""

from __future__ import annotations

from typing import Protocol

from penstock.core.inboxes.models import AccountRef, DeliveryReport, IncomingSms, OutgoingSms, Submitted
from penstock.kit.ids import InboxMessageId


class SmsProvider(Protocol):
    """One account at a provider of SMS."""

    async def submit(self, sms: OutgoingSms) -> Submitted:
        """Pass an SMS to the provider.

        Raises:
            SmsRefused: the provider rejected it for good.
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
        """Store an SMS, and return when it is committed. Returns its id, or None if its recipient is no number of the account.

        A repeated one returns the same id.

        Raises:
            Unavailable: it was not stored; the provider should deliver it again.
        """

    async def reported(self, account: AccountRef, report: DeliveryReport) -> None:
        """Record the state of a submitted SMS, and return when it is committed. Unknown ids and older states are ignored."""
