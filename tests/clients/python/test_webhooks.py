"""Verification of webhooks: of what the server sends, and against the reference library."""

from __future__ import annotations

import datetime
import json
import time
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from penstock_client import ConfigurationInvalid, PenstockError, webhooks
from tests.support.receivers import receiving
from tests.support.webhooks import open_hooks

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = json.dumps({"type": "device.offline", "timestamp": "2026-05-02T09:15:04Z", "data": {"name": "Pümpe"}})
NOW = 1_777_713_304


def _headers(body: str = BODY, secret: str = SECRET, at: int = NOW) -> dict[str, str]:
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(at), "Webhook-Signature": Webhook(secret).sign("msg_1", moment, body)}


def test_what_the_reference_library_signs_is_good() -> None:
    for body in (BODY, BODY.encode()):
        assert webhooks.verify(body, _headers(), SECRET, now=NOW)["data"] == {"name": "Pümpe"}
    both = _headers() | {"Webhook-Signature": f"v1a,abc {_headers(secret=OTHER)['Webhook-Signature']} v1,x"}
    assert webhooks.verify(BODY, both, OTHER, now=NOW + 299)
    assert webhooks.verify(BODY, both, [SECRET, OTHER], now=NOW - 299)
    now = int(time.time())
    assert webhooks.verify(BODY, _headers(at=now), SECRET, tolerance_s=3600)


@pytest.mark.parametrize(
    ("body", "headers", "now"),
    [
        (BODY + " ", _headers(), NOW),
        (BODY, _headers(secret=OTHER), NOW),
        (BODY, _headers() | {"Webhook-Id": "msg_2"}, NOW),
        (BODY, _headers() | {"Webhook-Timestamp": str(NOW + 1)}, NOW),
        (BODY, _headers() | {"Webhook-Timestamp": ""}, NOW),
        (BODY, _headers() | {"Webhook-Signature": ""}, NOW),
        (BODY, _headers() | {"Webhook-Signature": "v1,é"}, NOW),
        (BODY, {}, NOW),
        (BODY, _headers(), NOW + 301),
        (BODY, _headers(), NOW - 301),
    ],
)
def test_what_is_forged_altered_or_old_is_refused(body: str, headers: dict[str, str], now: float) -> None:
    with pytest.raises(webhooks.SignatureInvalid) as refused:
        webhooks.verify(body, headers, SECRET, now=now)
    assert isinstance(refused.value, PenstockError)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_???", "plain text"])
def test_a_secret_of_another_form_is_said_and_not_shown(secret: str) -> None:
    with pytest.raises(ConfigurationInvalid) as found:
        webhooks.verify(BODY, _headers(), secret, now=NOW)
    assert "plain" not in str(found.value)


async def test_what_the_server_sends_is_good(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as hooks:
        made = await hooks.subscribe(receiver.url(), "reading.*")
        device_id = await hooks.add_device()
        await hooks.report(device_id, 1)
        await hooks.match()
        await hooks.deliver()
    (delivery,) = receiver.delivered
    event = webhooks.verify(delivery.body, delivery.headers, made.secret)
    assert event["type"] == "reading.telemetry"
