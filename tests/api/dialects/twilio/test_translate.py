"""Messages between Twilio's structs and core models."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest

from penstock.api.dialects.twilio import wire
from penstock.api.dialects.twilio.errors import FieldMissing
from penstock.api.dialects.twilio.translate import date_of, from_core_message, page_of, to_core_filter, to_core_sms
from penstock.core.inboxes.models import Channel, Content, Direction, Message, OpenMessage, Status
from penstock.kit.clock import DAY_US, SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId

SMS = {"To": "+447700900123", "From": "+447700900001", "Body": "Grüße 👍"}


def form(**fields: str) -> wire.Form:
    return wire.Form(urlencode(fields).encode())


def message(status: Status = Status.QUEUED, direction: Direction = Direction.OUTBOUND, **fields: Any) -> Message:
    return Message(
        id=InboxMessageId(0x1F3B),
        org_id=OrgId(1),
        address_id=InboxAddressId(2),
        number="+447700900001",
        channel=Channel.SMS,
        direction=direction,
        status=status,
        sender="+447700900001",
        recipient="+447700900123",
        at_us=1_777_713_303 * SECOND_US,
        updated_us=1_777_713_305 * SECOND_US,
        **fields,
    )


def test_a_form_is_an_sms() -> None:
    found = to_core_sms(form(**SMS, StatusCallback="", MediaUrl=""))
    assert (found.recipient, found.sender, found.body) == tuple(SMS.values())
    assert "Grüße" not in repr(found)


@pytest.mark.parametrize("name", ["To", "From", "Body"])
def test_a_field_that_is_missing_is_named(name: str) -> None:
    for given in ({}, {name: ""}):
        with pytest.raises(FieldMissing) as caught:
            to_core_sms(form(**{key: value for key, value in SMS.items() if key != name} | given))
        assert caught.value.facts["name"] == name


@pytest.mark.parametrize("content", [b"\xff", b"To=%ff", b"&".join(b"a=%d" % at for at in range(200))])
def test_what_is_not_a_form(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        to_core_sms(wire.Form(content))


@pytest.mark.parametrize("name", ["MediaUrl", "MessagingServiceSid", "ContentSid", "SendAt"])
def test_what_is_not_supported_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        to_core_sms(form(**SMS | {name: "x"}))
    assert caught.value.errors[0].field == name


@pytest.mark.parametrize(
    ("status", "shown", "code"),
    [
        *((Status.QUEUED, "queued", None), (Status.SENDING, "sending", None), (Status.SENT, "sent", None)),
        *((Status.DELIVERED, "delivered", None), (Status.FAILED, "failed", 30008), (Status.UNKNOWN, "sent", None)),
    ],
)
def test_states(status: Status, shown: str, code: int | None) -> None:
    found = from_core_message(OpenMessage(message(status), Content(body="a" * 200)), "AC1")
    assert (found.status, found.error_code, found.num_segments) == (shown, code, "2")
    assert (found.date_sent is None) == (status in (Status.QUEUED, Status.SENDING, Status.FAILED))


def test_a_received_message_and_one_whose_text_was_destroyed() -> None:
    found = msgspec.to_builtins(from_core_message(OpenMessage(message(Status.RECEIVED, Direction.INBOUND), None), "AC1"))
    assert (found["direction"], found["status"], found["body"], found["from"]) == ("inbound", "received", None, "+447700900001")
    assert found["sid"] == "SM00000000000000000000000000001f3b"
    assert found["uri"] == f"/2010-04-01/Accounts/AC1/Messages/{found['sid']}.json"
    assert found["date_created"] == "Sat, 02 May 2026 09:15:03 +0000" == date_of(1_777_713_303_999_999)


def test_filters() -> None:
    day = to_core_filter(wire.MessagesQuery(sent="2026-05-02", sender="+447700900123"))
    assert day.since_us is not None
    assert (day.until_us, day.sender, day.channel) == (day.since_us + DAY_US, "+447700900123", Channel.SMS)
    between = to_core_filter(wire.MessagesQuery(sent_after="2026-05-02", sent_before="2026-05-03T00:00:00Z"))
    assert (between.since_us, between.until_us) == (day.since_us, day.until_us)
    for text in ("yesterday", "2026-02-30", "T"):
        with pytest.raises(InvalidInput) as caught:
            to_core_filter(wire.MessagesQuery(sent_after=text))
        assert caught.value.errors[0].field == "DateSent>"


def test_pages_name_the_next_one_with_the_same_filter() -> None:
    query = wire.MessagesQuery(to="+447700900123", sent_before="2026-05-03", page_size=2, page=1)
    found = page_of([], query, "AC1", "next+token")
    assert found.next_page_uri is not None
    assert parse_qs(urlsplit(found.next_page_uri).query) == {
        "To": ["+447700900123"],
        "DateSent<": ["2026-05-03"],
        "PageSize": ["2"],
        "Page": ["2"],
        "PageToken": ["next+token"],
    }
    assert page_of([], query, "AC1", None).next_page_uri is None
