"""Builds the listener for mails to inboxes, and listens."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from penstock.adapters.frontdoor.config import TlsConfig
from penstock.adapters.frontdoor.server import listen, url_of
from penstock.api.system.metrics import Figure
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.inboxes.ports import MailIntake
from penstock.kit.clock import SystemClock
from penstock.settings import Settings

if TYPE_CHECKING:
    from penstock.adapters.frontdoor.certificate import ServerCertificate
    from penstock.adapters.spf.checker import SpfChecker
    from penstock.ingress.mail.server import MailServer

REMEDY = "select another address with inbox_mail.host and inbox_mail.port in the settings"


class InboxMail:
    """The listener, and the check of senders that it uses. Without a server, the settings do not ask for one."""

    def __init__(self, server: MailServer | None = None, check: SpfChecker | None = None) -> None:
        self.server = server
        self.check = check

    @property
    def part(self) -> Part:
        """Figures of the listener."""
        server = self.server
        if server is None:
            return Part()
        return Part(
            figures=(
                Figure("mail_connections", "Connections for mails to inboxes that are open.", lambda: server.connections),
                Figure("mail_received", "Mails to inboxes that were stored.", lambda: server.received, counts=True),
                Figure(
                    "mail_refused", "Connections, recipients and mails that were rejected.", lambda: server.refused, counts=True
                ),
            )
        )

    def begin_stop(self) -> None:
        """Accept no more connections."""
        if self.server is not None:
            self.server.begin_stop()


def build_inbox_mail(services: Services, settings: Settings, intake: MailIntake) -> InboxMail:
    """Build the listener, if the settings ask for one. It is not listening yet."""
    config = settings.inbox_mail
    if not config.listen:
        return InboxMail()
    # Here, because few servers receive mails, and aiosmtpd and the parser of mails take 50 ms to import.
    from penstock.adapters.spf.checker import SpfChecker, resolver_of_system
    from penstock.core.inboxes.mails import Mails
    from penstock.ingress.mail.server import MailServer

    check = SpfChecker(resolver_of_system(), config.spf_timeout_s) if config.spf != "off" else None
    return InboxMail(MailServer(config, Mails(intake, services.clock), check, services.clock.monotonic), check)


@asynccontextmanager
async def listening_for_mail(mail: InboxMail, settings: Settings, shared: ServerCertificate | None) -> AsyncIterator[list[str]]:
    """Listen at the address in the settings, and return it. `shared` is the certificate of the HTTP server.

    Raises:
        CannotListen: the address is in use, unknown or not allowed.
        CertificateUnusable: the certificate or its key cannot be used.
    """
    config = settings.inbox_mail
    if mail.server is None:
        yield []
        return
    context = _context(settings, shared)
    sockets = listen(config.host, config.port, REMEDY)
    try:
        await mail.server.start(sockets, context)
        yield [url_of(bound, "smtp") for bound in sockets]
    finally:
        await mail.server.stop()
        if mail.check is not None:
            mail.check.close()
        for bound in sockets:
            bound.close()


def _context(settings: Settings, shared: ServerCertificate | None) -> Callable[[], ssl.SSLContext] | None:
    """What returns the current certificate; None if TLS is not offered."""
    config = settings.inbox_mail
    if config.tls == "off":
        return None
    if config.tls_certificate:
        from penstock.adapters.frontdoor.certificate import ServerCertificate  # here, because X.509 takes 20 ms to import

        shared = ServerCertificate(TlsConfig(certificate=config.tls_certificate, key=config.tls_key), SystemClock())
    found = shared
    return None if found is None else lambda: found.context
