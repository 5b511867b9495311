"""Mail as RFC 5322 has it: one recipient, no header of a stranger's, and no answer to a machine."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from penstock.adapters.mail.message import to_email
from penstock.core.people.models import Message

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
