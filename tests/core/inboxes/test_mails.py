"""Mails are assigned to aliases, and pass what they contain to the inbox."""

from __future__ import annotations

import pytest

from penstock.core.inboxes.mail_text import MailText, read_mail
from penstock.core.inboxes.mails import Arrival, Mails, Recipient, code_and_links, identity_of, recipient_of, tags_by_alias
from penstock.core.inboxes.models import IncomingMail, Spf
from penstock.kit.errors import Unavailable
from penstock.kit.ids import InboxMessageId
from tests.support.days import NOON_US, HeldClock

ARRIVAL = Arrival(peer="192.0.2.7", envelope_sender="bounce@shop.example", spf=Spf.PASS, tls="TLSv1.3")
RAW = b"From: a@shop.example\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nYour code is 481902\r\n"


class Inbox:
    """Keeps what it is given; `failing` aliases cannot be stored."""

    def __init__(self, *aliases: str, failing: str = "") -> None:
        self.aliases, self.failing = aliases, failing
        self.stored: list[tuple[str, IncomingMail]] = []

    async def accepts(self, alias: str) -> bool:
        return alias in self.aliases

    async def received_mail(self, alias: str, mail: IncomingMail) -> InboxMessageId | None:
        if alias == self.failing:
            raise Unavailable(reason="the disk is full")
        if alias not in self.aliases:
            return None
        self.stored.append((alias, mail))
        return InboxMessageId(1)


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("ci@codes.example", Recipient("ci")),
        ("CI@Codes.Example.", Recipient("ci")),
        ("ci+GitHub@codes.example", Recipient("ci", "GitHub")),
        ("ci+a+b@codes.example", Recipient("ci", "a+b")),
        ("ci+@codes.example", Recipient("ci")),
        ("ci+" + "x" * 61 + "@codes.example", Recipient("ci", "x" * 61)),
        ("ci+" + "x" * 62 + "@codes.example", None),
        ("ci@other.example", None),
        ("ci@sub.codes.example", None),
        ("a@b@codes.example", None),
        ("@codes.example", None),
        ("+tag@codes.example", None),
        ("codes.example", None),
        ('"ci"@codes.example', None),
        ("c\u0456@codes.example", None),
        ("ci\x00@codes.example", None),
        ("", None),
    ],
)
def test_recipients(address: str, recipient: Recipient | None) -> None:
    assert recipient_of(address, ("codes.example",)) == recipient


def test_tags_of_each_alias() -> None:
    given = [Recipient("a", "x"), Recipient("b"), Recipient("a"), Recipient("a", "y"), Recipient("a", "x")]
    assert tags_by_alias(given) == {"a": ["x", "y"], "b": []}


async def test_a_mail_is_stored_once_for_each_alias() -> None:
    inbox = Inbox("ci", "qa")
    stored = await Mails(inbox, HeldClock()).deliver(
        [Recipient("ci", "x"), Recipient("qa"), Recipient("ci"), Recipient("gone")], RAW, read_mail(RAW), ARRIVAL
    )
    assert stored == 2
    assert [alias for alias, _ in inbox.stored] == ["ci", "qa"]
    mail = inbox.stored[0][1]
    assert (mail.sender, mail.received_us, mail.provider_id) == ("a@shop.example", NOON_US, identity_of(RAW, "<1@x>"))
    assert (mail.content.subject, mail.content.code) == ("Hi", "481902")
    assert mail.content.mail is not None
    assert (mail.content.mail.peer, mail.content.mail.spf, mail.content.mail.tls) == ("192.0.2.7", Spf.PASS, "TLSv1.3")
    assert mail.content.mail.tags == ("x",)


async def test_a_mail_without_a_sender_has_that_of_its_envelope() -> None:
    inbox = Inbox("ci")
    await Mails(inbox, HeldClock()).deliver([Recipient("ci")], b"\r\nx", read_mail(b"\r\nx"), ARRIVAL)
    assert inbox.stored[0][1].sender == "bounce@shop.example"


async def test_what_cannot_be_stored_for_all_is_an_error() -> None:
    with pytest.raises(Unavailable):
        await Mails(Inbox("ci", failing="qa"), HeldClock()).deliver(
            [Recipient("ci"), Recipient("qa")], RAW, read_mail(RAW), ARRIVAL
        )


@pytest.mark.parametrize(
    ("subject", "text", "code"),
    [
        ("Hi", "Your code is 481902", "481902"),
        ("481902 is your code", "Use the code in the subject", "481902"),
        ("481902 is your code", "Your code is 481902", "481902"),
        ("111111 is your code", "Your code is 481902", None),
        ("Hi", "Hello", None),
    ],
)
def test_a_code_is_in_the_text_or_in_the_subject(subject: str, text: str, code: str | None) -> None:
    assert code_and_links(MailText(subject=subject, sender="", text=text))[0] == code


def test_links_are_those_of_the_text_and_of_html() -> None:
    read = MailText(subject="", sender="", text="see https://a.example/x.", links=("https://b.example/", "https://a.example/x"))
    assert code_and_links(read)[1] == ("https://a.example/x", "https://b.example/")


def test_a_mail_that_is_delivered_again_is_the_same() -> None:
    again = b"Received: by relay\r\n" + RAW
    assert identity_of(again, "<1@x>") == identity_of(RAW, "<1@x>")
    assert identity_of(RAW.replace(b"481902", b"481903"), "<1@x>") != identity_of(RAW, "<1@x>"), "an id alone can be forged"
    assert identity_of(RAW, "<2@x>") != identity_of(RAW, "<1@x>")
    assert identity_of(RAW, "") == identity_of(RAW, "")
    assert identity_of(again, "") != identity_of(RAW, "")


PAGE = """<html><head><meta charset="utf-8"><style>.a { color: #123456 }</style></head><body>
<div style="display:none;max-height:0">Your code inside &zwnj; &nbsp; 998877</div>
<table width="600"><tr><td><img src="https://x.example/logo-20240101.png" width="120"></td></tr><tr><td><h1>Verify your email</h1>
<p>Hi Anna, we received a request to access your account <a href="mailto:anna@b.example">anna@b.example</a>.
Your verification code is:</p>
<div style="font-size:36px">%s</div><p>If you did not request this code, do not forward it to anyone.</p>
<p>Or <a href="https://example.com/verify?token=abc123&amp;u=1">click here</a>.</p></td></tr>
<tr><td><p>&copy; 2024 Example LLC, 1600 Amphitheatre Parkway, Mountain View, CA 94043, USA</p></td></tr></table></body></html>"""


@pytest.mark.parametrize(
    "shown",
    [
        "481902",
        "481 902",
        "481&nbsp;902",
        "<b>481</b>-<b>902</b>",
        "".join(f"<span>{digit}</span>" for digit in "481902"),
        "<table><tr>" + "".join(f"<td>{digit}</td>" for digit in "481902") + "</tr></table>",
    ],
)
def test_a_page_as_services_send_it(shown: str) -> None:
    raw = b"Content-Type: text/html; charset=utf-8\r\nSubject: Verify your account\r\n\r\n" + (PAGE % shown).encode()
    assert code_and_links(read_mail(raw)) == ("481902", ("https://example.com/verify?token=abc123&u=1",))
