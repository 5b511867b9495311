"""Endpoints whose messages are in SiliconWit's form."""

from __future__ import annotations

from tests.api.v2.webhooks.test_routes import HOOK, PATH
from tests.support.in_process import InProcessServer


def test_messages_are_sent_one_at_a_time(in_process: InProcessServer) -> None:
    with in_process.client(in_process.orgs["Acme"]) as api:
        answer = api.post(PATH, json=HOOK | {"format": "siliconwit", "batch": {"readings": 5}})
    assert answer.status_code == 400, answer.text
    assert "batch.readings" in [one["field"] for one in answer.json()["errors"]]
