"""Mail to users: written in the transaction of the action that causes it, sent by a worker.

A queued mail is sealed, because it may contain a token. Delivery is retried with growing pauses until the mail is no longer
useful. After a crash a mail may be sent twice, but none is lost while the server runs.
"""

from __future__ import annotations

import msgspec

from penstock.core.people.models import Enclosure, Invitation, Message, QueuedMail
from penstock.core.people.ports import Box
from penstock.core.people.store import HasMail
from penstock.kit.backoff import Table
from penstock.kit.clock import HOUR_US, MINUTE_US, SECOND_US, Clock, format_seconds
from penstock.kit.ids import IdSource, MailId, OrgId, Prefix, decode
from penstock.kit.quoting import one_line, quoted, visible

RETRIES = Table(pauses_us=(30 * SECOND_US, 2 * MINUTE_US, 10 * MINUTE_US, HOUR_US, 3 * HOUR_US))
"""Pauses between the attempts to send one mail."""
MAX_SUBJECT = 200
_SEALED_AS = "mail"
# The line of two dashes and a blank separates a signature from the text (RFC 3676, 4.3).
_SENDER = "\n\n-- \nSent by Penstock for an organisation that uses it."
_ORIGIN = f"{_SENDER} The organisation chose the subject and the text.\n"


class MailComposer:
    """Adds mails to the queue, and opens them for the worker."""

    def __init__(self, *, box: Box, ids: IdSource, clock: Clock, app_url: str) -> None:
        self._box = box
        self._ids = ids
        self._clock = clock
        self._app_url = app_url.rstrip("/")

    async def invite(self, tx: HasMail, invitation: Invitation, organization: str, token: str) -> None:
        """Mail an invitation. The names in it were chosen by strangers of the recipient."""
        if invitation.by_visitor:
            await self._confirm(tx, invitation, organization, token)
            return
        text = (
            f"{_author(invitation)} invites you to join the organisation {quoted(organization)} as "
            f"{invitation.role.value}.\n\n"
            f"{self._how('accept-invitation', 'POST /api/v2/auth/invitations/accept', token)}\n\n"
            f"The invitation can be accepted once, until {format_seconds(invitation.expires_us)}.\n"
            "If you were not expecting this mail, ignore it.\n"
        )
        subject = f"Invitation to {quoted(organization)}"
        await self._queue(tx, invitation.org_id, invitation.email, subject, text, invitation.expires_us)

    async def _confirm(self, tx: HasMail, invitation: Invitation, organization: str, token: str) -> None:
        text = (
            f"The organisation {quoted(organization)} was created on this server, and this address was given as its owner's.\n\n"
            "If it was you, confirm the address to become the owner. You then answer for the API key that the sign-up returned.\n"
            f"{self._how('accept-invitation', 'POST /api/v2/auth/invitations/accept', token)}\n\n"
            f"The address can be confirmed once, until {format_seconds(invitation.expires_us)}.\n"
            "If it was not you, ignore this mail: nothing is connected with your address.\n"
        )
        await self._queue(tx, invitation.org_id, invitation.email, "Confirm your e-mail address", text, invitation.expires_us)

    async def reset(self, tx: HasMail, org_id: OrgId, email: str, token: str, expires_us: int) -> None:
        """Mail a token with which the recipient can set another password."""
        text = (
            "We received a request to reset the password of this address.\n\n"
            f"{self._how('reset-password', 'POST /api/v2/auth/password/reset', token)}\n\n"
            f"The token works once, until {format_seconds(expires_us)}. Without your action your password remains unchanged.\n"
        )
        await self._queue(tx, org_id, email, "Reset your password", text, expires_us)

    async def notify_change(self, tx: HasMail, org_id: OrgId, email: str, what: str) -> None:
        """Mail that something important about an account changed."""
        text = f"{what}\n\nIf it was not you, change your password immediately and inform an administrator.\n"
        await self._queue(tx, org_id, email, "Your account changed", text, self._clock.now_us() + 24 * HOUR_US)

    async def notify(self, tx: HasMail, org_id: OrgId, email: str, subject: str, text: str, expires_us: int) -> None:
        """Mail a notification that an organisation requested; it is not sent after it expires.

        Its subject and text are the organisation's, and its recipient can be anyone: the mail says so.
        """
        await self._queue(tx, org_id, email, one_line(subject)[:MAX_SUBJECT], f"{visible(text).rstrip()}{_ORIGIN}", expires_us)

    async def enclose(
        self, tx: HasMail, org_id: OrgId, to: str, letter: tuple[str, str], encloses: Enclosure, *, reply_to: str, expires_us: int
    ) -> None:
        """Mail a subject and a text with files, which are made when the mail is sent.

        The organisation's words are in them, and its recipient can be anyone: the mail says so.
        """
        subject, text = one_line(letter[0])[:MAX_SUBJECT], f"{visible(letter[1]).rstrip()}{_SENDER}\n"
        draft = Message(id="", to=to, subject=subject, text=text, reply_to=reply_to, encloses=encloses)
        await self._add(tx, org_id, draft, expires_us)

    def opened(self, mail: QueuedMail) -> Message:
        """The message of a queued mail.

        Raises:
            ValueError: it was tampered with, or sealed under another pepper.
        """
        return msgspec.json.decode(self._box.open(mail.sealed, _SEALED_AS), type=Message)

    def _how(self, page: str, call: str, token: str) -> str:
        if self._app_url:
            # The token is in the fragment, which browsers do not send: it appears in no access log and no Referer header.
            return f"Open this page:\n{self._app_url}/{page}#token={token}"
        return f"Use this token with {call}:\n{token}"

    async def _queue(self, tx: HasMail, org_id: OrgId, to: str, subject: str, text: str, expires_us: int) -> None:
        await self._add(tx, org_id, Message(id="", to=to, subject=subject, text=text), expires_us)

    async def _add(self, tx: HasMail, org_id: OrgId, draft: Message, expires_us: int) -> None:
        now_us, mail_id = self._clock.now_us(), self._ids.next(MailId)
        message = msgspec.structs.replace(draft, id=f"{mail_id:x}")
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


def _author(invitation: Invitation) -> str:
    """The author of an invitation: a user by the e-mail, which is not free text, a key by its quoted name."""
    by_user = decode(Prefix.USER, invitation.created_by) is not None
    return one_line(invitation.invited_by) if by_user else quoted(invitation.invited_by)
