"""Sign-in over the native API. These operations are open to everyone, because the caller has no credential yet."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.not_found import not_found
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.examples import TOKENS
from penstock.api.v2.people.translate import from_core_tokens
from penstock.core.people.invitations import InvitationService
from penstock.core.people.models import Client
from penstock.core.people.passwords import PasswordService
from penstock.core.people.sessions import SessionService
from penstock.core.people.sign_in import SignInService
from penstock.kit.http import header
from penstock.kit.ids import Prefix, decode, encode
from penstock.kit.operation import Example


class SignInEndpoints:
    """Sign in, refresh and sign out; reset a password, and accept an invitation."""

    routes = Routes("/api/v2/auth", surface="v2", tag="Signing in")

    def __init__(
        self, sign_in: SignInService, sessions: SessionService, passwords: PasswordService, invitations: InvitationService
    ) -> None:
        self._sign_in = sign_in
        self._sessions = sessions
        self._passwords = passwords
        self._invitations = invitations

    @routes.post(
        "/sign-in",
        scope=None,
        example=Example(body={"email": "ada@example.org", "password": "correct horse battery"}, answer=TOKENS),
    )
    async def sign_in(self, call: Call[None, wire.SignIn]) -> wire.SignedIn:
        """Sign in.

        The response does not reveal whether the e-mail or the password is wrong. After several failed attempts each further one
        increases the wait (429, `Retry-After`).
        """
        body = call.body
        org_id = None if body.organization_id is None else body_id(Prefix.ORGANIZATION, body.organization_id, "organization_id")
        return from_core_tokens(await self._sign_in.sign_in(body.email, body.password, org_id, client_of(call)))

    @routes.post(
        "/sign-in/code",
        scope=None,
        example=Example(body={"mfa_token": "mfa_c2VhbGVk", "code": "497539"}, answer=TOKENS),
    )
    async def second_step(self, call: Call[None, wire.SecondStep]) -> wire.SignedIn:
        """Complete a sign-in with a second factor."""
        return from_core_tokens(await self._sign_in.second_step(call.body.mfa_token, call.body.code, client_of(call)))

    @routes.post(
        "/link",
        scope=None,
        example=Example(body={"token": "pol_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe"}, answer=TOKENS),
    )
    async def by_link(self, call: Call[None, wire.LinkToken]) -> wire.SignedIn:
        """Sign in with a link.

        Requires the token of a link that the server printed where it was started, such as the link of the demo. It works once,
        and until the server is restarted. A second factor is required as for a password.
        """
        return from_core_tokens(await self._sign_in.by_link(call.body.token, client_of(call)))

    @routes.post(
        "/refresh",
        scope=None,
        example=Example(body={"refresh_token": TOKENS["refresh_token"]}, answer=TOKENS),
    )
    async def refresh(self, call: Call[None, wire.RefreshToken]) -> wire.SignedIn:
        """Exchange a refresh token for new tokens.

        A refresh token works once. Using it again ends the session, because two clients then have the token and one of them may
        have stolen it.
        """
        return from_core_tokens(await self._sessions.refresh(call.body.refresh_token, client_of(call)))

    @routes.post(
        "/sign-out",
        scope=None,
        status=204,
        example=Example(body={"refresh_token": TOKENS["refresh_token"]}),
    )
    async def sign_out(self, call: Call[None, wire.RefreshToken]) -> None:
        """End a session.

        Succeeds also if the session does not exist.
        """
        await self._sessions.sign_out(call.body.refresh_token, client_of(call))

    @routes.post(
        "/password/forgot",
        scope=None,
        status=202,
        example=Example(body={"email": "ada@example.org"}),
    )
    async def forgot(self, call: Call[None, wire.Forgotten]) -> None:
        """Request a mail to reset a password.

        The response, and its duration, do not reveal whether an account with this e-mail exists.
        """
        # Only noted: a worker looks up the account and sends the mail, so that the duration reveals nothing.
        self._passwords.forget(call.body.email, client_of(call))

    @routes.post(
        "/password/reset",
        scope=None,
        status=204,
        example=Example(
            body={"token": "prw_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe", "new_password": "staple battery horse correct"}
        ),
    )
    async def reset(self, call: Call[None, wire.Reset]) -> None:
        """Reset a password with the token from a mail.

        All sessions of the user end. A second factor is kept.
        """
        await self._passwords.reset(call.body.token, call.body.new_password, client_of(call))

    @routes.post(
        "/invitations/accept",
        scope=None,
        status=201,
        example=Example(
            body={
                "token": "pin_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe",
                "password": "correct horse battery",
                "name": "Ada",
            },
            answer={
                "organization_id": "org_0c2k9fq7w3a0d",
                "user_id": "usr_0c2k9fq7w3u4d",
                "email": "ada@example.org",
                "role": "member",
            },
        ),
    )
    async def accept(self, call: Call[None, wire.Accept]) -> wire.Joined:
        """Accept an invitation.

        Requires the token from the mail. Sign in afterwards.
        """
        body = call.body
        joined = await self._invitations.accept(body.token, body.password, body.name, client_of(call))
        return wire.Joined(
            organization_id=encode(Prefix.ORGANIZATION, joined.org_id),
            user_id=encode(Prefix.USER, joined.user_id),
            email=joined.email,
            role=joined.role.value,
        )

    @routes.post(
        "/switch",
        scope="profile:read",
        session=True,
        of_resident=True,
        of_customer=True,
        example=Example(body={"organization_id": "org_0c2k9fq7w3a0d"}, answer=TOKENS),
    )
    async def switch(self, call: Call[None, wire.Switch]) -> wire.SignedIn:
        """Start a session in another of your organisations."""
        # A malformed id is treated like an unknown one: the error does not reveal which organisations exist.
        org_id = decode(Prefix.ORGANIZATION, call.body.organization_id)
        if org_id is None:
            raise not_found(Prefix.ORGANIZATION, call.body.organization_id)
        return from_core_tokens(await self._sessions.switch(call.actor, org_id, client_of(call)))


def client_of(call: Call[Any, Any]) -> Client:
    """The address and user agent of a call."""
    # Lists of sessions show it, so control characters are removed.
    agent = header(call.scope, b"user-agent") or b""
    return Client(call.actor.address, "".join(char for char in agent.decode("latin-1") if char.isprintable()))
