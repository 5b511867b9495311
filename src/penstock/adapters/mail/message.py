"""A message as RFC 5322 wants it."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from penstock.core.people.models import Message


def to_email(message: Message, sender: str) -> EmailMessage:
    """The mail of a message, as plain text.

    Raises:
        ValueError: an address is none, or a header holds a line break.
    """
    found = EmailMessage()
    found["From"] = sender
    found["To"] = _address(message.to)
    found["Subject"] = message.subject
    found["Date"] = formatdate(usegmt=True)
    found["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].strip('>')}>"
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine shall answer it
    found.set_content(message.text)
    return found


def _address(text: str) -> str:
    try:
        return str(Address(addr_spec=text))
    except (HeaderParseError, IndexError) as error:  # the library's ways to say that it is none
        raise ValueError("the recipient is no e-mail address") from error
