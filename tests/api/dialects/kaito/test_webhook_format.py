"""Webhooks in Kaito's form, by a vector."""

from __future__ import annotations

from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import headers_of

NOW_S = 1_777_713_304


KAITO_BODY = (
    b'{"id":"evt_01","type":"sms.inbound","created_at":"2026-05-02T09:15:04Z","data":{"id":"sms_01","number":"+441700900123",'
    b'"from":"+447700900456","body":"Your code is 481902","received_at":"2026-05-02T09:15:03Z"}}'
)


def sent(form: str, kept: Secrets, body: bytes) -> dict[str, str]:
    return dict(headers_of(WEBHOOK_FORMATS.get(form), kept, "msg_1", body, NOW_S))


def test_kaito_by_its_vector() -> None:
    headers = sent("kaito", Secrets(secret="whsec_3d1c9a77b0"), KAITO_BODY)
    assert headers["Kaito-Timestamp"] == "1777713304"
    assert headers["Kaito-Signature"] == "sha256=f8a1fbacb172230c291c25a2afe62fda1d23e63615a3ada0fef3824bbcefeae3"
    assert "Kaito-Signature-Previous" not in headers
