"""Reads a mail: its subject, sender and text, and what is attached. Pure; a mail of any content is readable in bounded time.

The parser of the standard library is used with its plain policy, which leaves headers as they are. The structured parser of
headers takes quadratic time for hostile ones, so only the headers that are shown are decoded, up to a length.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser

import msgspec

from penstock.core.inboxes.html_text import HtmlText, text_of
from penstock.core.inboxes.models import Attachment
from penstock.kit.secret import hides

MAX_TEXT = 200_000
"""Characters of text that are kept."""
MAX_SUBJECT, MAX_SENDER, MAX_NAME, MAX_ID = 500, 320, 200, 998
MAX_PARTS, MAX_NESTED, MAX_DEPTH, MAX_ATTACHMENTS = 100, 16, 8, 50
MAX_HEADER_BYTES, MAX_HEADERS = 65_536, 500
"""Of all headers before the first empty line. A mail with more is not parsed."""
_MAX_FIELD = 2_000
"""Characters of a header that are decoded."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
"""Quoted names and comments, which can look like addresses."""
_ADDRESS = re.compile(r"<([^<>@\s]{1,64}@[^<>@\s]{1,255})>|([^<>@\s(),;:]{1,64}@[^<>@\s(),;:]{1,255})")
_BLANK = re.compile(rb"\r?\n\r?\n")


@hides("subject", "text", "links", "message_id")
class MailText(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of a mail. `links` are those of HTML, which the text does not have."""

    subject: str
    sender: str
    text: str
    links: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""


def read_mail(raw: bytes) -> MailText:
    """Read a mail as it was received, with its headers."""
    if _is_too_complex(raw):
        head, _, body = raw.partition(b"\r\n\r\n")
        parsed = _parse(head[:MAX_HEADER_BYTES] + b"\r\n\r\n", headers_only=True)
        return _read(parsed, _decoded(body[:MAX_TEXT], "utf-8"), HtmlText("", ()), ())
    message = _parse(raw, headers_only=False)
    plain, html, attachments = "", "", []
    for part in _parts(message):
        kind = part.get_content_type()
        if _is_attached(part) or not kind.startswith("text/"):
            attachments.append(part)
        elif kind == "text/html":
            html = html or _text(part)
        elif not plain:
            plain = _text(part).strip("\r\n")
    shown = text_of(html) if html else HtmlText("", ())
    listed = tuple(_attachment(part) for part in attachments[:MAX_ATTACHMENTS])
    return _read(message, plain if plain.strip() else shown.text, shown, listed)


def _is_too_complex(raw: bytes) -> bool:
    """Whether the parser would need too long: its time grows with the number of nested parts times that of lines."""
    end = _BLANK.search(raw)
    head = raw[: end.start() if end else len(raw)]
    lower = raw.lower()
    return (
        len(head) > MAX_HEADER_BYTES
        or head.count(b"\n") > MAX_HEADERS
        or lower.count(b"multipart/") > MAX_NESTED
        or lower.count(b"message/") > MAX_NESTED
        or lower.count(b"content-type") > MAX_PARTS
    )


def _parse(raw: bytes, *, headers_only: bool) -> Message:
    try:
        return BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=headers_only)
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, IndexError):  # a mail is never a reason to fail
        empty = Message()
        empty.set_payload(_decoded(raw[:MAX_TEXT], "utf-8"))
        return empty


def _read(message: Message, text: str, shown: HtmlText, attachments: tuple[Attachment, ...]) -> MailText:
    return MailText(
        subject=_line(_field(message, "subject"))[:MAX_SUBJECT],
        sender=_sender(message),
        text=_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT],
        links=shown.links,
        attachments=attachments,
        message_id=_line(_raw_field(message, "message-id"))[:MAX_ID],
    )


def _parts(message: Message | str, depth: int = 0) -> Iterator[Message]:
    """The parts that are not containers, in their order."""
    if isinstance(message, str):  # a container of no parts
        return
    payload = message.get_payload()
    if isinstance(payload, list) and message.get_content_maintype() == "message":
        yield message  # a mail in a mail is something attached
    elif isinstance(payload, list):
        if depth < MAX_DEPTH:
            for part in payload[:MAX_PARTS]:
                yield from _parts(part, depth + 1)
    else:
        yield message


def _is_attached(part: Message) -> bool:
    disposition = _raw_field(part, "content-disposition").lstrip().lower()
    return disposition.startswith("attachment") or bool(disposition and _name(part) and not disposition.startswith("inline"))


def _attachment(part: Message) -> Attachment:
    payload = part.get_payload()
    size = 0 if isinstance(payload, list) else len(_bytes(part))
    return Attachment(name=_name(part), content_type=part.get_content_type()[:100], size=size)


def _name(part: Message) -> str:
    """The name of an attached file, without the folders of the sender's machine."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        if len(_raw_field(part, header)) > _MAX_FIELD:
            continue
        try:
            value = part.get_param(parameter, "", header)
        except (ValueError, LookupError, TypeError, IndexError):
            continue
        if isinstance(value, tuple):
            value = _decoded(value[2].encode("latin-1", "replace"), value[0] or "utf-8")
        if value:
            return _line(_words(str(value))).replace("\\", "/").rpartition("/")[2][:MAX_NAME]
    return ""


# Characters.


def _bytes(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError, binascii.Error):
        payload = str(part.get_payload()).encode("utf-8", "replace")
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    try:
        charset = str(part.get_param("charset", "utf-8")) if len(_raw_field(part, "content-type")) <= _MAX_FIELD else "utf-8"
    except (ValueError, LookupError, TypeError, IndexError):
        charset = "utf-8"
    return _decoded(_bytes(part)[: 4 * MAX_TEXT], charset)


def _decoded(content: bytes, charset: str) -> str:
    """The text in a character set. One that is unknown or is not one for text counts as UTF-8, and no error is fatal."""
    try:
        if charset.lower().replace("_", "-") in (
            "utf-7",
            "unicode-escape",
            "raw-unicode-escape",
            "idna",
            "punycode",
            "undefined",
        ):
            raise LookupError(charset)
        return content.decode(charset, "replace")
    except (LookupError, ValueError, TypeError):
        return content.decode("utf-8", "replace")


def _raw_field(message: Message, name: str) -> str:
    for known, value in message.raw_items():
        if known.lower() == name:
            # What is not ASCII was kept as it arrived; since RFC 6532 it is UTF-8.
            text = str(value)[: 2 * _MAX_FIELD]
            return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return ""


def _field(message: Message, name: str) -> str:
    return _words(_raw_field(message, name)[:_MAX_FIELD])


def _words(value: str) -> str:
    """A header with its encoded words decoded."""
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError, LookupError, binascii.Error):
        return value
    return "".join(part if isinstance(part, str) else _decoded(part, charset or "utf-8") for part, charset in pieces)


def _line(value: str) -> str:
    return " ".join(_CONTROL.sub(" ", value).split())


def _sender(message: Message) -> str:
    """The address of the header From, or its whole text if it has none."""
    value = _line(_raw_field(message, "from")[:_MAX_FIELD])
    found = _ADDRESS.search(_QUOTED.sub(" ", value))
    return (found[1] or found[2] if found else _line(_words(value)))[:MAX_SENDER]
