"""One connection of a client that delivers mails: aiosmtpd's protocol, made strict.

aiosmtpd reads commands, answers them and negotiates TLS. What it does not do, or does at the cost of a hostile client's choice,
is here:

- A line feed without a carriage return ends the connection. Only CRLF ends a line and only CRLF.CRLF ends a mail, so that no mail
  can contain another one that a less strict server would see.
- A mail is one buffer, and no longer than the announced size.
- Each state has a time limit, and the connection has one too.
"""

from __future__ import annotations

import asyncio
import collections
import ssl
from typing import TYPE_CHECKING, Any, Protocol

from aiosmtpd.smtp import SMTP, syntax

from penstock.ingress.mail.config import InboxMailConfig

if TYPE_CHECKING:
    from penstock.ingress.mail.reception import Reception

COMMAND_BYTES = 512
CALLS = {"*": 20, "MAIL": 100, "RCPT": 1_000, "DATA": 100, "RSET": 100, "NOOP": 50}
"""Commands of one connection. The next one ends it."""
_LAST_WORDS_S = 5.0
"""How long a client may take to read why the connection is closed."""
_MOST_EXCESS = 4
"""A client that sends this many times the announced size is disconnected in the midst of the mail."""


class Owner(Protocol):
    """Knows all connections."""

    def opened(self, conversation: Conversation) -> str | None:
        """Register a connection. Returns the answer that ends it, or None."""

    def lost(self, conversation: Conversation) -> None:
        """Remove a connection."""


class Conversation(SMTP):
    """The protocol of one connection."""

    def __init__(
        self,
        config: InboxMailConfig,
        owner: Owner,
        reception: Reception,
        context: ssl.SSLContext | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.line_length_limit = config.max_line_bytes
        super().__init__(
            reception,
            data_size_limit=config.max_size_bytes,
            hostname=config.host_name or "localhost",
            ident="Penstock",
            tls_context=context,
            require_starttls=config.tls == "required",
            timeout=config.command_timeout_s,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=CALLS,
            loop=loop,
        )
        # aiosmtpd shares one table among all connections, which grows with each greeting.
        self.command_size_limits = collections.defaultdict(lambda: COMMAND_BYTES)
        del self._smtp_methods["AUTH"]
        self._config = config
        self._owner = owner
        self._reception = reception
        self._ended = False
        self._last_byte = b""
        self._lifetime: asyncio.TimerHandle | None = None

    # aiosmtpd evaluates all properties of a new protocol, so these are methods.

    def peer(self) -> str:
        """The address of the client."""
        assert self.session is not None
        # Without a network there is no address: a socket of the local machine.
        return str(self.session.peer[0]) if isinstance(self.session.peer, tuple) else "local"

    def tls(self) -> str:
        """The version of TLS in use; empty without."""
        found: Any = self.transport.get_extra_info("ssl_object") if self.transport is not None else None
        return found.version() or "" if found is not None else ""

    # The transport.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the conversation; with TLS, begin it again."""
        self._last_byte = b""
        again = self.transport is not None
        super().connection_made(transport)
        if again:
            return
        assert self._handler_coroutine is not None
        self._handler_coroutine.add_done_callback(_noted)
        self._lifetime = self.loop.call_later(
            self._config.session_timeout_s, lambda: self.end("421 4.4.2 the connection was open for too long")
        )
        refusal = self._owner.opened(self)
        if refusal is not None:
            self._handler_coroutine.cancel()
            self.end(refusal)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection. A mail that is being stored is still stored."""
        self._ended = True
        if self._lifetime is not None:
            self._lifetime.cancel()
        self._owner.lost(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Pass lines on, which end with CRLF; end the connection at any other line feed."""
        if self._ended:
            return
        complete = data.count(b"\r\n") + (data.startswith(b"\n") and self._last_byte == b"\r")
        if data.count(b"\n") != complete:
            self.end("521 5.5.2 a line must end with CRLF")
            return
        self._last_byte = data[-1:]
        super().data_received(data)

    def end(self, reply: str) -> None:
        """Answer, and close the connection."""
        if self._ended or self.transport is None:
            return
        self._ended = True
        transport: Any = self.transport
        transport.write(reply.encode("ascii", "replace") + b"\r\n")
        transport.close()
        self.loop.call_later(_LAST_WORDS_S, transport.abort)

    def abort(self) -> None:
        """Close the connection without an answer."""
        transport: Any = self.transport
        if transport is not None:
            transport.abort()

    def _timeout_cb(self) -> None:
        self.end("421 4.4.2 timeout")

    # The content of a mail.

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802  (aiosmtpd's name)
        """Receive a mail, and answer when it is stored."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self._reset_timeout(self._config.data_timeout_s)
        content, problem = await self._content()
        envelope, self.envelope = self.envelope, self._create_envelope()
        self._reset_timeout(self._config.data_timeout_s)
        with self._reception.answering():
            await self.push(problem or await self._reception.deliver(self, envelope, content))
        self._reset_timeout()

    async def _content(self) -> tuple[bytes, str | None]:
        """The content up to CRLF.CRLF, and the answer if it is not acceptable."""
        content, problem, received, is_rest = bytearray(), None, 0, False
        limit = self._config.max_size_bytes
        while True:
            try:
                line: bytes = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as error:
                received += len(await self._reader.read(max(1, error.consumed)))
                problem, is_rest = problem or "500 5.5.2 a line is too long", True
                content.clear()
            else:
                if line == b".\r\n" and not is_rest:
                    return bytes(content), problem
                is_rest = False
                if line.startswith(b"."):
                    line = line[1:]
                received += len(line)
                if problem is None:
                    content += line
            if received > limit:
                problem = problem or "552 5.3.4 the mail is too large"
                content.clear()
            if received > limit * _MOST_EXCESS:
                self.end("552 5.3.4 the mail is too large")
                raise ConnectionResetError


def _noted(task: asyncio.Task[None]) -> None:
    """Take notice of how a conversation ended: a client that disconnects is not an error."""
    if not task.cancelled():
        task.exception()
