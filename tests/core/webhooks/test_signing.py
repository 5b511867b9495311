"""Signatures, judged by the field's own library and by vectors of the vendors' forms."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from penstock.core.webhooks.formats import WebhookFormats
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import check_headers, headers_of, new_secret
from penstock.core.webhooks.standard import StandardFormat
from penstock.kit.errors import InvalidInput

NOW_S = 1_777_713_304
STANDARD = StandardFormat()
FORMATS = WebhookFormats([STANDARD])


def now_s() -> int:
    return int(datetime.now(UTC).timestamp())


def sent(kept: Secrets, body: bytes, at_s: int = NOW_S) -> dict[str, str]:
    return dict(headers_of(STANDARD, kept, "msg_1", body, at_s))


def bodies() -> list[bytes]:
    seeded = random.Random(7)
    made = [b"", b"{}", '{"t":"🌊"}'.encode(), b'{"a":\r\n1}', b"x" * 20_480]
    return made + [('{"v":"' + "".join(chr(seeded.randrange(32, 0xD7FF)) for _ in range(20)) + '"}').encode() for _ in range(200)]


def test_the_standard_signature_is_accepted_by_the_public_library() -> None:
    for body in bodies():
        secret = new_secret()
        headers = sent(Secrets(secret=secret), body, now_s())
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
    headers = sent(Secrets(secret=secret), b"{}", now_s() + skew_s)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify("{}", headers)


def test_while_a_secret_is_replaced_both_are_accepted() -> None:
    old, new = new_secret(), new_secret()
    headers = sent(Secrets(secret=new, previous=old), b"{}", now_s())
    for secret in (old, new):
        Webhook(secret).verify("{}", headers)
    after = sent(Secrets(secret=new), b"{}", now_s())
    Webhook(new).verify("{}", after)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify("{}", after)


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-length", "Transfer-Encoding", "Webhook-Id", "webhook-signature"),
        *("Content-Type", "Proxy-Authorization", "Connection", "", "a b", "a:b", "a\r\nX", "ü"),
        "x" * 65,
    ],
)
def test_headers_that_are_not_for_others_to_set(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_headers(((name, "x"),), STANDARD, FORMATS)
    assert refused.value.errors[0].field.startswith("headers.")


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\n", "\x00", "ü", " lead", "trail ", "x" * 1025])
def test_values_that_are_none(value: str) -> None:
    with pytest.raises(InvalidInput):
        check_headers((("X-A", value),), STANDARD, FORMATS)


def test_how_many_headers() -> None:
    many = tuple((f"X-{n}", "v") for n in range(16))
    assert check_headers(many, STANDARD, FORMATS) == many
    with pytest.raises(InvalidInput):
        check_headers((*many, ("X-16", "v")), STANDARD, FORMATS)
    with pytest.raises(InvalidInput):
        check_headers((("X-A", "1"), ("x-a", "2")), STANDARD, FORMATS)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "whsec_YQ==", "nothing", "whsec_" + "A" * 100])
def test_a_standard_secret_has_24_to_64_bytes(secret: str) -> None:
    with pytest.raises(InvalidInput):
        STANDARD.check_secret(secret, "secret")


def test_a_secret_of_ours_may_be_brought() -> None:
    STANDARD.check_secret(new_secret(), "secret")


def test_what_the_vault_has_does_not_show() -> None:
    shown = repr(Secrets(secret="s3cret", previous="s3cret", headers=(("A", "s3cret"),)))
    assert "s3cret" not in shown
