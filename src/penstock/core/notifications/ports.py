"""The ports of notifications."""

from __future__ import annotations

from typing import Protocol

from penstock.kit.ids import OrgId


class SmsSender(Protocol):
    """Passes an SMS to a provider."""

    async def send(self, org_id: OrgId, message_id: str, to: str, text: str) -> None:
        """Send an SMS of an organisation. The same id again is the same message.

        Raises:
            Unavailable: retry later, and not before `retry_after_s` seconds if it has that fact.
        """
