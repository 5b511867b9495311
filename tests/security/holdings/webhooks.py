"""A webhook endpoint and two messages to it, which nobody takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_webhooks(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """An endpoint whose host is nobody's, and test messages."""
    wanted = {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"], "name": f"{name} webhook"[:200]}
    webhook_id = call("POST", "/api/v2/webhooks", wanted)["webhook"]["id"]
    messages = [call("POST", f"/api/v2/webhooks/{webhook_id}/test")["id"] for _ in range(2)]
    return {"webhook_id": webhook_id, "message_id": messages[0]}
