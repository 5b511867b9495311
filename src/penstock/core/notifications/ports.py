"""What notifications need of the outside."""

from __future__ import annotations

from typing import Protocol


class SmsSender(Protocol):
    """Hands an SMS to whoever delivers it."""

    async def send(self, message_id: str, to: str, text: str) -> None:
        """Send. The same id again is the same message.

        Raises:
            Unavailable: not now.
        """
