"""A month of meters becomes bills that arrive: closed, printed with the right sums, and mailed once to each buyer."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from penstock.core.invoices.documents import file_name
from tests.adapters.documents.issued import issued
from tests.core.invoices.billed import Utility, utility

SELLER = {
    "name": "Ύδρευση Βορρά",
    "address": ["Οδός Νερού 7"],
    "postal_code": "10557",
    "city": "Αθήνα",
    "country": "GR",
    "vat_id": "EL123456789",
    "iban": "GR1601101250000000012300695",
    "email": "bills@water.example",
}


async def deliver(acme: Utility, folder: Path) -> list[EmailMessage]:
    """Do what the workers do until nothing is left; all mails that were sent so far."""
    workers = acme.server.workers
    while await workers.outbox.step():
        pass
    while await workers.outbox.step_background():
        pass
    await workers.supervisor.workers["mail"].__self__.step()  # type: ignore[attr-defined]  # a bound method
    mails = [email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
    assert all(isinstance(mail, EmailMessage) for mail in mails)
    return mails  # type: ignore[return-value]


async def test_each_buyer_gets_their_bill_once(tmp_path: Path) -> None:
    async with utility(tmp_path, "2026-06-02T00:00:00") as acme:
        await acme.call("PUT", "/organization/billing-party", SELLER)
        customer = await acme.customer(target="residents", locale="en-IE", due_days=14, send_by_mail=True)
        await acme.assign(customer, await acme.tariff())
        for name in ("Ελένη Παπαδοπούλου", "श्री राम"):
            resident = await acme.resident(customer, name)
            await acme.read_daily(await acme.meter(customer, resident), "2026-04-30", 32)
        await acme.close("2026-05")
        await acme.close("2026-05")
        mails = await deliver(acme, tmp_path / "data" / "mail")
        assert len(mails) == len(await deliver(acme, tmp_path / "data" / "mail")) == 2
        texts = []
        for mail in mails:
            (attached,) = mail.iter_attachments()
            texts.append(PdfReader(BytesIO(attached.get_content())).pages[0].extract_text().replace("\xa0", " "))
        assert sorted(mail["Subject"] for mail in mails) == [f"Invoice 2026-00000{n} from Ύδρευση Βορρά" for n in (1, 2)]
        assert any("Ελένη Παπαδοπούλου" in text for text in texts)
        assert all("31.000 m³" in text and "€68.20" in text and "16 June 2026" in text for text in texts)
        invoices = await acme.invoices()
        sent = [await acme.call("GET", f"/invoices/{one['id']}/mails") for one in invoices]
        assert [one["data"][0]["state"] for one in sent] == ["sent", "sent"]


def test_a_file_is_named_after_its_invoice() -> None:
    assert file_name(issued(number="N/2026 ä\r\n7"), "pdf") == "N-2026-7.pdf"
