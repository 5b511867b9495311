"""Mails as they are sent, and as nobody should send them."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.inboxes.mail_text import MAX_ATTACHMENTS, MAX_SUBJECT, MAX_TEXT, read_mail
from penstock.core.inboxes.models import Attachment


def raw(*lines: str | bytes) -> bytes:
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)


def test_a_plain_mail() -> None:
    read = read_mail(
        raw("From: Shop <no-reply@shop.example>", "Subject: Your code", "Message-ID: <1@shop.example>", "", "It is 481902", "")
    )
    assert (read.subject, read.sender, read.text.strip(), read.message_id) == (
        "Your code", "no-reply@shop.example", "It is 481902", "<1@shop.example>",
    )  # fmt: skip
    assert "481902" not in repr(read)


def test_of_two_forms_the_plain_one_is_shown_and_the_links_of_the_other_are_kept() -> None:
    made = EmailMessage()
    made.set_content("Your code is 481902")
    made.add_alternative("<p>Your code is <b>481902</b> <a href='https://shop.example/verify'>verify</a></p>", subtype="html")
    read = read_mail(made.as_bytes())
    assert read.text == "Your code is 481902"
    assert read.links == ("https://shop.example/verify",)
    assert read.attachments == ()


def test_only_html_is_shown_as_text() -> None:
    made = EmailMessage()
    made.set_content("<style>x</style><p>Your code is <b>481902</b></p><script>steal()</script>", subtype="html")
    assert read_mail(made.as_bytes()).text == "Your code is 481902"


def test_an_empty_plain_form_does_not_hide_the_other() -> None:
    made = EmailMessage()
    made.set_content(" \n\n")
    made.add_alternative("<p>Your code is 481902</p>", subtype="html")
    assert read_mail(made.as_bytes()).text == "Your code is 481902"


def test_attachments_are_listed_only() -> None:
    made = EmailMessage()
    made.set_content("See attached")
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="../../Rechnung März.pdf")
    made.add_attachment("a,b\n", subtype="csv", filename="data.csv")
    made.add_attachment("Your code is 111111", filename="readme.txt")
    read = read_mail(made.as_bytes())
    assert read.text.strip() == "See attached"
    assert read.attachments == (
        Attachment(name="Rechnung März.pdf", content_type="application/pdf", size=8),
        Attachment(name="data.csv", content_type="text/csv", size=4),
        Attachment(name="readme.txt", content_type="text/plain", size=20),
    )


def test_a_mail_in_a_mail_is_an_attachment() -> None:
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("Your code is 111111")
    made = EmailMessage()
    made.set_content("Forwarded")
    made.add_attachment(inner)
    read = read_mail(made.as_bytes())
    assert read.text.strip() == "Forwarded"
    assert [one.content_type for one in read.attachments] == ["message/rfc822"]


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Subject: =?utf-8?B?SWhyIENvZGUg4oCTIDQ4MTkwMg==?=", "Ihr Code – 481902"),
        ("Subject: =?iso-8859-1?Q?Best=E4tigung?= =?utf-8?Q?_f=C3=BCr?=", "Bestätigung für"),
        ("Subject: =?gb2312?B?0enWpMLr?=", "验证码"),
        ("Subject: folded\r\n over two\r\n\tlines", "folded over two lines"),
        ("Subject: Bestätigung", "Bestätigung"),
        ("Subject: =?nonsense?B?SGk=?=", "Hi"),
        ("Subject: =?utf-8?B?!!!?=", ""),
        ("Subject: =?utf-8?Q?line=0D=0AFrom:_evil?=", "line From: evil"),
        ("Subject:", ""),
        ("X: y", ""),
        ("Subject: " + "x" * 5_000, "x" * MAX_SUBJECT),
    ],
)
def test_subjects(header: str, subject: str) -> None:
    assert read_mail(raw(header, "", "text")).subject == subject


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("From: a@b.example", "a@b.example"),
        ('From: "Doe, Joe" <joe@b.example>, other@c.example', "joe@b.example"),
        ("From: =?utf-8?Q?M=C3=BCller?= <m@b.example>", "m@b.example"),
        ("From: =?utf-8?Q?M=C3=BCller?=", "Müller"),
        ("From: <>", "<>"),
        ('From: "<fake@a.example>" (or <b@c.example>) <real@d.example>', "real@d.example"),
        ("X: y", ""),
        ("From: " + "(" * 3_000, "(" * 320),
    ],
)
def test_senders(header: str, sender: str) -> None:
    assert read_mail(raw(header, "", "text")).sender == sender


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "grün".encode(), "grün"),
        ("iso-8859-1", "grün".encode("latin-1"), "grün"),
        ("windows-1251", "код".encode("cp1251"), "код"),
        ("shift_jis", "認証".encode("shift_jis"), "認証"),
        ("us-ascii", "grün".encode(), "gr\ufffd\ufffdn"),
        ("no-such-charset", "grün".encode(), "grün"),
        ("utf-8", "grün".encode("latin-1"), "gr\ufffdn"),
        ("utf-7", b"+ADw-script+AD4-", "+ADw-script+AD4-"),
        ("zlib", b"text", "text"),
        ("base64", b"text", "text"),
        ("idna", b"text", "text"),
        ("utf-16", b"t\x00e\x00x\x00t\x00", "text"),
        ("\x00", b"text", "text"),
    ],
)
def test_character_sets(charset: str, content: bytes, text: str) -> None:
    assert read_mail(raw(f"Content-Type: text/plain; charset={charset}", "", content)).text.strip() == text


@pytest.mark.parametrize(
    ("encoding", "content", "text"),
    [
        ("quoted-printable", b"gr=C3=BCn=\r\n weiter", "grün weiter"),
        ("base64", b"WW91ciBjb2Rl", "Your code"),
        ("base64", b"not base64 at all!", None),
        ("x-uuencode", b"begin 644 x\r\n%5&5X=`H\r\nend\r\n", None),
        ("8bit", "grün".encode(), "grün"),
        ("nonsense", b"text", "text"),
    ],
)
def test_transfer_encodings(encoding: str, content: bytes, text: str | None) -> None:
    read = read_mail(raw("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", "", content))
    assert text is None or read.text.strip() == text


def test_text_is_limited_and_has_no_control_characters() -> None:
    assert len(read_mail(raw("Subject: x", "", "y" * (MAX_TEXT + 10))).text) == MAX_TEXT
    assert read_mail(raw("Subject: x", "", "a\x00b\x1b[31mc\x07")).text == "ab[31mc"


def test_a_mail_without_headers_or_without_anything() -> None:
    assert read_mail(b"").text == ""
    assert "481902" in read_mail(b"\r\nYour code is 481902").text


def _nested(depth: int) -> bytes:
    lines = ["Subject: deep"]
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return raw(*lines, "Content-Type: text/plain", "", "Your code is 481902", "\r\n" * 20_000)


def test_moderate_nesting_is_read() -> None:
    assert "481902" in read_mail(_nested(5)).text


BOMBS = {
    "nested": _nested(3_000),
    "nested up to the limit": _nested(16),
    "nested messages": raw(*["Content-Type: message/rfc822\r\n"] * 3_000, "x"),
    "parts": raw('Content-Type: multipart/mixed; boundary="b"', "", *["--b", "Content-Type: text/plain", "", "x"] * 20_000),
    "parts without types": raw('Content-Type: multipart/mixed; boundary="b"', "", *["--b", "", "x"] * 20_000),
    "headers": raw(*[f"X-{number}: y" for number in range(20_000)], "", "x"),
    "one header": raw("Subject: " + "=?utf-8?Q?a?= " * 50_000, "", "x"),
    "one folded header": raw("Subject: x", *[" y"] * 50_000, "", "x"),
    "address": raw("From: " + "<(" * 30_000, "", "x"),
    "parameters": raw("Content-Type: text/plain" + ';"' * 20_000, "", "x"),
    "file names": raw("Content-Type: application/x", "Content-Disposition: attachment" + ";filename*0=a" * 4_000, "", "x"),
    "short lines": b"Subject: x\r\n\r\n" + b"\r\n" * 200_000,
    "html": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A" * 1_000_000,
    "quoted": b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41" * 300_000,
    "zeros": b"\x00" * 1_000_000,
    "no boundary": raw("Content-Type: multipart/mixed", "", "text"),
    "empty boundary": raw('Content-Type: multipart/mixed; boundary=""', "", "text"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    # In linear time this takes less than a second; in quadratic time the test would not end.
    read = read_mail(BOMBS[name])
    assert len(read.text) <= MAX_TEXT
    assert len(read.attachments) <= MAX_ATTACHMENTS


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail(content: bytes) -> None:
    read_mail(content)


_PIECES = st.sampled_from(
    [b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html", b"message/rfc822",
     b"text/plain; charset=", b"--b", b"--b--", b"Content-Transfer-Encoding: base64", b"Subject: ", b"=?utf-8?B?", b"?=",
     b"Content-Disposition: attachment; filename*=", b"utf-8''x", b'"', b";", b"<", b"(", b"From: ", b"a@b", b"\xff", b" ", b"A"]
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(_PIECES, max_size=40).map(b"".join))
def test_any_pieces_are_a_mail(content: bytes) -> None:
    read_mail(content)
