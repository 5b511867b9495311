"""The secrets of endpoints in Kaito's form."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.core.webhooks.formats import BatchingFormat
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import headers_of
from penstock.kit.errors import InvalidInput

NOW_S = 1_777_713_304


def sent(form: str, kept: Secrets, body: bytes) -> dict[str, str]:
    return dict(headers_of(WEBHOOK_FORMATS.get(form), kept, "msg_1", body, NOW_S))


def test_the_old_secret_signs_in_a_header_of_its_own() -> None:
    headers = sent("kaito", Secrets(secret="n" * 20, previous="o" * 20), b"body")
    for header, secret in (("Kaito-Signature", b"n" * 20), ("Kaito-Signature-Previous", b"o" * 20)):
        mine = hmac.new(secret, f"{NOW_S}.body".encode(), hashlib.sha256).hexdigest()
        assert headers[header] == f"sha256={mine}"


def test_secrets_that_may_be_brought() -> None:
    form = WEBHOOK_FORMATS.get("kaito")
    form.check_secret("0123456789abcdef", "secret")
    with pytest.raises(InvalidInput):
        form.check_secret("0123456789abcde", "secret")
    assert isinstance(form, BatchingFormat) is True
