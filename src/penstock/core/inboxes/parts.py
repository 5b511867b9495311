"""Long texts: how a text is divided into the parts of a concatenated SMS, and the headers of parts. Pure.

No part ends within a character: neither between an escape and its code nor between the halves of an emoji. Sources: 3GPP TS
23.040, 9.2.3.24.1 and 9.2.3.24.8; SMPP 3.4, 5.3.2.22 to 24.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from penstock.core.inboxes.gsm import Alphabet, alphabet_of, encode_gsm7, encode_ucs2
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

SINGLE = {Alphabet.GSM7: 160, Alphabet.UCS2: 140}
"""How much one SMS holds: septets, or bytes."""
JOINED = {Alphabet.GSM7: 153, Alphabet.UCS2: 134}
"""How much a part of several holds, behind its header of six bytes."""
MAX_PARTS = 10
"""Parts of a text to send. The standard allows 255, providers about this many."""
REFERENCE_8, REFERENCE_16 = 0x00, 0x08


class PartHeader(msgspec.Struct, frozen=True):
    """Which part of which text: a reference that a sender gives all parts, their number, and the place from 1.

    `bits` is the size of the reference.
    """

    reference: int
    total: int
    place: int
    bits: int = 8

    @property
    def is_valid(self) -> bool:
        """Whether the place is one of the parts."""
        return 1 <= self.place <= self.total <= 255


@hides("content")
class TextPart(msgspec.Struct, frozen=True):
    """A part to send, without its header; septets are not packed. `place` counts from 1."""

    content: bytes
    place: int
    total: int


def _characters(text: str, alphabet: Alphabet) -> Iterator[bytes]:
    encode = encode_gsm7 if alphabet is Alphabet.GSM7 else encode_ucs2
    for character in text:
        yield encode(character)


def divide(text: str, alphabet: Alphabet | None = None) -> list[TextPart]:
    """The parts of a text; an empty one has one.

    Raises:
        InvalidInput: it needs too many parts; the error names the field `text`.
    """
    found = _pieces(text, alphabet or alphabet_of(text))
    if len(found) > MAX_PARTS:
        raise InvalidInput.field("text", f"must have at most {MAX_PARTS} parts, and has {len(found)}")
    return [TextPart(content, place, len(found)) for place, content in enumerate(found, 1)]


def _pieces(text: str, chosen: Alphabet) -> list[bytes]:
    pieces = list(_characters(text, chosen))
    whole = b"".join(pieces)
    if len(whole) <= SINGLE[chosen]:
        return [whole]
    found, current = list[bytes](), bytearray()
    for piece in pieces:
        if len(current) + len(piece) > JOINED[chosen]:
            found.append(bytes(current))
            current.clear()
        current += piece
    found.append(bytes(current))
    return found


def count_parts(text: str) -> int:
    """How many SMS a text is, also of one that has too many parts to be sent."""
    return len(_pieces(text, alphabet_of(text)))


def write_header(header: PartHeader) -> bytes:
    """The user data header of a part, with its length in front."""
    if header.bits == 8:
        return bytes((5, REFERENCE_8, 3, header.reference & 0xFF, header.total, header.place))
    return bytes((6, REFERENCE_16, 4, header.reference >> 8 & 0xFF, header.reference & 0xFF, header.total, header.place))


def read_header(content: bytes) -> tuple[PartHeader | None, bytes]:
    """The part's header in the user data header in front of some content, or None, and the content behind it.

    A header that is longer than the content is none: everything is content then.
    """
    if not content or content[0] + 1 > len(content):
        return None, content
    header, rest = content[1 : content[0] + 1], content[content[0] + 1 :]
    found, at = None, 0
    while at + 2 <= len(header):
        name, value = header[at], header[at + 2 : at + 2 + header[at + 1]]
        at += 2 + header[at + 1]
        if name == REFERENCE_8 and len(value) == 3:
            found = PartHeader(value[0], value[1], value[2], 8)
        elif name == REFERENCE_16 and len(value) == 4:
            found = PartHeader(value[0] << 8 | value[1], value[2], value[3], 16)
    # A place that cannot be is ignored, as the standard says.
    return (found if found is not None and found.is_valid and found.total > 1 else None), rest
