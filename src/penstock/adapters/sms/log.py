"""SMS for a server without a provider: they are logged, so that none is lost silently."""

from __future__ import annotations

import structlog

from penstock.core.inboxes.models import OutgoingSms, Submitted
from penstock.kit.ids import Prefix, encode

_log = structlog.get_logger()
SHOWN_DIGITS = 3
"""How many last digits of a number the log shows."""


class LogSms:
    """Implements `SmsSender` with a log event that records the message without its text."""

    async def send(self, message_id: str, to: str, text: str) -> None:
        _log.warning("sms_not_sent", reason="no provider", message=message_id, to=f"…{to[-SHOWN_DIGITS:]}", characters=len(text))


class LogProvider:
    """Implements `SmsProvider` in the same way: an SMS that is logged counts as sent."""

    async def submit(self, sms: OutgoingSms) -> Submitted:
        message_id = encode(Prefix.INBOX_MESSAGE, sms.id)
        await LogSms().send(message_id, sms.recipient, sms.text)
        return Submitted((f"log-{message_id}",))
