"""The port through which connections to brokers open sockets."""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from penstock.kit.secret import hides


@hides("key_pem")
class TlsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The TLS parameters: the trusted authorities (None: those of the system) and the client certificate. PEM texts."""

    ca_pem: str | None = None
    certificate_pem: str | None = None
    key_pem: str | None = None


class Streams(Protocol):
    """Opens connections to addresses that users configured, if calls to them are allowed."""

    async def open(self, host: str, port: int, tls: TlsRequest | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection.

        Raises:
            TargetRefused: calls to the host, or to an address it resolves to, are not allowed. Nothing was sent.
            CallFailed: the connection failed; the error has the reason.
        """
