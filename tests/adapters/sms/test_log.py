"""SMS that are only logged."""

from __future__ import annotations

from structlog.testing import capture_logs

from penstock.adapters.sms.log import LogProvider
from penstock.core.inboxes.models import OutgoingSms
from penstock.kit.ids import InboxMessageId


async def test_an_sms_is_logged_without_its_text_and_most_of_the_number() -> None:
    sms = OutgoingSms(id=InboxMessageId(7), sender="+447700900001", recipient="+447700900123", text="Code 481902")
    with capture_logs() as logs:
        assert (await LogProvider().submit(sms)).provider_ids == ()
    assert (logs[0]["event"], logs[0]["to"], logs[0]["characters"]) == ("sms_not_sent", "…123", 11)
    assert "481902" not in str(logs)
