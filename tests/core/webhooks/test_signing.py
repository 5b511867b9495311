"""Signatures, judged by the field's own library and by vectors of the vendors' forms."""

from __future__ import annotations

import hashlib
import hmac
import random
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from penstock.core.webhooks.models import Format, Secrets
from penstock.core.webhooks.signing import check_headers, check_secret, headers_of, new_secret
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


def now_s() -> int:
    return int(datetime.now(UTC).timestamp())


def sent(form: Format, kept: Secrets, body: bytes, at_s: int = NOW_S) -> dict[str, str]:
    return dict(headers_of(form, kept, "msg_1", body, at_s))


def bodies() -> list[bytes]:
    seeded = random.Random(7)
    made = [b"", b"{}", '{"t":"🌊"}'.encode(), b'{"a":\r\n1}', b"x" * 20_480]
    return made + [('{"v":"' + "".join(chr(seeded.randrange(32, 0xD7FF)) for _ in range(20)) + '"}').encode() for _ in range(200)]


def test_the_standard_signature_is_accepted_by_the_public_library() -> None:
    for body in bodies():
        secret = new_secret()
        headers = sent(Format.STANDARD, Secrets(secret=secret), body, now_s())
        verifier = Webhook(secret)
        if body.startswith(b"{"):
            verifier.verify(body.decode(), headers)
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body.decode() + " ", headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(new_secret()).verify(body.decode(), headers)


@pytest.mark.parametrize("skew_s", [-301, 301])
def test_a_replayed_message_is_too_old(skew_s: int) -> None:
    secret = new_secret()
    headers = sent(Format.STANDARD, Secrets(secret=secret), b"{}", now_s() + skew_s)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify("{}", headers)


def test_while_a_secret_is_replaced_both_are_accepted() -> None:
    old, new = new_secret(), new_secret()
    headers = sent(Format.STANDARD, Secrets(secret=new, previous=old), b"{}", now_s())
    for secret in (old, new):
        Webhook(secret).verify("{}", headers)
    after = sent(Format.STANDARD, Secrets(secret=new), b"{}", now_s())
    Webhook(new).verify("{}", after)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify("{}", after)


def test_kaito_by_its_vector() -> None:
    headers = sent(Format.KAITO, Secrets(secret="whsec_3d1c9a77b0"), KAITO_BODY)
    assert headers["Kaito-Timestamp"] == "1777713304"
    assert headers["Kaito-Signature"] == "sha256=f8a1fbacb172230c291c25a2afe62fda1d23e63615a3ada0fef3824bbcefeae3"
    assert "Kaito-Signature-Previous" not in headers


def test_siliconwit_by_its_vector() -> None:
    headers = sent(Format.SILICONWIT, Secrets(secret="whk_secret_demo"), SILICONWIT_BODY)
    assert headers["X-Webhook-Signature"] == "sha256=ef9905744771679744529cd4898b259eb1d9544bd2ef316dd96013efea53cf46"


@pytest.mark.parametrize(
    ("form", "name", "prefix"),
    [(Format.KAITO, "Kaito-Signature", f"{NOW_S}."), (Format.SILICONWIT, "X-Webhook-Signature", "")],
)
def test_the_old_secret_of_a_vendors_form_signs_in_a_header_of_its_own(form: Format, name: str, prefix: str) -> None:
    headers = sent(form, Secrets(secret="n" * 20, previous="o" * 20), b"body")
    for header, secret in ((name, b"n" * 20), (f"{name}-Previous", b"o" * 20)):
        mine = hmac.new(secret, prefix.encode() + b"body", hashlib.sha256).hexdigest()
        assert headers[header] == f"sha256={mine}"


def test_iottly_is_not_signed_and_may_choose_its_content_type() -> None:
    headers = sent(Format.IOTTLY, Secrets(headers=(("Content-type", "text/plain"), ("X-Token", "abc"))), b"{}")
    assert headers == {"User-Agent": "Penstock-Webhooks", "Content-type": "text/plain", "X-Token": "abc"}


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-length", "Transfer-Encoding", "Webhook-Id", "webhook-signature", "Kaito-Signature"),
        *("X-Webhook-Signature", "Content-Type", "Proxy-Authorization", "Connection", "", "a b", "a:b", "a\r\nX", "ü"),
        "x" * 65,
    ],
)
def test_headers_that_are_not_for_others_to_set(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_headers(((name, "x"),), Format.STANDARD)
    assert refused.value.errors[0].field.startswith("headers.")


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\n", "\x00", "ü", " lead", "trail ", "x" * 1025])
def test_values_that_are_none(value: str) -> None:
    with pytest.raises(InvalidInput):
        check_headers((("X-A", value),), Format.STANDARD)


def test_how_many_headers() -> None:
    many = tuple((f"X-{n}", "v") for n in range(16))
    assert check_headers(many, Format.STANDARD) == many
    with pytest.raises(InvalidInput):
        check_headers((*many, ("X-16", "v")), Format.STANDARD)
    assert check_headers(many[:5], Format.IOTTLY) == many[:5]
    with pytest.raises(InvalidInput):
        check_headers(many[:6], Format.IOTTLY)
    with pytest.raises(InvalidInput):
        check_headers((("X-A", "1"), ("x-a", "2")), Format.STANDARD)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "whsec_YQ==", "nothing", "whsec_" + "A" * 100])
def test_a_standard_secret_has_24_to_64_bytes(secret: str) -> None:
    with pytest.raises(InvalidInput):
        check_secret(secret, Format.STANDARD)


def test_secrets_that_may_be_brought() -> None:
    made = new_secret()
    assert check_secret(made, Format.STANDARD) == made
    assert check_secret("0123456789abcdef", Format.KAITO)
    with pytest.raises(InvalidInput):
        check_secret("0123456789abcde", Format.KAITO)
    with pytest.raises(InvalidInput):
        check_secret("0123456789abcdef", Format.IOTTLY)


def test_what_is_sealed_does_not_show() -> None:
    shown = repr(Secrets(secret="s3cret", previous="s3cret", headers=(("A", "s3cret"),)))
    assert "s3cret" not in shown
