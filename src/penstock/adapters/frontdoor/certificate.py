"""The server's certificate: loaded at start and on request, with its problems reported in one sentence.

OpenSSL itself would ask for a key's password on the terminal, accept an expired certificate, and report most mistakes as "PEM
lib". So the files are checked here before OpenSSL reads them.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from penstock.adapters.frontdoor.config import TlsConfig
from penstock.kit.clock import SECOND_US, Clock, format_seconds
from penstock.kit.errors import Kind, PenstockError

_log = structlog.get_logger(__name__)

_OLDEST = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class CertificateUnusable(PenstockError):
    """The certificate or its key cannot be used for TLS."""

    kind, code = Kind.PRECONDITION, "tls.certificate_unusable"
    message = "{file}: {reason}"


class ServerCertificate:
    """The certificate in use. New handshakes use `context`; open connections keep the certificate they started with.

    `files` are the chain and the key in PEM, for a listener with a TLS of its own.
    """

    def __init__(self, config: TlsConfig, clock: Clock) -> None:
        """Read the two files.

        Raises:
            CertificateUnusable: names the file and the problem.
        """
        self._config = config
        self._clock = clock
        self.context, self.ends_us, self.files = self._load()

    def reload(self) -> None:
        """Read the files again. If they cannot be used, the current certificate is kept and the error is logged."""
        try:
            self.context, self.ends_us, self.files = self._load()
        except CertificateUnusable as error:
            _log.error("certificate_not_reloaded", reason=error.detail, still_good_until=format_seconds(self.ends_us))
        else:
            _log.info("certificate_reloaded", good_until=format_seconds(self.ends_us))

    def _load(self) -> tuple[ssl.SSLContext, int, tuple[bytes, bytes]]:
        leaf = _leaf(self._config.certificate)
        ends_us = _check_dates(self._config.certificate, leaf, self._clock.now_us())
        _check_key(self._config.key, leaf)
        return _context(self._config), ends_us, (_read(self._config.certificate), _read(self._config.key))


def trust_in(file: str) -> ssl.SSLContext:
    """A client context that trusts exactly this certificate, regardless of its issuer and of the server's address.

    Raises:
        OSError: the file cannot be read, or contains no certificate.
    """
    context = ssl.create_default_context(cafile=file)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _leaf(file: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(file))[0]
    except ValueError as error:
        raise CertificateUnusable(file=file, reason="must contain a certificate in PEM format") from error


def _check_dates(file: str, leaf: x509.Certificate, now_us: int) -> int:
    begins_us = int(leaf.not_valid_before_utc.timestamp()) * SECOND_US
    ends_us = int(leaf.not_valid_after_utc.timestamp()) * SECOND_US
    if now_us >= ends_us:
        raise CertificateUnusable(file=file, reason=f"the certificate expired at {format_seconds(ends_us)}")
    if now_us < begins_us:
        raise CertificateUnusable(file=file, reason=f"the certificate is not valid before {format_seconds(begins_us)}")
    return ends_us


def _check_key(file: str, leaf: x509.Certificate) -> None:
    content = _read(file)
    if Path(file).stat().st_mode & 0o007:
        raise CertificateUnusable(file=file, reason="the key must not be accessible to other users of this machine; chmod 600 it")
    try:
        key = load_pem_private_key(content, password=None)
    except TypeError as error:
        raise CertificateUnusable(file=file, reason="the key must not be protected by a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnusable(file=file, reason="must contain a private key in PEM format") from error
    if key.public_key() != leaf.public_key():
        raise CertificateUnusable(file=file, reason="must be the key of the certificate")


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CertificateUnusable(file=file, reason=error.strerror or "cannot be read") from error


def _context(config: TlsConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = _OLDEST[config.min_version]
    # A client could make the server compute one handshake after another on one connection.
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(config.certificate, config.key, password=lambda: "")
    except ssl.SSLError as error:  # for example a key that is too short, or an invalid chain
        raise CertificateUnusable(file=config.certificate, reason=f"OpenSSL rejected it: {error.reason}") from error
    return context
