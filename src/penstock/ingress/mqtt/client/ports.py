"""What a connection to a broker needs of whoever opens sockets."""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from penstock.kit.secret import hides


@hides("key_pem")
class TlsWanted(msgspec.Struct, frozen=True, kw_only=True):
    """How to speak TLS: whom to believe (None: the authorities of the system), and who we are. PEM texts."""

    ca_pem: str | None = None
    certificate_pem: str | None = None
    key_pem: str | None = None


class Streams(Protocol):
    """Opens connections to addresses that others gave us, if these may be called."""

    async def open(self, host: str, port: int, tls: TlsWanted | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection.

        Raises:
            TargetRefused: the host, or an address it resolves to, may not be called. Nothing was sent.
            CallFailed: no connection, and why.
        """
