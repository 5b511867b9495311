"""A webhook endpoint and a message to it, which nobody takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.waiting import eventually


def make_webhooks(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """An endpoint whose host is nobody's, and a test message."""
    wanted = {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"], "name": f"{name} webhook"[:200]}
    webhook_id = call("POST", "/api/v2/webhooks", wanted)["webhook"]["id"]
    call("POST", f"/api/v2/webhooks/{webhook_id}/test")
    message_id = call("POST", f"/api/v2/webhooks/{webhook_id}/test")["id"]
    path = f"/api/v2/webhook-messages/{message_id}"

    def tried(times: int) -> bool:
        return eventually(lambda: len(call("GET", f"{path}/attempts")["data"]) >= times, 30)

    assert tried(1)
    call("POST", f"{path}/replay")
    assert tried(2)
    return {"webhook_id": webhook_id, "message_id": message_id}
