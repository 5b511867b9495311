"""Texts in the messages of SMPP: the parts of one to send, and the part in a received one. Pure."""

from __future__ import annotations

import msgspec

from penstock.adapters.sms.addresses import from_smpp, to_smpp
from penstock.adapters.sms.pdus import SAR_PLACE, SAR_REFERENCE, SAR_TOTAL, Delivered, Submission
from penstock.core.inboxes.gsm import Alphabet, alphabet_of_coding, decode_gsm7, decode_text, is_gsm7
from penstock.core.inboxes.parts import PartHeader, divide, read_header, write_header
from penstock.kit.secret import hides

UDHI = 0x40
DEFAULT, LATIN1, UCS2 = 0, 3, 8


@hides("text")
class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A received text, or the part of one that `header` names."""

    sender: str
    recipient: str
    text: str
    header: PartHeader | None


def submissions(sender: str, recipient: str, text: str, alphabet: Alphabet, reference: int) -> list[Submission]:
    """The messages to submit for a text, one for each part. `alphabet` is what the message centre means by its default.

    Raises:
        InvalidInput: the text needs too many parts.
    """
    in_default = is_gsm7(text) and (alphabet is Alphabet.GSM7 or _is_latin1(text))
    parts = divide(text, Alphabet.GSM7 if in_default else Alphabet.UCS2)
    out = []
    for part in parts:
        content = part.content
        if in_default and alphabet is Alphabet.LATIN1:
            content = decode_gsm7(content).encode("latin-1")
        header = write_header(PartHeader(reference & 0xFF, part.total, part.place)) if part.total > 1 else b""
        out.append(
            Submission(
                source=to_smpp(sender),
                destination=to_smpp(recipient),
                data_coding=DEFAULT if in_default else UCS2,
                content=header + content,
                has_header=bool(header),
            )
        )
    return out


def _is_latin1(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def read_text(delivered: Delivered, alphabet: Alphabet) -> Received:
    """The text in a deliver_sm. A part is named by a header in front of its content, or by optional parameters."""
    header, content = None, delivered.content
    if delivered.esm_class & UDHI:
        header, content = read_header(content)
    if header is None:
        header = _sar(delivered)
    coding = alphabet_of_coding(delivered.data_coding, alphabet)
    return Received(
        sender=from_smpp(*delivered.source),
        recipient=from_smpp(*delivered.destination),
        text=decode_text(content, coding),
        header=header,
    )


def _sar(delivered: Delivered) -> PartHeader | None:
    reference, total, place = (delivered.options.get(tag, b"") for tag in (SAR_REFERENCE, SAR_TOTAL, SAR_PLACE))
    if (len(reference), len(total), len(place)) != (2, 1, 1):
        return None
    found = PartHeader(int.from_bytes(reference, "big"), total[0], place[0], 16)
    return found if found.is_valid and found.total > 1 else None
