"""One session over a pair of streams: what answers match, and that a slow receiver slows the message centre."""

from __future__ import annotations

import asyncio
from typing import Any

from penstock.adapters.sms import pdus
from penstock.adapters.sms.pdus import Frame
from penstock.adapters.sms.smpp_session import MAX_HANDLED, MAX_UNREAD_BYTES, Lost, NoResponse, SmppSession
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import SmppSettings

SETTINGS = SmppSettings(host="smsc.example.org", system_id="penstock", password="secret")
CONFIG = SmsConfig(
    public_url="", response_timeout_s=60, enquire_link_s=60, reconnect_min_s=1, reconnect_max_s=1, max_connections=1
)
DELIVER = bytes.fromhex("00000011 00000005 00000000 00000001 00".replace(" ", ""))


class Writer:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False
        self.transport = self

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.written))

    def write(self, content: bytes) -> None:
        self.written.append(content)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


class Receiver:
    """Holds every message until it is let go."""

    def __init__(self) -> None:
        self.taken = 0
        self.go = asyncio.Event()
        self.said: list[bool] = []

    async def take(self, frame: Frame) -> int:
        self.taken += 1
        await self.go.wait()
        return pdus.OK

    def responded(self, frame: Frame, *, written: bool) -> None:
        self.said.append(written)


def session() -> tuple[SmppSession, asyncio.StreamReader, Writer, Receiver]:
    reader, writer, receiver = asyncio.StreamReader(), Writer(), Receiver()
    made: Any = SmppSession(reader, writer, SETTINGS, CONFIG, receiver)  # type: ignore[arg-type]  # it only writes
    return made, reader, writer, receiver


async def turns(count: int = 200) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_answers_of_others_are_ignored_and_a_nack_is_an_error() -> None:
    made, reader, writer, _ = session()
    serving = asyncio.create_task(made.serve())
    binding = asyncio.create_task(made.bind())
    await turns()
    for sequence, command in ((99, 0x80000009), (1, pdus.GENERIC_NACK)):
        reader.feed_data((16).to_bytes(4, "big") + command.to_bytes(4, "big") + b"\0" * 4 + sequence.to_bytes(4, "big"))
    await turns()
    assert isinstance(binding.exception(), Lost)
    reader.feed_eof()
    await asyncio.wait([serving])
    assert "closed the connection" in str(serving.exception())
    assert writer.closed


async def test_a_slow_receiver_slows_the_message_centre() -> None:
    made, reader, writer, receiver = session()
    serving = asyncio.create_task(made.serve())
    reader.feed_data(DELIVER * (MAX_HANDLED + 15))
    await turns()
    assert receiver.taken == MAX_HANDLED
    receiver.go.set()
    await turns()
    assert receiver.taken == len(writer.written) == MAX_HANDLED + 15
    assert all(receiver.said)
    reader.feed_eof()
    await asyncio.wait([serving])


async def test_the_end_tells_every_request_and_unwritten_responses() -> None:
    made, reader, _, receiver = session()
    serving = asyncio.create_task(made.serve())
    what = pdus.Submission(source=(1, "1"), destination=(1, "2"), data_coding=0, content=b"a", has_header=False)
    sending = [asyncio.create_task(made.submit(what)) for _ in range(3)]
    reader.feed_data(DELIVER)
    await turns()
    reader.feed_eof()
    await turns()
    assert not serving.done(), "a message is being stored"
    receiver.go.set()
    await asyncio.wait([serving, *sending])
    assert [type(one.exception()) for one in sending] == [NoResponse] * 3
    assert receiver.said == [False]


async def test_a_message_centre_that_reads_no_responses_is_left() -> None:
    made, reader, writer, _ = session()
    serving = asyncio.create_task(made.serve())
    enquiry = (16).to_bytes(4, "big") + (0x15).to_bytes(4, "big") + b"\0" * 8
    reader.feed_data(enquiry * (MAX_UNREAD_BYTES // 16 + 1))
    await asyncio.wait([serving], timeout=60)
    assert "does not read" in str(serving.exception())
    assert writer.get_write_buffer_size() < 2 * MAX_UNREAD_BYTES


async def test_an_answer_in_front_of_garbage_counts() -> None:
    made, reader, _, _ = session()
    serving = asyncio.create_task(made.serve())
    binding = asyncio.create_task(made.bind())
    await turns()
    good = (16).to_bytes(4, "big") + (0x80000009).to_bytes(4, "big") + b"\0" * 4 + (1).to_bytes(4, "big")
    reader.feed_data(good + b"\xff" * 16)
    await asyncio.wait([serving, binding])
    assert binding.exception() is None
    assert isinstance(serving.exception(), Lost)
