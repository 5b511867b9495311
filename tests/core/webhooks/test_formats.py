"""Webhook formats side by side: what is forbidden with any, and names that are no format's."""

from __future__ import annotations

import pytest

from penstock.bootstrap.dialects import WEBHOOK_FORMATS
from penstock.core.webhooks.formats import BatchingFormat, WebhookFormat, WebhookFormats
from penstock.core.webhooks.signing import check_headers
from penstock.core.webhooks.standard import StandardFormat
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize("form", [form.name for form in WEBHOOK_FORMATS])
@pytest.mark.parametrize("name", ["Webhook-Id", *(f"{prefix}x" for prefix in WEBHOOK_FORMATS.own_headers)])
def test_no_endpoint_sets_a_header_that_any_format_signs_with(form: str, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_headers(((name, "x"),), WEBHOOK_FORMATS.get(form), WEBHOOK_FORMATS)
    assert refused.value.errors[0].code == "forbidden"


@pytest.mark.parametrize("form", list(WEBHOOK_FORMATS), ids=lambda form: form.name)
def test_no_format_takes_a_secret_that_can_be_guessed(form: WebhookFormat) -> None:
    with pytest.raises(InvalidInput):
        form.check_secret("0123456789abcde", "secret")


def test_which_formats_batch() -> None:
    assert isinstance(WEBHOOK_FORMATS.get("standard"), BatchingFormat)


def test_a_format_without_its_dialect_is_told_and_two_of_one_name_are_none() -> None:
    ours = WebhookFormats([StandardFormat()])
    assert ours.find("vendors") is None
    with pytest.raises(InvalidInput, match=r"must be one of standard$"):
        ours.get("vendors")
    with pytest.raises(ValueError, match="standard"):
        WebhookFormats([StandardFormat(), StandardFormat()])
