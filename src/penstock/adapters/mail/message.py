"""Converts a message to RFC 5322."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from penstock.core.people.models import MailFile, Message


def to_email(message: Message, sender: str, files: Sequence[MailFile] = ()) -> EmailMessage:
    """The message as plain-text mail, with files attached.

    Raises:
        ValueError: an address is invalid, or a header contains a line break.
    """
    found = EmailMessage()
    found["From"] = sender
    found["To"] = _address(message.to)
    found["Subject"] = message.subject
    found["Date"] = formatdate(usegmt=True)
    found["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].strip('>')}>"
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: automatic systems must not reply to it
    if message.reply_to:
        with suppress(ValueError):  # a mail whose replies go to its sender is better than none
            found["Reply-To"] = _address(message.reply_to)
    found.set_content(message.text)
    for file in files:
        kind, _, form = file.media_type.partition("/")
        found.add_attachment(file.content, maintype=kind, subtype=form, filename=file.name)
    return found


def _address(text: str) -> str:
    try:
        return str(Address(addr_spec=text))
    except (HeaderParseError, IndexError) as error:  # the library's errors for an invalid address
        raise ValueError("the recipient must be an e-mail address") from error
