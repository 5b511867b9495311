"""Examples of documents for the documentation."""

from __future__ import annotations

INVOICE_PATH = {"invoice_id": "ivc_0c2k9fq7w3n2s"}
MAIL = {
    "to": "erika@example.org",
    "state": "sent",
    "automatic": True,
    "created_at": "2026-06-03T08:00:00Z",
    "sent_at": "2026-06-03T08:00:04Z",
    "failed_at": None,
    "attempts": 1,
    "error": "",
}
QUEUED = MAIL | {"state": "queued", "automatic": False, "sent_at": None, "attempts": 0}
IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""
LOGO = {"media_type": "image/png", "width": 600, "height": 200, "size_bytes": 18_320}
ROWS = (
    "number,kind,issued_on,due_on,line,line_kind,text,tier,begin,end,meter,eui,serial,register,first,last,estimated,meter_unit,"
    "quantity,unit,price,net,vat_rate,currency,corrects,reason\r\n"
    "2026-000123,invoice,2026-06-03,2026-06-17,1,usage,Water,,2026-05-01,2026-05-31,Flat 12,70b3d57ed0061f2a,8ZRI-0041,volume,"
    "1184.327,1199.077,0,m3,14.75,m3,2.21,32.60,7,EUR,,\r\n"
)
