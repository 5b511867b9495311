"""Examples of invoices for the documentation."""

from __future__ import annotations

from typing import Any

CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
RESIDENT_PATH = CUSTOMER_PATH | {"resident_id": "res_0c2k9fq7w3r8d"}
INVOICE_PATH = {"invoice_id": "ivc_0c2k9fq7w3v1c"}
RUN_PATH = {"invoice_run_id": "ivr_0c2k9fq7w3v2r"}
HOLD_PATH = {"hold_id": "ivh_0c2k9fq7w3v3h"}

SELLER: dict[str, Any] = {
    "name": "Rivertown Water",
    "address": ["Mill Lane 3"],
    "postal_code": "12345",
    "city": "Rivertown",
    "country": "DE",
    "vat_id": "DE123456789",
    "registration": "HRB 4711",
    "number": "",
    "email": "billing@example.org",
    "phone": "",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "footer": "",
}
BUYER: dict[str, Any] = {
    "name": "Grace",
    "address": ["Riverside 12"],
    "postal_code": "12345",
    "city": "Rivertown",
    "country": "DE",
    "vat_id": "",
    "registration": "",
    "number": "K-1012",
    "email": "grace@example.org",
    "phone": "",
    "iban": "",
    "bic": "",
    "footer": "",
}
INVOICING_WRITE: dict[str, Any] = {
    "target": "residents",
    "period": "month",
    "due_days": 14,
    "locale": "de-DE",
    "auto_close": True,
    "close_after_days": 3,
    "send_by_mail": True,
}
INVOICING: dict[str, Any] = INVOICING_WRITE | {
    "number_prefix": "",
    "hold_if_suspect": False,
    "next_period": "2026-05",
    "next_close_at": "2026-06-02T22:00:00Z",
}
_ACCOUNT: dict[str, Any] = {
    "customer_id": "cus_0c2k9fq7w3c5d",
    "customer": "Riverside",
    "resident_id": "res_0c2k9fq7w3r8d",
    "account": "Grace",
    "period": "2026-05",
    "from": "2026-04-30T22:00:00Z",
    "to": "2026-05-31T22:00:00Z",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "net": "27.00",
    "vat": "1.89",
    "gross": "28.89",
}
_METER: dict[str, Any] = {
    "device_id": "dev_0c2k9fq7w3m1x",
    "name": "Flat 12",
    "eui": "70b3d57ed0061f2a",
    "serial": "8ZRI0012345678",
    "register": "volume",
    "kind": "volume",
    "unit": "m3",
    "first": "184.327",
    "last": "195.18",
    "estimated": "0",
    "quality": "measured",
}
_LINE: dict[str, Any] = {
    "kind": "usage",
    "text": "Drinking water",
    "from": "2026-04-30T22:00:00Z",
    "to": "2026-05-31T22:00:00Z",
    "quantity": "10",
    "unit": "m3",
    "price": "1.85",
    "net": "18.50",
    "vat_rate": "7",
    "tier": 1,
    "meter": _METER,
    "corrects": None,
    "corrected": None,
    "reason": "",
}
_CONTENT: dict[str, Any] = {
    "locale": "de-DE",
    "seller": SELLER,
    "buyer": BUYER,
    "lines": [
        _LINE,
        _LINE | {"quantity": "0.853", "price": "2.35", "net": "2.00", "tier": 2},
        _LINE
        | {
            "kind": "standing",
            "text": "Standing charge",
            "quantity": "1",
            "unit": "month",
            "price": "6.50",
            "net": "6.50",
            "tier": None,
            "meter": None,
        },
    ],
    "vat_sums": [{"rate": "7", "net": "27.00", "vat": "1.89"}],
    "notes": {"estimated": [], "missing": [], "suspects": 0},
}
PREVIEW: dict[str, Any] = _ACCOUNT | _CONTENT
SUMMARY: dict[str, Any] = _ACCOUNT | {
    "id": "ivc_0c2k9fq7w3v1c",
    "number": "2026-000123",
    "kind": "invoice",
    "state": "open",
    "issued_at": "2026-06-02T22:01:00Z",
    "issued_on": "2026-06-03",
    "due_on": "2026-06-17",
    "paid_at": None,
    "note": "",
    "cancelled_at": None,
    "cancelled_by": None,
    "cancels": None,
    "reason": "",
}
INVOICE: dict[str, Any] = SUMMARY | _CONTENT
PAID: dict[str, Any] = INVOICE | {"state": "paid", "paid_at": "2026-06-10T09:00:00Z", "note": "bank transfer"}
CREDIT_NOTE: dict[str, Any] = SUMMARY | {
    "id": "ivc_0c2k9fq7w3v9c",
    "number": "2026-000124",
    "kind": "credit_note",
    "due_on": None,
    "net": "-27.00",
    "vat": "-1.89",
    "gross": "-28.89",
    "cancels": {"id": "ivc_0c2k9fq7w3v1c", "number": "2026-000123", "issued_on": "2026-06-03", "period": "2026-05"},
    "reason": "wrong tariff",
}
CREDIT_NOTE_CONTENT: dict[str, Any] = CREDIT_NOTE | _CONTENT | {"lines": [], "vat_sums": []}
RUN: dict[str, Any] = {
    "id": "ivr_0c2k9fq7w3v2r",
    "period": "2026-05",
    "customer_ids": None,
    "automatic": False,
    "state": "running",
    "total": None,
    "issued": 0,
    "failed": 0,
    "skipped": 0,
    "problems": [],
    "created_at": "2026-06-03T08:00:00Z",
    "created_by": "ada@example.org",
    "finished_at": None,
}
HOLD: dict[str, Any] = {
    "id": "ivh_0c2k9fq7w3v3h",
    "state": "held",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "resident_id": "res_0c2k9fq7w3r8d",
    "period": "2026-05",
    "code": "invoices.values_suspect",
    "reason": "suspect values in 2026-05: 2; confirm or correct them, or release the invoice",
    "created_at": "2026-06-02T22:01:00Z",
    "released_at": None,
    "released_by": "",
}
