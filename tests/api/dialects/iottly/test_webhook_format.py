"""Webhooks in Iottly's form: no signature, the endpoint's own content type, five headers."""

from __future__ import annotations

import pytest

from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.core.webhooks.models import Secrets
from penstock.core.webhooks.signing import check_headers, headers_of
from penstock.kit.errors import InvalidInput

NOW_S = 1_777_713_304


def sent(form: str, kept: Secrets, body: bytes) -> dict[str, str]:
    return dict(headers_of(WEBHOOK_FORMATS.get(form), kept, "msg_1", body, NOW_S))


def test_iottly_is_not_signed_and_may_choose_its_content_type() -> None:
    headers = sent("iottly", Secrets(headers=(("Content-type", "text/plain"), ("X-Token", "abc"))), b"{}")
    assert headers == {"User-Agent": "Penstock-Webhooks", "Content-type": "text/plain", "X-Token": "abc"}


def test_how_many_headers_iottly_takes() -> None:
    many = tuple((f"X-{n}", "v") for n in range(6))
    iottly = WEBHOOK_FORMATS.get("iottly")
    assert check_headers(many[:5], iottly, WEBHOOK_FORMATS) == many[:5]
    with pytest.raises(InvalidInput):
        check_headers(many, iottly, WEBHOOK_FORMATS)
