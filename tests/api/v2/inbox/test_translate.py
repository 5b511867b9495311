"""Inboxes between wire structs and core models."""

from __future__ import annotations

from msgspec import UNSET

from penstock.api.v2.inbox import wire
from penstock.api.v2.inbox.translate import from_core_message, plus, to_core_filter, to_core_patch
from penstock.core.inboxes.models import Channel, Content, Direction, Message, MessageFilter, OpenMessage, Status
from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId, Prefix, encode

NUMBER = "+447700900123"


def test_an_address_is_named_by_its_id_or_its_value() -> None:
    text = encode(Prefix.INBOX_ADDRESS, InboxAddressId(9))
    assert to_core_filter(wire.MessageQuery(address=text)) == MessageFilter(address_id=InboxAddressId(9))
    assert to_core_filter(wire.MessageQuery(address=NUMBER)) == MessageFilter(number=NUMBER)
    assert [plus(one) for one in (" 447", "+447", "ci")] == ["+447", "+447", "ci"]


def test_a_patch_leaves_what_it_does_not_name() -> None:
    patch = to_core_patch(wire.AddressPatch(account_id=None))
    assert (patch.account_id, patch.label, patch.for_notifications) == (None, UNSET, UNSET)


def test_a_message_without_its_content() -> None:
    message = Message(
        id=InboxMessageId(1),
        org_id=OrgId(1),
        address_id=InboxAddressId(2),
        number=NUMBER,
        channel=Channel.SMS,
        direction=Direction.INBOUND,
        status=Status.RECEIVED,
        sender="Shop",
        recipient=NUMBER,
        at_us=0,
        updated_us=0,
    )
    found = from_core_message(OpenMessage(message, None))
    assert (found.body, found.code, found.links, found.error) == (None, None, [], None)
    shown = from_core_message(OpenMessage(message, Content(body="x 481902", code="481902", links=("https://example.org",))))
    assert (shown.body, shown.code, shown.links) == ("x 481902", "481902", ["https://example.org"])
    assert "481902" not in repr(shown)
