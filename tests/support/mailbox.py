"""A real SMTP server in a thread of the test, and what it received."""

from __future__ import annotations

import email
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.support.waiting import eventually

TOKEN = re.compile(r"\b(?:pin|prw)_[0-9A-Za-z]{36}")


class Mailbox:
    """Mails by arrival. `refuse` makes the server answer that many deliveries with 451 first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = 0
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.refuse > 0:
            self.refuse -= 1
            return "451 not now"
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a server that mails here."""
        return {"PENSTOCK_MAIL_HOST": "127.0.0.1", "PENSTOCK_MAIL_PORT": str(self.port), "PENSTOCK_MAIL_TLS": "none"}

    def wait_for(self, to: str, count: int = 1) -> EmailMessage:
        """The count-th mail to somebody."""
        came = eventually(lambda: len(self._to(to)) >= count)
        assert came, f"no mail number {count} to {to}, but to {[mail['To'] for mail in self.mails]}"
        return self._to(to)[count - 1]

    def wait_for_token(self, to: str, prefix: str) -> str:
        """The first token of a kind that was mailed to somebody."""

        def tokens() -> list[str]:
            found = [TOKEN.search(mail.get_content()) for mail in self._to(to)]
            return [one[0] for one in found if one and one[0].startswith(prefix)]

        assert eventually(tokens), f"no {prefix} token was mailed to {to}"
        return tokens()[0]

    def token_for(self, to: str, count: int = 1) -> str:
        """The token that the count-th mail to somebody holds."""
        found = TOKEN.search(self.wait_for(to, count).get_content())
        assert found
        return found[0]

    def _to(self, to: str) -> list[EmailMessage]:
        """The mails to somebody, by arrival."""
        return [mail for mail in self.mails if mail["To"] == to]


@contextmanager
def smtp_server(*, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None, **options: Any) -> Iterator[Mailbox]:
    """A server on a free port. With `tls` it takes mail only after STARTTLS, with `login` only from this user."""

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=good, handled=False)

    mailbox = Mailbox()
    if tls is not None:
        options |= {"tls_context": tls, "require_starttls": True}
    if login is not None:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": tls is not None}
    mailbox.port = _free_port()  # the controller knows no port 0
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
