"""Mail to people: written in the transaction of the act that causes it, sent by a worker.

A mail that waits is sealed, as it may hold a token. It is tried again with growing pauses until what it says is of no use any
more. It may be sent twice after a crash, never not at all while the server lives.
"""

from __future__ import annotations

import msgspec

from penstock.core.people.models import Invitation, Message, QueuedMail
from penstock.core.people.ports import Box
from penstock.core.people.store import HasMail
from penstock.kit.backoff import Table
from penstock.kit.clock import HOUR_US, MINUTE_US, SECOND_US, Clock, format_seconds
from penstock.kit.ids import IdSource, MailId, OrgId

RETRIES = Table(pauses_us=(30 * SECOND_US, 2 * MINUTE_US, 10 * MINUTE_US, HOUR_US, 3 * HOUR_US))
"""Between the attempts to send one mail."""
_SEALED_AS = "mail"


class Post:
    """Writes mails into the queue, and opens them for the worker."""

    def __init__(self, *, box: Box, ids: IdSource, clock: Clock, app_url: str) -> None:
        self._box = box
        self._ids = ids
        self._clock = clock
        self._app_url = app_url.rstrip("/")

    async def invite(self, tx: HasMail, invitation: Invitation, organization: str, token: str) -> None:
        """Mail an invitation."""
        text = (
            f"{invitation.invited_by} invites you to join {organization} as {invitation.role.value}.\n\n"
            f"{self._how('accept-invitation', 'POST /api/v2/auth/invitations/accept', token)}\n\n"
            f"The invitation can be accepted once, until {format_seconds(invitation.expires_us)}.\n"
            "If you do not know what this is about, do nothing.\n"
        )
        subject = f"Invitation to {_one_line(organization)}"
        await self._queue(tx, invitation.org_id, invitation.email, subject, text, invitation.expires_us)

    async def reset(self, tx: HasMail, org_id: OrgId, email: str, token: str, expires_us: int) -> None:
        """Mail a token that lets its bearer set another password."""
        text = (
            "Somebody, hopefully you, asked to set another password for this address.\n\n"
            f"{self._how('reset-password', 'POST /api/v2/auth/password/reset', token)}\n\n"
            f"The token works once, until {format_seconds(expires_us)}. If it was not you, do nothing: your password stays.\n"
        )
        await self._queue(tx, org_id, email, "Another password", text, expires_us)

    async def tell(self, tx: HasMail, org_id: OrgId, email: str, what: str) -> None:
        """Mail that something important about an account changed."""
        text = f"{what}\n\nIf it was not you, set another password at once and tell an administrator.\n"
        await self._queue(tx, org_id, email, "Your account changed", text, self._clock.now_us() + 24 * HOUR_US)

    async def notify(self, tx: HasMail, org_id: OrgId, email: str, subject: str, text: str, expires_us: int) -> None:
        """Mail that something happened which somebody wants to know of, as long as it is of use."""
        await self._queue(tx, org_id, email, _one_line(subject), text, expires_us)

    def opened(self, mail: QueuedMail) -> Message:
        """The message of a mail that waited.

        Raises:
            ValueError: it was tampered with, or sealed under another pepper.
        """
        return msgspec.json.decode(self._box.open(mail.sealed, _SEALED_AS), type=Message)

    def _how(self, page: str, call: str, token: str) -> str:
        if self._app_url:
            return f"Open this page:\n{self._app_url}/{page}#token={token}"
        return f"Use this token with {call}:\n{token}"

    async def _queue(self, tx: HasMail, org_id: OrgId, to: str, subject: str, text: str, expires_us: int) -> None:
        now_us, mail_id = self._clock.now_us(), self._ids.next(MailId)
        message = Message(id=f"{mail_id:x}", to=to, subject=subject, text=text)
        mail = QueuedMail(
            id=mail_id,
            org_id=org_id,
            sealed=self._box.seal(msgspec.json.encode(message), _SEALED_AS),
            created_us=now_us,
            expires_us=expires_us,
            due_us=now_us,
            attempts=0,
        )
        await tx.mail.add(mail)


def _one_line(text: str) -> str:
    return " ".join(text.split())
