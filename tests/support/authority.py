"""A certificate authority of the test's own, and servers' certificates as files."""

from __future__ import annotations

import ssl
from datetime import datetime
from pathlib import Path

import trustme

HOSTS = ("127.0.0.1", "localhost")


class Pair:
    """A certificate and its key as files. Another may be written into the same places."""

    def __init__(self, folder: Path, name: str) -> None:
        self.certificate = folder / f"{name}.pem"
        self.key = folder / f"{name}.key"

    def write(self, made: trustme.LeafCert) -> Pair:
        self.certificate.write_bytes(b"".join(part.bytes() for part in made.cert_chain_pems))
        self.key.touch(0o600)
        self.key.write_bytes(made.private_key_pem.bytes())
        return self

    def environment(self, **more: str) -> dict[str, str]:
        """The settings of a server that uses it."""
        return {
            "PENSTOCK_HTTP_TLS_CERTIFICATE": str(self.certificate),
            "PENSTOCK_HTTP_TLS_KEY": str(self.key),
        } | more


class Authority:
    """Signs certificates, and knows what a client must trust."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self._folder = folder

    def leaf(self, *hosts: str, begins: datetime | None = None, ends: datetime | None = None) -> trustme.LeafCert:
        return self._ca.issue_cert(*(hosts or HOSTS), not_before=begins, not_after=ends)

    def pair(self, name: str = "server", *hosts: str, begins: datetime | None = None, ends: datetime | None = None) -> Pair:
        return Pair(self._folder, name).write(self.leaf(*hosts, begins=begins, ends=ends))

    @property
    def certificate(self) -> bytes:
        """The authority's own certificate (PEM)."""
        return self._ca.cert_pem.bytes()

    def trusting(self) -> ssl.SSLContext:
        """What a client needs to believe this authority and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        return context
