"""The ports of notifications."""

from __future__ import annotations

from typing import Protocol


class SmsSender(Protocol):
    """Passes an SMS to a provider."""

    async def send(self, message_id: str, to: str, text: str) -> None:
        """Send an SMS. The same id again is the same message.

        Raises:
            Unavailable: retry later, and not before `retry_after_s` seconds if it has that fact.
        """
