"""Mail as RFC 5322 has it: one recipient, no header of a stranger's, and no answer to a machine."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from penstock.adapters.mail.message import to_email
from penstock.core.people.models import MailFile, Message

SENDER = "Penstock <iot@example.org>"


def mail(to: str = "ada@example.org", subject: str = "Frost") -> Message:
    return Message(id="1f", to=to, subject=subject, text="Straße: 7 °C\n")


def test_what_is_sent_is_read_as_it_was_written() -> None:
    found = message_from_bytes(to_email(mail(subject="Frost – Straße"), SENDER).as_bytes(), policy=policy.default)
    assert (found["To"], found["From"], found["Subject"]) == ("ada@example.org", SENDER, "Frost – Straße")
    assert found.get_body().get_content() == "Straße: 7 °C\n"  # type: ignore[union-attr]
    assert (found["Message-ID"], found["Auto-Submitted"]) == ("<1f@example.org>", "auto-generated")


@pytest.mark.parametrize(
    "to",
    ["", "ada", "ada@", "@example.org", "a@b.example, c@d.example", "a@b.example\nBcc: eve@example.org", "Ada <a@b.example>"],
)
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (of the library, or ours)
        to_email(mail(to=to), SENDER)


def test_a_line_break_makes_no_header() -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        to_email(mail(subject="Frost\r\nBcc: eve@example.org"), SENDER)


def test_files_are_attached_and_replies_go_to_the_seller() -> None:
    file = MailFile(name="Rechnung-7.pdf", media_type="application/pdf", content=b"%PDF-1.7\x00\xff")
    message = Message(id="1f", to="ada@example.org", subject="Rechnung", text="Guten Tag\n", reply_to="werke@example.org")
    found = message_from_bytes(to_email(message, SENDER, [file]).as_bytes(), policy=policy.default)
    assert found["Reply-To"] == "werke@example.org"
    assert found.get_body().get_content() == "Guten Tag\n"  # type: ignore[union-attr]
    attached = list(found.iter_attachments())  # type: ignore[attr-defined]
    assert [(one.get_filename(), one.get_content_type(), one.get_content()) for one in attached] == [
        ("Rechnung-7.pdf", "application/pdf", b"%PDF-1.7\x00\xff")
    ]


def test_what_is_no_address_gets_no_replies() -> None:
    message = Message(id="1f", to="ada@example.org", subject="x", text="x", reply_to="a@b.example\nBcc: eve@example.org")
    assert to_email(message, SENDER)["Reply-To"] is None
