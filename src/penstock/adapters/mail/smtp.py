"""Mail by SMTP, with the standard library's client in a thread. Source: RFC 5321, 3207, 8314."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Sequence

from penstock.adapters.mail.config import MailConfig
from penstock.adapters.mail.message import to_email
from penstock.core.people.errors import MailFailed
from penstock.core.people.models import MailFile, Message


class SmtpMailer:
    """Implements `Mailer`. One connection per mail: mails are few, and a kept connection would have gone stale."""

    def __init__(self, config: MailConfig) -> None:
        self._config = config

    async def send(self, message: Message, files: Sequence[MailFile] = ()) -> None:
        try:
            await asyncio.to_thread(self._send, message, files)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailFailed(reason=_reason(error)) from error

    def _send(self, message: Message, files: Sequence[MailFile]) -> None:
        config = self._config
        email = to_email(message, config.sender, files)
        with self._connect() as client:
            if config.tls == "starttls":
                client.starttls(context=self._context())
            if config.user:
                client.login(config.user, config.password)
            client.send_message(email)

    def _connect(self) -> smtplib.SMTP:
        config = self._config
        if config.tls == "implicit":
            return smtplib.SMTP_SSL(config.host, config.port, timeout=config.timeout_s, context=self._context())
        return smtplib.SMTP(config.host, config.port, timeout=config.timeout_s)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._config.ca_file or None)


def _reason(error: Exception) -> str:
    """The reason for a failure, without the server's text, which may contain addresses or passwords."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: the server responded {error.smtp_code}"
    if isinstance(error, smtplib.SMTPException):
        return type(error).__name__
    return str(error) or type(error).__name__
