"""Signing in over the native API: open to everybody, as whoever calls these has nothing yet to show."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.v2 import people_wire as wire
from penstock.core.people.invitations import InvitationService
from penstock.core.people.models import Challenge, Client, Tokens
from penstock.core.people.passwords import PasswordService
from penstock.core.people.sessions import SessionService
from penstock.core.people.sign_in import SignInService
from penstock.kit.http import header
from penstock.kit.ids import OrgId, Prefix, decode, encode
from penstock.kit.operation import Example, operation

TAG = "Signing in"
PATH = "/api/v2/auth"
TOKENS = {
    "mfa_required": False,
    "access_token": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiIsInR5cCI6IkpXVCJ9.e30.c2ln",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "prt_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe",
    "session_id": "ses_0c2k9fq7w3s5d",
    "organization_id": "org_0c2k9fq7w3a0d",
    "user_id": "usr_0c2k9fq7w3u4d",
    "role": "owner",
    "enrolment_required": False,
    "mfa_token": None,
}


class SignInEndpoints:
    """In, on and out; and the two ways in by mail."""

    def __init__(
        self, sign_in: SignInService, sessions: SessionService, passwords: PasswordService, invitations: InvitationService
    ) -> None:
        self._sign_in = sign_in
        self._sessions = sessions
        self._passwords = passwords
        self._invitations = invitations

    @operation(
        "POST",
        f"{PATH}/sign-in",
        surface="v2",
        tag=TAG,
        summary="Sign in",
        description="A wrong e-mail and a wrong password are answered alike. After some failed attempts each further one makes "
        "the wait longer (429, `Retry-After`).",
        body=wire.SignIn,
        answer=wire.SignedIn,
        example=Example(body={"email": "ada@example.org", "password": "correct horse battery"}, answer=TOKENS),
    )
    async def sign_in(self, call: Call[None, wire.SignIn]) -> wire.SignedIn:
        body = call.body
        org_id = None if body.organization_id is None else body_id(Prefix.ORGANIZATION, body.organization_id, "organization_id")
        return _tokens(await self._sign_in.sign_in(body.email, body.password, org_id, client_of(call)))

    @operation(
        "POST",
        f"{PATH}/sign-in/code",
        surface="v2",
        tag=TAG,
        summary="Complete a sign-in with a second factor",
        body=wire.SecondStep,
        answer=wire.SignedIn,
        example=Example(body={"mfa_token": "mfa_c2VhbGVk", "code": "497539"}, answer=TOKENS),
    )
    async def second_step(self, call: Call[None, wire.SecondStep]) -> wire.SignedIn:
        return _tokens(await self._sign_in.second_step(call.body.mfa_token, call.body.code, client_of(call)))

    @operation(
        "POST",
        f"{PATH}/refresh",
        surface="v2",
        tag=TAG,
        summary="Exchange a refresh token for new tokens",
        description="The refresh token is used up. Showing it again ends the session: one of the two who had it is a thief.",
        body=wire.RefreshToken,
        answer=wire.SignedIn,
        example=Example(body={"refresh_token": TOKENS["refresh_token"]}, answer=TOKENS),
    )
    async def refresh(self, call: Call[None, wire.RefreshToken]) -> wire.SignedIn:
        return _tokens(await self._sessions.refresh(call.body.refresh_token, client_of(call)))

    @operation(
        "POST",
        f"{PATH}/sign-out",
        surface="v2",
        tag=TAG,
        summary="End a session",
        description="Answers alike whether or not there was one.",
        status=204,
        body=wire.RefreshToken,
        example=Example(body={"refresh_token": TOKENS["refresh_token"]}),
    )
    async def sign_out(self, call: Call[None, wire.RefreshToken]) -> None:
        await self._sessions.sign_out(call.body.refresh_token, client_of(call))

    @operation(
        "POST",
        f"{PATH}/password/forgot",
        surface="v2",
        tag=TAG,
        summary="Ask for a mail to set another password",
        description="Answers alike, and as fast, whether or not somebody has this e-mail.",
        status=202,
        body=wire.Forgotten,
        example=Example(body={"email": "ada@example.org"}),
    )
    async def forgot(self, call: Call[None, wire.Forgotten]) -> None:
        self._passwords.forget(call.body.email, client_of(call))

    @operation(
        "POST",
        f"{PATH}/password/reset",
        surface="v2",
        tag=TAG,
        summary="Set another password with the token from a mail",
        description="Every session of the person ends. A second factor stays.",
        status=204,
        body=wire.Reset,
        example=Example(
            body={"token": "prw_Q2mXo8vYt1Lk5RzB7NcWd3EpGh9Js60AfUixTe", "new_password": "staple battery horse correct"}
        ),
    )
    async def reset(self, call: Call[None, wire.Reset]) -> None:
        await self._passwords.reset(call.body.token, call.body.new_password, client_of(call))

    @operation(
        "POST",
        f"{PATH}/invitations/accept",
        surface="v2",
        tag=TAG,
        summary="Accept an invitation",
        description="With the token from the mail. Sign in afterwards.",
        status=201,
        body=wire.Accept,
        answer=wire.Joined,
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
        body = call.body
        joined = await self._invitations.accept(body.token, body.password, body.name, client_of(call))
        return wire.Joined(
            organization_id=encode(Prefix.ORGANIZATION, joined.org_id),
            user_id=encode(Prefix.USER, joined.user_id),
            email=joined.email,
            role=joined.role.value,
        )

    @operation(
        "POST",
        f"{PATH}/switch",
        surface="v2",
        tag=TAG,
        summary="Begin a session in another of one's organisations",
        scope="profile:read",
        session=True,
        of_resident=True,
        body=wire.Switch,
        answer=wire.SignedIn,
        example=Example(body={"organization_id": "org_0c2k9fq7w3a0d"}, answer=TOKENS),
    )
    async def switch(self, call: Call[None, wire.Switch]) -> wire.SignedIn:
        org_id = decode(Prefix.ORGANIZATION, call.body.organization_id) or OrgId(0)
        return _tokens(await self._sessions.switch(call.actor, org_id, client_of(call)))


def client_of(call: Call[Any, Any]) -> Client:
    """From where a call comes."""
    agent = header(call.scope, b"user-agent") or b""
    return Client(call.actor.address, "".join(char for char in agent.decode("latin-1") if char.isprintable()))


def _tokens(found: Tokens | Challenge) -> wire.SignedIn:
    if isinstance(found, Challenge):
        return wire.SignedIn(mfa_required=True, expires_in=found.expires_in_s, mfa_token=found.mfa_token)
    return wire.SignedIn(
        mfa_required=False,
        access_token=found.access_token,
        token_type="Bearer",  # noqa: S106  (RFC 6750)
        expires_in=found.expires_in_s,
        refresh_token=found.refresh_token,
        session_id=encode(Prefix.SESSION, found.session.id),
        organization_id=encode(Prefix.ORGANIZATION, found.session.org_id),
        user_id=encode(Prefix.USER, found.session.user_id),
        role=found.role.value,
        enrolment_required=found.enrolment_required,
    )
