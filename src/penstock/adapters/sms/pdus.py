"""The messages of SMPP 3.4 as bytes: framing within limits, and those that Penstock exchanges. Pure.

`smpplib` encodes and decodes them. Optional parameters of received ones are read here, because the library accepts neither
unknown ones nor wrong lengths. Source: SMPP 3.4, 3 and 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import msgspec
from smpplib import command, consts, exceptions, smpp

from penstock.core.inboxes.account_models import SmppSettings
from penstock.kit.secret import hides

HEADER_BYTES = 16
MAX_PDU_BYTES = 70_000
"""A deliver_sm with the longest message_payload (64 kB) is below it."""
RESPONSE = 0x80000000
BIND_TRANSCEIVER, UNBIND, SUBMIT_SM, DELIVER_SM, ENQUIRE_LINK, GENERIC_NACK = 9, 6, 4, 5, 0x15, RESPONSE
OK = 0
INVALID_LENGTH, INVALID_COMMAND, TEMPORARY, PERMANENT = 2, 3, 0x64, 0x65
LATER = frozenset({0x08, 0x14, 0x58, TEMPORARY})
"""Statuses that say: not accepted, try again later. System error, queue full, throttled, and the receiver's temporary error."""
SAR_REFERENCE, SAR_TOTAL, SAR_PLACE = 0x020C, 0x020E, 0x020F
MESSAGE_PAYLOAD, RECEIPTED_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427


class Malformed(Exception):
    """Received bytes are not a message of SMPP. `is_fatal`: where the next one begins is unknown."""

    def __init__(self, reason: str, *, is_fatal: bool) -> None:
        super().__init__(reason)
        self.is_fatal = is_fatal


class Frame(msgspec.Struct, frozen=True):
    """A complete message: its command, status and sequence number, and all of its bytes."""

    command: int
    status: int
    sequence: int
    content: bytes


@hides("content")
class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A received deliver_sm. `source` and `destination` are a type of number and the address. `options` are by tag."""

    source: tuple[int, str]
    destination: tuple[int, str]
    esm_class: int
    data_coding: int
    content: bytes
    options: dict[int, bytes]


class Framing:
    """Splits a stream into messages."""

    def __init__(self, max_bytes: int = MAX_PDU_BYTES) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Add received bytes, and yield the messages that are complete: also those in front of a malformed one.

        Raises:
            Malformed: a length is impossible, or above the limit.
        """
        self._buffer += data
        while len(self._buffer) >= HEADER_BYTES:
            length, code, status, sequence = struct.unpack(">LLLL", self._buffer[:HEADER_BYTES])
            if not HEADER_BYTES <= length <= self._max_bytes:
                raise Malformed(f"a message of {length} bytes; the limit is {self._max_bytes}", is_fatal=True)
            if len(self._buffer) < length:
                break
            content = bytes(self._buffer[:length])
            del self._buffer[:length]
            yield Frame(code, status, sequence, content)


class _DeliverSm(command.DeliverSM):  # type: ignore[misc]  # the library has no types
    """Keeps the optional parameters as bytes."""

    tail = b""

    def parse_optional_params(self, data: bytes) -> None:
        self.tail = data


def read_delivered(frame: Frame) -> Delivered:
    """The content of a deliver_sm.

    Raises:
        Malformed: it ends too early, or a part of it is invalid.
    """
    found = _DeliverSm("deliver_sm", need_sequence=False)
    try:
        found.parse(frame.content)
        options = _options(found.tail)
        short = found.short_message or b""
        if found.sm_length is None or len(short) != found.sm_length:
            raise Malformed("the short message is shorter than its length", is_fatal=False)
        return Delivered(
            source=(found.source_addr_ton, _text(found.source_addr, 21)),
            destination=(found.dest_addr_ton, _text(found.destination_addr, 21)),
            esm_class=found.esm_class,
            data_coding=found.data_coding,
            content=short or options.get(MESSAGE_PAYLOAD, b""),
            options=options,
        )
    except (struct.error, ValueError, TypeError, KeyError, exceptions.PDUError) as error:
        raise Malformed(f"a deliver_sm that cannot be read: {type(error).__name__}", is_fatal=False) from None


def _options(data: bytes) -> dict[int, bytes]:
    found, at = dict[int, bytes](), 0
    while at + 4 <= len(data):
        tag, length = struct.unpack(">HH", data[at : at + 4])
        if at + 4 + length > len(data):
            raise Malformed("an optional parameter is longer than its message", is_fatal=False)
        found[tag] = data[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def _text(value: bytes | None, limit: int) -> str:
    if value is None or len(value) > limit:
        raise Malformed("an address is missing or too long", is_fatal=False)
    return value.decode("latin-1")


def message_id_of(frame: Frame) -> str:
    """The id in a submit_sm_resp; empty if it has none."""
    return frame.content[HEADER_BYTES:].split(b"\0", 1)[0][:64].decode("latin-1")


def bind(sequence: int, settings: SmppSettings) -> bytes:
    """A bind_transceiver."""
    return _made(
        "bind_transceiver",
        sequence,
        system_id=settings.system_id,
        password=settings.password or "",
        system_type=settings.system_type,
        interface_version=0x34,
        addr_ton=0,
        addr_npi=0,
        address_range="",
    )


@hides("content")
class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A message to submit: addresses with their types of number, and the content with its header, if it has one."""

    source: tuple[int, str]
    destination: tuple[int, str]
    data_coding: int
    content: bytes
    has_header: bool


def submit(sequence: int, what: Submission) -> bytes:
    """A submit_sm that asks for a delivery receipt."""
    return _made(
        "submit_sm",
        sequence,
        service_type="",
        source_addr_ton=what.source[0],
        source_addr_npi=_plan(what.source[0]),
        source_addr=what.source[1],
        dest_addr_ton=what.destination[0],
        dest_addr_npi=_plan(what.destination[0]),
        destination_addr=what.destination[1],
        esm_class=0x40 if what.has_header else 0,
        protocol_id=0,
        priority_flag=0,
        schedule_delivery_time="",
        validity_period="",
        registered_delivery=1,
        replace_if_present_flag=0,
        data_coding=what.data_coding,
        sm_default_msg_id=0,
        short_message=what.content,
    )


def _plan(kind: int) -> int:
    """The numbering plan for a type of number: E.164, and none for names."""
    return 0 if kind == consts.SMPP_TON_ALNUM else 1


def request(name: str, sequence: int) -> bytes:
    """An enquire_link or unbind."""
    return _made(name, sequence)


def response(frame: Frame, status: int = OK) -> bytes:
    """The response to a request."""
    body = b"\0" if frame.command == DELIVER_SM else b""
    return struct.pack(">LLLL", HEADER_BYTES + len(body), frame.command | RESPONSE, status, frame.sequence) + body


def nack(sequence: int, status: int) -> bytes:
    """A generic_nack."""
    return struct.pack(">LLLL", HEADER_BYTES, GENERIC_NACK, status, sequence)


def status_text(status: int) -> str:
    """What a status says, such as `Throttling error`."""
    return str(consts.DESCRIPTIONS.get(status, "an error of the message centre")) + f" (0x{status:08x})"


def _made(name: str, sequence: int, **fields: Any) -> bytes:
    made = smpp.make_pdu(name, sequence=sequence, **fields)
    made.sequence = sequence
    generated: bytes = made.generate()
    return generated
