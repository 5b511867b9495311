"""Where endpoints of webhooks are, and a body that makes one."""

from __future__ import annotations

HOOK = {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"]}

PATH = "/api/v2/webhooks"
