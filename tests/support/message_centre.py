"""A message centre that speaks SMPP 3.4, on the codec of another project than the client under test uses.

It accepts binds and messages, delivers messages and receipts, and misbehaves when it is told to.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import ssl
import struct
from collections.abc import Callable
from typing import Any

from smpp.pdu.operations import (
    BindTransceiver,
    BindTransceiverResp,
    DeliverSM,
    DeliverSMResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    SubmitSM,
    SubmitSMResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu.pdu_encoding import PDUEncoder
from smpp.pdu.pdu_types import CommandStatus

HEADER_BYTES = 16
OK = CommandStatus.ESME_ROK


def encoded(pdu: Any) -> bytes:
    return bytes(PDUEncoder().encode(pdu))


def decoded(content: bytes) -> Any:
    return PDUEncoder().decode(io.BytesIO(content))


class MessageCentre:
    """Listens on loopback. `answer` decides what a submit_sm is answered: a status, or None for nothing."""

    def __init__(self, password: str = "secret", tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.password = password
        self.port = 0
        self.binds: list[Any] = []
        self.submitted: list[Any] = []
        self.raw: list[bytes] = []
        self.enquiries = 0
        self.unbinds = 0
        self.responses: dict[int, Any] = {}
        self.nacks: list[Any] = []
        self.answer: Callable[[Any], Any] = lambda pdu: OK
        self.answers_enquiries = True
        self._writers: list[asyncio.StreamWriter] = []
        self._arrived = asyncio.Condition()
        self._sequence = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> MessageCentre:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.drop()
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    def drop(self) -> None:
        """End all connections without a word."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def until(self, condition: Callable[[], Any], what: str = "the message centre to be called") -> None:
        """Wait until something was received."""
        async with self._arrived:
            await asyncio.wait_for(self._arrived.wait_for(condition), 60)
        assert condition(), what

    async def bound(self, count: int = 1) -> None:
        await self.until(lambda: len(self.binds) >= count)

    def send(self, content: bytes) -> None:
        """Send bytes as they are."""
        self._writers[-1].write(content)

    def deliver(self, body: dict[str, Any] | bytes) -> int:
        """Send a deliver_sm, of fields or of a body in bytes. Returns its sequence number."""
        self._sequence += 1
        if isinstance(body, bytes):
            self.send(struct.pack(">LLLL", HEADER_BYTES + len(body), 5, 0, self._sequence) + body)
        else:
            self.send(encoded(DeliverSM(self._sequence, **body)))
        return self._sequence

    async def response(self, sequence: int) -> Any:
        """The response to a deliver_sm."""
        await self.until(lambda: sequence in self.responses)
        return self.responses[sequence]

    def request(self, kind: type[Any]) -> None:
        """Send an enquire_link or unbind."""
        self._sequence += 1
        self.send(encoded(kind(self._sequence)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(HEADER_BYTES)
                content = head + await reader.readexactly(int.from_bytes(head[:4], "big") - HEADER_BYTES)
                self._take(content, writer)
                async with self._arrived:
                    self._arrived.notify_all()
        writer.close()

    def _take(self, content: bytes, writer: asyncio.StreamWriter) -> None:
        pdu = decoded(content)
        out = None
        if isinstance(pdu, BindTransceiver):
            self.binds.append(pdu)
            good = pdu.params["password"] == self.password.encode()
            out = BindTransceiverResp(pdu.seqNum, OK if good else CommandStatus.ESME_RINVPASWD, system_id=b"centre")
        elif isinstance(pdu, SubmitSM):
            self.submitted.append(pdu)
            self.raw.append(content)
            status = self.answer(pdu)
            if status is not None:
                fields = {"message_id": f"m{len(self.submitted)}".encode()} if status is OK else {}
                out = SubmitSMResp(pdu.seqNum, status, **fields)
        elif isinstance(pdu, EnquireLink):
            self.enquiries += 1
            out = EnquireLinkResp(pdu.seqNum) if self.answers_enquiries else None
        elif isinstance(pdu, Unbind):
            self.unbinds += 1
            out = UnbindResp(pdu.seqNum)
        elif isinstance(pdu, DeliverSMResp | EnquireLinkResp | UnbindResp):
            self.responses[pdu.seqNum] = pdu
        elif isinstance(pdu, GenericNack):
            self.nacks.append(pdu)
        if out is not None and not writer.is_closing():
            writer.write(encoded(out))
