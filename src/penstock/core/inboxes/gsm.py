"""The alphabets of SMS: GSM-7 with its extension table, and UCS-2. Pure.

A text whose characters are all in GSM-7 is sent in it, any other in UCS-2 (UTF-16, big-endian). Lengths are counted in units: a
septet of GSM-7, of which a character of the extension table takes two, or two bytes of UCS-2, of which an emoji takes two.
Sources: 3GPP TS 23.038, 6.2.1 and 4; SMPP 3.4, 5.2.19.
"""

from __future__ import annotations

from enum import StrEnum

ESCAPE = 0x1B
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet, by code."""
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
"""What follows an escape, by code."""
_CODES = {character: bytes((code,)) for code, character in enumerate(BASIC) if code != ESCAPE}
_CODES |= {character: bytes((ESCAPE, code)) for code, character in EXTENSION.items()}
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Alphabet(StrEnum):
    """How the characters of an SMS are coded."""

    GSM7 = "gsm7"
    LATIN1 = "latin1"
    UCS2 = "ucs2"
    BINARY = "binary"


def is_gsm7(text: str) -> bool:
    """Whether GSM-7 has all characters of a text."""
    return all(character in _CODES for character in text)


def alphabet_of(text: str) -> Alphabet:
    """The alphabet that a text is sent in."""
    return Alphabet.GSM7 if is_gsm7(text) else Alphabet.UCS2


def encode_gsm7(text: str) -> bytes:
    """A text in GSM-7, one septet in each byte, as SMPP has it.

    Raises:
        KeyError: GSM-7 has not all of its characters.
    """
    return b"".join([_CODES[character] for character in text])


def decode_gsm7(septets: bytes) -> str:
    """A text in GSM-7, one septet in each byte.

    A code that the extension table has not is read as the default alphabet's, as the standard says. A byte above 127 is unknown.
    """
    out: list[str] = []
    escaped = False
    for code in septets:
        if code > 0x7F:
            out.append(UNKNOWN)
            escaped = False
        elif escaped:
            out.append(EXTENSION.get(code, " " if code == ESCAPE else BASIC[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            out.append(BASIC[code])
    return "".join(out)


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Pack septets, eight into seven bytes, behind bits that complete the septet of a header."""
    bits = fill_bits
    number = 0
    for code in septets:
        number |= code << bits
        bits += 7
    return number.to_bytes((bits + 7) // 8, "little")


def unpack(packed: bytes, count: int, fill_bits: int = 0) -> bytes:
    """Unpack a number of septets; as many as there are, if they are fewer."""
    number = int.from_bytes(packed, "little") >> fill_bits
    there = max(0, (len(packed) * 8 - fill_bits) // 7)
    return bytes([number >> 7 * at & 0x7F for at in range(min(count, there))])


def encode_ucs2(text: str) -> bytes:
    """A text in UTF-16, big-endian. Half of a surrogate pair becomes a replacement character."""
    return whole(text).encode("utf-16-be")


def decode_ucs2(content: bytes) -> str:
    """A text in UTF-16, big-endian, without a byte order mark; an odd byte at the end becomes a replacement character.

    Half of a surrogate pair stays, because the other half can be in the next part: see `whole`.
    """
    even, odd = content[: len(content) // 2 * 2], UNKNOWN if len(content) % 2 else ""
    if even[:2] == b"\xff\xfe":
        return even[2:].decode("utf-16-le", "surrogatepass") + odd
    return even.decode("utf-16-be", "surrogatepass").removeprefix("\ufeff") + odd


def whole(text: str) -> str:
    """A text whose surrogate pairs are characters; half of a pair becomes a replacement character."""
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def alphabet_of_coding(data_coding: int, default: Alphabet = Alphabet.GSM7) -> Alphabet:
    """The alphabet that a `data_coding` states; `default` is that of 0, on which a provider and its customer agree."""
    if data_coding == 0:
        return default
    if data_coding in (1, 3, 8):
        return {1: Alphabet.GSM7, 3: Alphabet.LATIN1, 8: Alphabet.UCS2}[data_coding]
    group = data_coding >> 4
    if group == 0xF:  # data coding and message class
        return Alphabet.BINARY if data_coding & 4 else Alphabet.GSM7
    if group in (0xC, 0xD):
        return Alphabet.GSM7
    if group == 0xE:
        return Alphabet.UCS2
    if group < 8 and data_coding > 0xF and not data_coding & 0x20:  # general groups; compressed texts cannot be read
        return (Alphabet.GSM7, Alphabet.BINARY, Alphabet.UCS2, Alphabet.GSM7)[data_coding >> 2 & 3]
    return Alphabet.BINARY


def decode_text(content: bytes, alphabet: Alphabet) -> str:
    """A text as SMPP has it. Of binary content, ASCII is kept, and any other byte is unknown."""
    if alphabet is Alphabet.GSM7:
        return decode_gsm7(content)
    if alphabet is Alphabet.UCS2:
        return decode_ucs2(content)
    if alphabet is Alphabet.LATIN1:
        return content.decode("latin-1")
    return content.decode("ascii", "replace")
