"""Webhook formats side by side: what is forbidden with any, and names that are no format's."""

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


def sent(form: str, kept: Secrets, body: bytes) -> dict[str, str]:
    return dict(headers_of(WEBHOOK_FORMATS.get(form), kept, "msg_1", body, NOW_S))


@pytest.mark.parametrize(
    ("form", "name", "prefix"),
    [("kaito", "Kaito-Signature", f"{NOW_S}."), ("siliconwit", "X-Webhook-Signature", "")],
)
def test_the_old_secret_of_a_vendors_form_signs_in_a_header_of_its_own(form: str, name: str, prefix: str) -> None:
    headers = sent(form, Secrets(secret="n" * 20, previous="o" * 20), b"body")
    for header, secret in ((name, b"n" * 20), (f"{name}-Previous", b"o" * 20)):
        mine = hmac.new(secret, prefix.encode() + b"body", hashlib.sha256).hexdigest()
        assert headers[header] == f"sha256={mine}"


@pytest.mark.parametrize("form", [form.name for form in WEBHOOK_FORMATS])
@pytest.mark.parametrize("name", ["Webhook-Id", "Kaito-Signature", "X-Webhook-Signature", "x-webhook-signature-previous"])
def test_no_endpoint_sets_a_header_that_any_format_signs_with(form: str, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_headers(((name, "x"),), WEBHOOK_FORMATS.get(form), WEBHOOK_FORMATS)
    assert refused.value.errors[0].code == "forbidden"


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
