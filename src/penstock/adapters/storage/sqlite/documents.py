"""Documents: maps rows to logos and mails of invoices."""

from __future__ import annotations

import sqlite3

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.invoices.documents import Logo
from penstock.core.invoices.mails import InvoiceMail
from penstock.kit.ids import InvoiceId, MailId, OrgId


class SqliteLogo:
    """Implements `LogoStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def find(self) -> Logo | None:
        row = await self._session.one("find_logo", {"org_id": self._org_id})
        return Logo(**dict(row)) if row else None

    async def set(self, logo: Logo, at_us: int) -> None:
        await self._session.run("set_logo", msgspec.structs.asdict(logo) | {"org_id": self._org_id, "updated_us": at_us})

    async def delete(self) -> bool:
        return await self._session.run("delete_logo", {"org_id": self._org_id}) > 0


class SqliteInvoiceMails:
    """Implements `InvoiceMailStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, mail: InvoiceMail) -> bool:
        return await self._session.run("add_invoice_mail", msgspec.structs.asdict(mail) | {"org_id": self._org_id}) > 0

    async def find(self, mail_id: MailId) -> InvoiceMail | None:
        row = await self._session.one("find_invoice_mail", {"org_id": self._org_id, "id": mail_id})
        return _mail(row) if row else None

    async def list(self, invoice_id: InvoiceId, limit: int, before_id: int) -> list[InvoiceMail]:
        params = {"org_id": self._org_id, "invoice_id": invoice_id, "limit": limit, "before_id": before_id}
        return [_mail(row) for row in await self._session.all("list_invoice_mails", params)]

    async def record(self, mail_id: MailId, *, sent_us: int | None, failed_us: int | None, error: str) -> None:
        params = {"org_id": self._org_id, "id": mail_id, "sent_us": sent_us, "failed_us": failed_us, "error": error}
        await self._session.run("record_invoice_mail", params)


def _mail(row: sqlite3.Row) -> InvoiceMail:
    return InvoiceMail(**dict(row) | {"automatic": bool(row["automatic"])})
