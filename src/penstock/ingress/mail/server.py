"""Listens for mails: sockets, the limits of connections, and an orderly shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Sequence

import structlog

from penstock.core.inboxes.mails import Mails
from penstock.ingress.mail.config import InboxMailConfig
from penstock.ingress.mail.conversation import Conversation
from penstock.ingress.mail.reception import Reception, SenderCheck
from penstock.ingress.mail.windows import network_of

_LAST_WORDS_S = 2.0
"""How long the last mails may take to be stored, and clients to read why their connection is closed."""
_log = structlog.get_logger()


class MailServer:
    """The listener. Implements `conversation.Owner`."""

    def __init__(self, config: InboxMailConfig, mails: Mails, check: SenderCheck | None, monotonic: Callable[[], float]) -> None:
        self._config = config
        self._reception = Reception(config, mails, check, monotonic)
        self._servers: list[asyncio.Server] = []
        self._open: dict[Conversation, str] = {}
        """Open connections, with the network of their client."""
        self._of_network: Counter[str] = Counter()
        self._stopping = False
        self._empty: asyncio.Event | None = None

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._open)

    @property
    def received(self) -> int:
        """Mails that were stored since the start."""
        return self._reception.received

    @property
    def refused(self) -> int:
        """Connections, recipients and mails that were rejected since the start."""
        return sum(self._reception.refused.values())

    async def start(self, sockets: Sequence[socket.socket], context: Callable[[], ssl.SSLContext] | None = None) -> None:
        """Listen on bound sockets. `context` returns the current certificate for STARTTLS; without it, there is no TLS."""
        loop = asyncio.get_running_loop()

        def conversation() -> Conversation:
            return Conversation(self._config, self, self._reception, context() if context is not None else None, loop)

        for bound in sockets:
            self._servers.append(await loop.create_server(conversation, sock=bound))

    def begin_stop(self) -> None:
        """Accept no more connections."""
        self._stopping = True
        for server in self._servers:
            server.close()

    async def stop(self) -> None:
        """Accept nothing more, store and acknowledge what was received completely, and close all connections."""
        self.begin_stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._reception.settle(), _LAST_WORDS_S)
        for conversation in list(self._open):
            conversation.end("421 4.3.2 the server is stopping")
        if self._open:
            self._empty = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), _LAST_WORDS_S)
        for conversation in list(self._open):
            conversation.abort()
        if self._reception.refused:
            _log.info("mails_refused", counts=dict(self._reception.refused))

    # Owner of connections.

    def opened(self, conversation: Conversation) -> str | None:
        network = network_of(conversation.peer())
        self._open[conversation] = network
        self._of_network[network] += 1
        if self._stopping:
            return "421 4.3.2 the server is stopping"
        if len(self._open) > self._config.max_connections:
            self._reception.refused["max_connections"] += 1
            return "421 4.7.0 too many connections"
        if self._of_network[network] > self._config.max_connections_per_address:
            self._reception.refused["max_connections_per_address"] += 1
            return "421 4.7.0 too many connections from your address"
        return None

    def lost(self, conversation: Conversation) -> None:
        network = self._open.pop(conversation, None)
        if network is not None:
            self._of_network[network] -= 1
            if not self._of_network[network]:
                del self._of_network[network]
        if self._empty is not None and not self._open:
            self._empty.set()
