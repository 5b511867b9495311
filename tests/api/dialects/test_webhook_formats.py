"""Webhooks in vendors' forms: signatures by vectors, headers and secrets, and what a form asks of an endpoint."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.core.webhooks.formats import BatchingFormat, WebhookFormats
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import check_headers, headers_of
from penstock.core.webhooks.standard import StandardFormat
from penstock.kit.errors import InvalidInput

NOW_S = 1_777_713_304
KAITO_BODY = (
    b'{"id":"evt_01","type":"sms.inbound","created_at":"2026-05-02T09:15:04Z","data":{"id":"sms_01","number":"+441700900123",'
    b'"from":"+447700900456","body":"Your code is 481902","received_at":"2026-05-02T09:15:03Z"}}'
)
SILICONWIT_BODY = (
    b'{"event":"threshold_exceeded","alert_id":"swk_alert_5c1d09ab","device_id":"dev_9f3kq21x","device_name":"Cold room 2",'
    b'"condition":"temperature > 6","current_value":7.4,"threshold":6,"severity":"critical","timestamp":"2026-05-02T09:15:04Z",'
    b'"metadata":{}}'
)


def sent(form: str, kept: Secrets, body: bytes) -> dict[str, str]:
    return dict(headers_of(WEBHOOK_FORMATS.get(form), kept, "msg_1", body, NOW_S))


def test_kaito_by_its_vector() -> None:
    headers = sent("kaito", Secrets(secret="whsec_3d1c9a77b0"), KAITO_BODY)
    assert headers["Kaito-Timestamp"] == "1777713304"
    assert headers["Kaito-Signature"] == "sha256=f8a1fbacb172230c291c25a2afe62fda1d23e63615a3ada0fef3824bbcefeae3"
    assert "Kaito-Signature-Previous" not in headers


def test_siliconwit_by_its_vector() -> None:
    headers = sent("siliconwit", Secrets(secret="whk_secret_demo"), SILICONWIT_BODY)
    assert headers["X-Webhook-Signature"] == "sha256=ef9905744771679744529cd4898b259eb1d9544bd2ef316dd96013efea53cf46"


@pytest.mark.parametrize(
    ("form", "name", "prefix"),
    [("kaito", "Kaito-Signature", f"{NOW_S}."), ("siliconwit", "X-Webhook-Signature", "")],
)
def test_the_old_secret_of_a_vendors_form_signs_in_a_header_of_its_own(form: str, name: str, prefix: str) -> None:
    headers = sent(form, Secrets(secret="n" * 20, previous="o" * 20), b"body")
    for header, secret in ((name, b"n" * 20), (f"{name}-Previous", b"o" * 20)):
        mine = hmac.new(secret, prefix.encode() + b"body", hashlib.sha256).hexdigest()
        assert headers[header] == f"sha256={mine}"


def test_iottly_is_not_signed_and_may_choose_its_content_type() -> None:
    headers = sent("iottly", Secrets(headers=(("Content-type", "text/plain"), ("X-Token", "abc"))), b"{}")
    assert headers == {"User-Agent": "Penstock-Webhooks", "Content-type": "text/plain", "X-Token": "abc"}


@pytest.mark.parametrize("form", [form.name for form in WEBHOOK_FORMATS])
@pytest.mark.parametrize("name", ["Webhook-Id", "Kaito-Signature", "X-Webhook-Signature", "x-webhook-signature-previous"])
def test_no_endpoint_sets_a_header_that_any_format_signs_with(form: str, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_headers(((name, "x"),), WEBHOOK_FORMATS.get(form), WEBHOOK_FORMATS)
    assert refused.value.errors[0].code == "forbidden"


def test_how_many_headers_iottly_takes() -> None:
    many = tuple((f"X-{n}", "v") for n in range(6))
    iottly = WEBHOOK_FORMATS.get("iottly")
    assert check_headers(many[:5], iottly, WEBHOOK_FORMATS) == many[:5]
    with pytest.raises(InvalidInput):
        check_headers(many, iottly, WEBHOOK_FORMATS)


def test_secrets_that_may_be_brought() -> None:
    for name in ("kaito", "siliconwit"):
        form = WEBHOOK_FORMATS.get(name)
        form.check_secret("0123456789abcdef", "secret")
        with pytest.raises(InvalidInput):
            form.check_secret("0123456789abcde", "secret")
    with pytest.raises(InvalidInput):
        WEBHOOK_FORMATS.get("iottly").check_secret("0123456789abcdef", "secret")


def test_which_formats_batch() -> None:
    assert {form.name for form in WEBHOOK_FORMATS if isinstance(form, BatchingFormat)} == {"standard", "kaito"}


def test_a_format_without_its_dialect_is_told_and_two_of_one_name_are_none() -> None:
    ours = WebhookFormats([StandardFormat()])
    assert ours.find("kaito") is None
    with pytest.raises(InvalidInput, match="kaito"):
        ours.get("kaito")
    with pytest.raises(ValueError, match="standard"):
        WebhookFormats([StandardFormat(), StandardFormat()])
