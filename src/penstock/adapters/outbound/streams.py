"""Outgoing connections that stay open, to brokers: resolves, judges every address, and connects to a judged one.

The guard is that of outgoing calls (`client.py`); the port is the caller's choice, as brokers have no usual few.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from typing import Protocol

from penstock.adapters.outbound.resolver import Resolver
from penstock.core.outbound.config import OutboundConfig
from penstock.core.outbound.errors import CallFailed
from penstock.core.outbound.targets import TargetPolicy

MAX_ADDRESSES = 3
READ_BYTES = 262_144


class TlsWanted(Protocol):
    """Whom to believe and who we are, as PEM texts; None is the system's authorities, and nobody."""

    @property
    def ca_pem(self) -> str | None:
        """Certificates of authorities."""

    @property
    def certificate_pem(self) -> str | None:
        """Our certificate, and those between it and an authority."""

    @property
    def key_pem(self) -> str | None:
        """Its private key."""


class GuardedStreams:
    """Opens TCP and TLS connections to addresses that others gave us."""

    def __init__(self, config: OutboundConfig, policy: TargetPolicy, resolver: Resolver) -> None:
        self._config = config
        self._policy = policy
        self._resolver = resolver

    async def open(self, host: str, port: int, tls: TlsWanted | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = _context(tls, self._config.ca_file) if tls is not None else None
        try:
            async with asyncio.timeout(self._config.connect_timeout_s):
                addresses = await self._resolver.resolve(host, port)
        except TimeoutError:
            raise CallFailed(reason="no name server answered") from None
        except (OSError, UnicodeError) as error:
            raise CallFailed(reason="the host has no address") from error
        self._policy.check_addresses(host, addresses)
        failure = CallFailed(reason="no connection")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                async with asyncio.timeout(self._config.connect_timeout_s):
                    name = host if context is not None else None
                    return await asyncio.open_connection(address, port, limit=READ_BYTES, ssl=context, server_hostname=name)
            except TimeoutError:
                failure = CallFailed(reason="no connection in time")
            except (OSError, ssl.SSLError) as error:
                failure = CallFailed(reason=_reason(error))
        raise failure


def _reason(error: OSError) -> str:
    """In our words: a library's may hold addresses that a caller is not to learn."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "no TLS connection: the other side speaks none, or does not accept us"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection"


def _context(tls: TlsWanted, ca_file: str) -> ssl.SSLContext:
    """How to speak TLS.

    Raises:
        CallFailed: a certificate or key is none.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    try:
        if tls.ca_pem is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_verify_locations(cadata=tls.ca_pem)
    except (ssl.SSLError, ValueError) as error:
        raise CallFailed(reason="the CA certificate cannot be read") from error
    if tls.certificate_pem is not None:
        _load_pair(context, tls.certificate_pem, tls.key_pem)
    return context


def _load_pair(context: ssl.SSLContext, certificate_pem: str, key_pem: str | None) -> None:
    """The library reads files alone. This one is in memory and has no name, so the key is never on a disk."""
    descriptor = os.memfd_create("client-certificate")
    try:
        os.write(descriptor, f"{certificate_pem}\n{key_pem or ''}\n".encode())
        # A key behind a pass phrase would be asked for on the terminal.
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password=lambda: "")
    except (ssl.SSLError, ValueError) as error:
        raise CallFailed(reason="the client's certificate and key cannot be used") from error
    finally:
        os.close(descriptor)
