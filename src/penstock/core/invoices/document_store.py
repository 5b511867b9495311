"""The stores of the logo and of mails with invoices. Each sees only the transaction's organisation."""

from __future__ import annotations

from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.invoices.documents import Logo
from penstock.core.invoices.mails import InvoiceMail
from penstock.core.invoices.store import HasInvoices
from penstock.core.people.store import HasMail
from penstock.kit.ids import InvoiceId, MailId


class LogoStore(Protocol):
    """The organisation's logo."""

    async def find(self) -> Logo | None:
        """The logo, or None."""

    async def set(self, logo: Logo, at_us: int) -> None:
        """Replace the logo."""

    async def delete(self) -> bool:
        """Remove the logo. Returns whether there was one."""


class InvoiceMailStore(Protocol):
    """The mails with which invoices were sent."""

    async def add(self, mail: InvoiceMail) -> bool:
        """Record a queued mail. Returns False, and changes nothing, if it is automatic and the invoice has one already."""

    async def find(self, mail_id: MailId) -> InvoiceMail | None:
        """A mail, or None."""

    async def list(self, invoice_id: InvoiceId, limit: int, before_id: int) -> list[InvoiceMail]:
        """The mails of an invoice, newest first, below `before_id`."""

    async def record(self, mail_id: MailId, *, sent_us: int | None, failed_us: int | None, error: str) -> None:
        """Record an attempt."""


class HasLogo(Protocol):
    """A transaction with the logo."""

    @property
    def logo(self) -> LogoStore:
        """The organisation's logo."""


class LogoTransaction(HasLogo, HasAudit, Protocol):
    """The transaction of the use cases on the logo."""


class SendingTransaction(HasLogo, HasInvoices, HasMail, HasAudit, Protocol):
    """The transaction of the use cases that send invoices."""

    @property
    def invoice_mails(self) -> InvoiceMailStore:
        """The mails with which invoices were sent."""
