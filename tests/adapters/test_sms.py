"""Without a provider an SMS is logged, without its text and number."""

from __future__ import annotations

from structlog.testing import capture_logs

from penstock.adapters.sms import LogProvider
from penstock.core.inboxes.models import OutgoingSms, Submitted
from penstock.kit.ids import InboxMessageId


async def test_neither_text_nor_number_is_logged() -> None:
    sms = OutgoingSms(id=InboxMessageId(1), sender="+447700900123", recipient="+447700900456", text="Your code is 481902")
    with capture_logs() as logged:
        assert await LogProvider().submit(sms) == Submitted(())
    (event,) = logged
    assert (event["event"], event["to"], event["characters"]) == ("sms_not_sent", "…456", 19)
    assert "481902" not in str(logged)
    assert "7700900456" not in str(logged)
    assert "481902" not in repr(sms)
