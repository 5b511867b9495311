"""Invoices as files and by mail over HTTP, as an office and a household see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from facturx import xml_check_xsd
from msgspec.structs import replace
from pypdf import PdfReader

from penstock.bootstrap.server import Control
from penstock.core.invoices.models import Invoice
from penstock.core.invoices.setup import Invoicing
from penstock.kit.ids import CustomerId, InvoiceId, OrgId, Prefix, ResidentId, decode, encode
from tests.adapters.documents.issued import BUYER, LINES, SELLER, issued
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import Org
from tests.support.waiting import eventually

Issue = Callable[..., str]
PASSWORD = "a long enough passphrase 7"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as box:
        yield box


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[InProcessServer]:
    with in_process_server(tmp_path_factory.mktemp("documents") / "data", orgs=(), environment=mailbox.settings) as one:
        yield one


@pytest.fixture
def org(server: InProcessServer) -> Org:
    return server.new_org()


@pytest.fixture
def api(server: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with server.client(org) as client:
        yield client


@pytest.fixture
def issue(server: InProcessServer, org: Org) -> Issue:
    """Stores an invoice as the closing of a period does; returns its id."""
    org_id = OrgId(decode(Prefix.ORGANIZATION, org.organization_id) or 0)

    def made(invoice: Invoice, *, mailed: bool = False) -> str:
        async def store(control: Control) -> None:
            async with control.database.transaction(org_id) as tx:
                await tx.invoices.add_all([*earlier, one])
                if mailed:
                    await tx.invoicing.set(one.customer_id, Invoicing(send_by_mail=True), None)
                await tx.outbox.add("invoice.created", one.id, Invoicing())

        one = replace(invoice, id=InvoiceId(org_id + next(counter)))
        # What a line corrects is stored before it.
        references = [replace(line.corrects, id=InvoiceId(org_id + next(counter))) for line in one.lines if line.corrects]
        earlier = [
            replace(
                one, id=ref.id, number=ref.number, period=ref.period, begin_us=ref.begin_us, end_us=ref.end_us, lines=LINES[:4]
            )
            for ref in references
        ]
        lines = iter(references)
        one = replace(one, lines=tuple(replace(line, corrects=next(lines)) if line.corrects else line for line in one.lines))
        server.run(store)
        return encode(Prefix.INVOICE, one.id)

    counter = iter(range(1, 100))
    return made


def customer(api: httpx.Client) -> CustomerId:
    body = {"name": "Riverside", "admin_email": "office@example.org", "tenant_name": "riverside"}
    return CustomerId(decode(Prefix.CUSTOMER, api.post("/api/v2/customers", json=body).raise_for_status().json()["id"]) or 0)


def file(api: httpx.Client, invoice_id: str, form: str = "pdf") -> httpx.Response:
    return api.get(f"/api/v2/invoices/{invoice_id}/file", params={"format": form}).raise_for_status()


def text_of(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\xa0", " ")


def test_an_invoice_in_every_format(api: httpx.Client, issue: Issue) -> None:
    invoice_id = issue(issued(number="N/2026-000123"))
    pdf = file(api, invoice_id)
    assert (pdf.headers["content-type"], pdf.headers["content-disposition"]) == (
        "application/pdf",
        'attachment; filename="N-2026-000123.pdf"',
    )
    assert "Rechnung N/2026-000123" in text_of(pdf.content)
    assert "82,84 €" in text_of(file(api, invoice_id, "facturx").content)
    for form in ("xml", "cii"):
        found = file(api, invoice_id, form)
        assert found.headers["content-type"] == "application/xml"
        assert xml_check_xsd(found.content, level="en16931")
    rows = list(csv.DictReader(file(api, invoice_id, "csv").text.splitlines()))
    assert [row["net"] for row in rows] == [str(line.net) for line in LINES]
    assert rows[0] | {"first": "1184.327", "last": "1199.077", "tier": "1", "begin": "2026-05-01", "end": "2026-05-31"} == rows[0]
    assert (rows[4]["corrects"], rows[4]["quantity"], rows[4]["reason"]) == ("2026-000097", "-1.2", "Ablesung")
    assert api.get(f"/api/v2/invoices/{invoice_id}/file", params={"format": "doc"}).status_code == 400


def test_what_en_16931_requires_is_named(api: httpx.Client, issue: Issue) -> None:
    invoice_id = issue(issued(LINES[:4], seller=replace(SELLER, country="")))
    refused = api.get(f"/api/v2/invoices/{invoice_id}/file", params={"format": "xml"})
    assert (refused.status_code, refused.json()["code"]) == (409, "invoices.document_incomplete")
    assert "seller.country" in refused.json()["detail"]
    assert "Rechnung" in text_of(file(api, invoice_id).content), "a PDF needs nothing"


def test_an_issued_invoice_is_mailed_once(api: httpx.Client, issue: Issue, mailbox: Mailbox, server: InProcessServer) -> None:
    buyer = replace(BUYER, email="once@example.org")
    invoice_id = issue(issued(LINES[:4], customer_id=customer(api), buyer=buyer), mailed=True)
    mail = mailbox.wait_for("once@example.org")
    assert mail["Subject"] == "Rechnung 2026-000123 von Stadtwerke Nordstadt GmbH"
    assert mail["Reply-To"] == SELLER.email
    assert "anbei erhalten Sie die Rechnung 2026-000123" in mail.get_body().get_content()  # type: ignore[union-attr]
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "2026-000123.pdf"
    assert "Rechnung 2026-000123" in text_of(attached.get_content())
    path = f"/api/v2/invoices/{invoice_id}/mails"
    assert eventually(lambda: api.get(path).json()["data"][0]["state"] == "sent")
    (entry,) = api.get(path).json()["data"]
    assert (entry["to"], entry["automatic"], entry["attempts"], entry["error"]) == ("once@example.org", True, 1, "")
    assert entry["sent_at"]


def test_an_invoice_is_not_mailed_unless_its_customer_wants_it(api: httpx.Client, issue: Issue) -> None:
    quiet = issue(issued(LINES[:4], customer_id=customer(api)))
    loud = issue(issued(LINES[:4], customer_id=CustomerId(7), number="2"))
    sent = api.post(f"/api/v2/invoices/{loud}/send", json={"to": "other@example.org"})
    assert sent.status_code == 202
    assert eventually(lambda: api.get(f"/api/v2/invoices/{loud}/mails").json()["data"][0]["state"] == "sent")
    assert api.get(f"/api/v2/invoices/{quiet}/mails").json()["data"] == []


def test_a_buyer_without_an_address_is_shown(api: httpx.Client, issue: Issue) -> None:
    buyer = replace(BUYER, email="")
    invoice_id = issue(issued(LINES[:4], customer_id=customer(api), buyer=buyer), mailed=True)
    path = f"/api/v2/invoices/{invoice_id}"
    assert eventually(lambda: api.get(f"{path}/mails").json()["data"])
    (entry,) = api.get(f"{path}/mails").json()["data"]
    assert (entry["state"], entry["error"]) == ("failed", "the buyer has no e-mail address")
    refused = api.post(f"{path}/send")
    assert (refused.status_code, refused.json()["code"]) == (409, "invoices.recipient_missing")
    assert api.post(f"{path}/send", json={"to": "nobody"}).json()["errors"][0]["field"] == "to"


def test_an_invoice_is_sent_by_hand(api: httpx.Client, issue: Issue, mailbox: Mailbox) -> None:
    invoice_id = issue(issued(LINES[:4], locale="en-GB", buyer=replace(BUYER, email="hand@example.org")))
    for _ in range(2):
        queued = api.post(f"/api/v2/invoices/{invoice_id}/send").raise_for_status().json()
        assert (queued["to"], queued["state"], queued["automatic"]) == ("hand@example.org", "queued", False)
    assert mailbox.wait_for("hand@example.org", 2)["Subject"] == "Invoice 2026-000123 from Stadtwerke Nordstadt GmbH"
    page = api.get(f"/api/v2/invoices/{invoice_id}/mails", params={"limit": 1}).json()
    assert api.get(f"/api/v2/invoices/{invoice_id}/mails", params={"cursor": page["next_cursor"]}).json()["next_cursor"] is None


def test_a_refused_mail_is_tried_again(api: httpx.Client, issue: Issue, mailbox: Mailbox) -> None:
    mailbox.refuse = 1
    invoice_id = issue(issued(LINES[:4]))
    api.post(f"/api/v2/invoices/{invoice_id}/send", json={"to": "late@example.org"})
    path = f"/api/v2/invoices/{invoice_id}/mails"
    assert eventually(lambda: api.get(path).json()["data"][0]["attempts"] == 1)
    (entry,) = api.get(path).json()["data"]
    assert entry["state"] == "queued"
    assert "451" in entry["error"]


def test_unknown_invoices_are_not_found(api: httpx.Client) -> None:
    for path in ("file", "mails"):
        for invoice_id in ("ivc_0c2k9fq7w3n2s", "x"):
            refused = api.get(f"/api/v2/invoices/{invoice_id}/{path}")
            assert (refused.status_code, refused.json()["code"]) == (404, "invoices.not_found")


@contextmanager
def signed_in(server: InProcessServer, api: httpx.Client, mailbox: Mailbox, path: str, email: str) -> Iterator[httpx.Client]:
    """A client of a resident who accepted an invitation."""
    api.post(f"{path}/invitation").raise_for_status()
    with server.client() as client:
        joining = {"token": mailbox.token_for(email), "password": PASSWORD, "name": "Erika"}
        client.post("/api/v2/auth/invitations/accept", json=joining).raise_for_status()
        tokens = client.post("/api/v2/auth/sign-in", json={"email": email, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.headers["X-Organization-Id"] = api.headers["X-Organization-Id"]
        yield client


def test_residents_get_their_own_invoices_alone(
    server: InProcessServer, api: httpx.Client, issue: Issue, mailbox: Mailbox
) -> None:
    customer_id = customer(api)
    residents = f"/api/v2/customers/{encode(Prefix.CUSTOMER, customer_id)}/residents"
    resident = api.post(residents, json={"name": "Erika", "email": "resident@example.org"}).json()
    own = ResidentId(decode(Prefix.RESIDENT, resident["id"]) or 0)
    mine = issue(issued(LINES[:4], customer_id=customer_id, resident_id=own))
    others = issue(issued(LINES[:4], customer_id=customer_id, resident_id=ResidentId(own + 1), number="3"))
    whole = issue(issued(LINES[:4], customer_id=customer_id, number="4"))
    with signed_in(server, api, mailbox, f"{residents}/{resident['id']}", "resident@example.org") as erika:
        found = erika.get(f"/api/v2/profile/invoices/{mine}/file").raise_for_status()
        assert "85,68 €" in text_of(found.content)
        assert [erika.get(f"/api/v2/profile/invoices/{one}/file").status_code for one in (others, whole)] == [404, 404]
        assert erika.get(f"/api/v2/invoices/{mine}/file").status_code == 403
    assert api.get(f"/api/v2/profile/invoices/{mine}/file").status_code == 403, "a key is no resident"
