"""Outgoing connections that stay open, to brokers: resolves the host, checks every address, and connects to a checked one.

The guard is that of outgoing calls (`client.py`); the caller chooses the port, as brokers use many.
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


class TlsRequest(Protocol):
    """The trusted authorities and the client certificate, in PEM; None selects the system's authorities, or no certificate."""

    @property
    def ca_pem(self) -> str | None:
        """Certificates of authorities."""

    @property
    def certificate_pem(self) -> str | None:
        """The client certificate, and those between it and an authority."""

    @property
    def key_pem(self) -> str | None:
        """The private key of the client certificate."""


class GuardedStreams:
    """Opens TCP and TLS connections to addresses that users configured."""

    def __init__(self, config: OutboundConfig, policy: TargetPolicy, resolver: Resolver) -> None:
        self._config = config
        self._policy = policy
        self._resolver = resolver

    async def open(self, host: str, port: int, tls: TlsRequest | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = _context(tls, self._config.ca_file) if tls is not None else None
        try:
            async with asyncio.timeout(self._config.connect_timeout_s):
                addresses = await self._resolver.resolve(host, port)
        except TimeoutError:
            raise CallFailed(reason="no name server responded") from None
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
                failure = CallFailed(reason="the connection was not established in time")
            except (OSError, ssl.SSLError) as error:
                failure = CallFailed(reason=_reason(error))
        raise failure


def _reason(error: OSError) -> str:
    """A fixed text: the library's message may contain addresses that must not be revealed to the caller."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "the TLS connection failed: the server does not support TLS, or rejected the client"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection"


def _context(tls: TlsRequest, ca_file: str) -> ssl.SSLContext:
    """Create the TLS context.

    Raises:
        CallFailed: a certificate or key is invalid.
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
    """The library reads only files. This one is in memory and has no name, so the key is never on a disk."""
    descriptor = os.memfd_create("client-certificate")
    try:
        os.write(descriptor, f"{certificate_pem}\n{key_pem or ''}\n".encode())
        # Otherwise OpenSSL would ask for a key's pass phrase on the terminal.
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password=lambda: "")
    except (ssl.SSLError, ValueError) as error:
        raise CallFailed(reason="the client's certificate and key cannot be used") from error
    finally:
        os.close(descriptor)
