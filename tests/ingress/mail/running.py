"""A listener for mails in a thread with an event loop of its own, and clients that send any bytes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvloop

from penstock.adapters.frontdoor.server import listen
from penstock.core.inboxes.mails import Mails
from penstock.core.inboxes.models import IncomingMail
from penstock.ingress.mail.config import InboxMailConfig
from penstock.ingress.mail.reception import SenderCheck
from penstock.ingress.mail.server import MailServer
from penstock.kit.errors import Unavailable
from penstock.kit.ids import InboxMessageId
from tests.support.days import HeldClock
from tests.support.waiting import CEILING_S

DOMAIN = "codes.example"


class Inbox:
    """An intake that keeps mails in memory, unique as the stored ones are."""

    def __init__(self, *aliases: str) -> None:
        self.aliases = set(aliases)
        self.stored: list[tuple[str, IncomingMail]] = []
        self.fails = False
        self.gate: threading.Event | None = None
        self.began = threading.Event()

    async def accepts(self, alias: str) -> bool:
        return alias in self.aliases

    async def received_mail(self, alias: str, mail: IncomingMail) -> InboxMessageId | None:
        self.began.set()
        if self.gate is not None:
            await asyncio.to_thread(self.gate.wait, CEILING_S)
        if self.fails:
            raise Unavailable(reason="the disk is full")
        if alias not in self.aliases:
            return None
        for place, (name, known) in enumerate(self.stored):
            if (name, known.provider_id) == (alias, mail.provider_id):
                return InboxMessageId(place + 1)
        self.stored.append((alias, mail))
        return InboxMessageId(len(self.stored))

    @property
    def bodies(self) -> list[str]:
        return [mail.content.body for _, mail in self.stored]


class Listener:
    """The running listener."""

    def __init__(self, server: MailServer, inbox: Inbox, port: int, loop: asyncio.AbstractEventLoop, clock: HeldClock) -> None:
        self.server, self.inbox, self.port, self.loop, self.clock = server, inbox, port, loop, clock

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(CEILING_S)

    def client(self) -> Raw:
        return Raw(self.port)


@contextmanager
def listener(
    inbox: Inbox | None = None,
    check: SenderCheck | None = None,
    context: Callable[[], ssl.SSLContext] | None = None,
    *,
    uv: bool = False,
    **settings: Any,
) -> Iterator[Listener]:
    inbox, clock = inbox or Inbox("ci"), HeldClock(1_790_000_000_000_000)
    values: dict[str, Any] = {"listen": True, "domains": (DOMAIN,), "host_name": "mx.codes.example"} | settings
    config = InboxMailConfig(**values)
    loop = uvloop.new_event_loop() if uv else asyncio.new_event_loop()
    problems: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: problems.append(context))
    thread = threading.Thread(target=loop.run_forever, name="mail-listener")
    thread.start()
    sockets = listen("127.0.0.1", 0)

    async def start() -> MailServer:
        made = MailServer(config, Mails(inbox, clock), check, clock.monotonic)
        await made.start(sockets, context)
        return made

    try:
        server = asyncio.run_coroutine_threadsafe(start(), loop).result(CEILING_S)
        yield Listener(server, inbox, sockets[0].getsockname()[1], loop, clock)
    finally:
        with contextlib.suppress(NameError):
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(CEILING_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(CEILING_S)
        loop.close()
        for bound in sockets:
            bound.close()
    assert problems == []


class Raw:
    """A client that sends any bytes, after it has read the greeting."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=CEILING_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")
        self.greeting = self.reply()

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> str:
        """The last line of the next answer; empty if the server closed the connection."""
        try:
            while line := self._file.readline():
                if line[3:4] != b"-":
                    return line.decode().rstrip()
        except ConnectionResetError:
            pass
        return ""

    def ask(self, line: str) -> str:
        self.send(line.encode() + b"\r\n")
        return self.reply()

    def replies(self) -> list[str]:
        """All answers until the server closes the connection."""
        found = []
        while line := self.reply():
            found.append(line)
        return found

    def ready(self, *recipients: str, sender: str = "joe@sender.example") -> Raw:
        """Everything before the content of a mail."""
        assert self.ask("EHLO client.example").startswith("250")
        assert self.ask(f"MAIL FROM:<{sender}>").startswith("250")
        for recipient in recipients or (f"ci@{DOMAIN}",):
            assert self.ask(f"RCPT TO:<{recipient}>").startswith("250")
        assert self.ask("DATA").startswith("354")
        return self
