"""Signing in: password, then a code if a second factor is enrolled.

An unknown e-mail is rejected after the same work as a wrong password, and with the same message. Repeated failures cause a wait.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.people.attempts import AttemptLog
from penstock.core.people.backoff import MAX_PLACES, Backoff
from penstock.core.people.config import PeopleConfig
from penstock.core.people.errors import ChallengeInvalid, CodeInvalid, SignInFailed
from penstock.core.people.models import LINK, PASSWORD, SECOND_FACTOR, Challenge, Client, Factor, Membership, Tokens, User
from penstock.core.people.one_time_links import OneTimeLinks, Purpose
from penstock.core.people.ports import Box, Passwords
from penstock.core.people.second_factor import CodeChecker
from penstock.core.people.sessions import SessionService
from penstock.core.people.store import PeopleSystemTransaction
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId, Prefix, UserId, encode
from penstock.kit.secret import hides

NO_HASH = ""
"""Replaces the hash if the user does not exist: it matches no password, and takes as long to verify."""
CHALLENGE_PREFIX = "mfa_"
_SEALED_AS = "challenge"


@hides("password")
class _Begun(msgspec.Struct, frozen=True, array_like=True):
    """The content of a challenge. `password` shows whether the password has changed since."""

    user_id: UserId
    org_id: OrgId
    expires_us: int
    password: bytes


class SignInService:
    """Turns e-mail, password and code into a session. `links` are those of the operator, which replace e-mail and password."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        sessions: SessionService,
        passwords: Passwords,
        codes: CodeChecker,
        backoff: Backoff,
        attempts: AttemptLog,
        trail: AuditTrail,
        box: Box,
        links: OneTimeLinks,
        clock: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._passwords = passwords
        self._codes = codes
        self._backoff = backoff
        self._attempts = attempts
        self._trail = trail
        self._box = box
        self.links = links
        self._clock = clock
        self._challenge_s = config.challenge_s

    async def recall_places(self) -> None:
        """Read from where users have signed in, once, before the first attempt."""
        async with self._database.system_snapshot() as tx:
            self._backoff.recall(await tx.sessions.places(MAX_PLACES))

    async def sign_in(self, email: str, password: str, org_id: OrgId | None, client: Client) -> Tokens | Challenge:
        """The tokens of a new session, or a challenge if a second factor is enrolled.

        Without `org_id` the session is opened in the organisation of the oldest membership that is not suspended.

        Raises:
            SignInFailed: the e-mail, the password or the organisation is wrong, or the user is suspended.
            TooManyAttempts: the account or the address must wait.
            OrganizationSuspended: revealed only after the right password.
        """
        # Before the look-up, so that unknown e-mails cause a wait as well: it must not reveal which accounts exist.
        attempt = self._backoff.begin(email, client.address)
        async with self._database.system_snapshot() as tx:
            user = await tx.users.find_by_email(email)
            user_id = user.id if user else UserId(0)  # an unused id, so that the same look-ups run for unknown users
            memberships = await tx.users.memberships(user_id)
            factor = await tx.users.find_factor(user_id)
        right = await self._passwords.verify(user.password_hash if user else NO_HASH, password)
        membership = _choose(memberships, org_id)
        if user is None or not right or user.suspended_us is not None or membership is None:
            self._note(user, memberships, membership, client, right=right)
            raise SignInFailed()
        if membership.org_suspended:
            self._backoff.take_back(attempt)
            raise OrganizationSuspended()
        if factor is not None and factor.confirmed_us is not None:
            # Not `succeed`: a guesser who has the password could otherwise clear the count of wrong codes with each new
            # challenge.
            self._backoff.take_back(attempt)
            self._attempts.note(membership.org_id, user, client.address, "auth.mfa.issued")
            return self._challenge(user, membership)
        self._backoff.succeed(attempt)
        async with self._database.system() as tx:
            session, refresh_token = await self._sessions.open(tx, user, membership, (PASSWORD,), client)
        return await self._sessions.tokens(session, membership, refresh_token)

    async def by_link(self, token: str, client: Client) -> Tokens | Challenge:
        """The same with the token of a link that the operator has, in place of e-mail and password. It works once.

        Raises:
            LinkInvalid: the token is unknown or used.
            SignInFailed: the user of the link was suspended, or left every organisation.
            OrganizationSuspended.
        """
        email = self.links.take(Purpose.SIGN_IN, token)
        async with self._database.system_snapshot() as tx:
            user = await tx.users.find_by_email(email)
            memberships = await tx.users.memberships(user.id) if user else []
            factor = await tx.users.find_factor(user.id) if user else None
        membership = _choose(memberships, None)
        if user is None or user.suspended_us is not None or membership is None:
            raise SignInFailed()
        if membership.org_suspended:
            raise OrganizationSuspended()
        if factor is not None and factor.confirmed_us is not None:
            return self._challenge(user, membership)
        async with self._database.system() as tx:
            session, refresh_token = await self._sessions.open(tx, user, membership, (LINK,), client)
        return await self._sessions.tokens(session, membership, refresh_token)

    async def second_step(self, mfa_token: str, code: str, client: Client) -> Tokens:
        """Complete a sign-in with a second-factor code or a recovery code.

        Raises:
            ChallengeInvalid: it is malformed or expired, or the account has changed since.
            CodeInvalid, TooManyAttempts.
        """
        begun = self._begun(mfa_token)
        async with self._database.system_snapshot() as tx:
            user = await tx.users.find(begun.user_id)
            memberships = await tx.users.memberships(begun.user_id)
            factor = await tx.users.find_factor(begun.user_id)
        membership = next((one for one in memberships if one.org_id == begun.org_id), None)
        if user is None or user.suspended_us is not None or membership is None or factor is None:
            raise ChallengeInvalid()
        if begun.password != _mark(user):
            raise ChallengeInvalid()
        attempt = self._backoff.begin(user.email, client.address)
        tokens = await self._with_code(user, membership, factor, code, client)
        if tokens is None:
            self._attempts.note(membership.org_id, user, client.address, "auth.mfa.failed", "wrong code")
            raise CodeInvalid()
        self._backoff.succeed(attempt)
        return tokens

    async def _with_code(self, user: User, membership: Membership, factor: Factor, code: str, client: Client) -> Tokens | None:
        async with self._database.system() as tx:
            # In the transaction that opens the session: if that fails, the code is not used either.
            how = await self._codes.use(tx.users, factor, code)
            if how is None:
                return None
            methods = (PASSWORD, SECOND_FACTOR)
            session, refresh_token = await self._sessions.open(tx, user, membership, methods, client)
            actor = Actor(org_id=membership.org_id, kind=ActorKind.USER, id=user.id, name=user.email, address=client.address)
            target = Target("user", encode(Prefix.USER, user.id), user.email)
            await self._trail.record(tx.for_organization(membership.org_id), actor, "auth.mfa.passed", target, by=how)
        return await self._sessions.tokens(session, membership, refresh_token)

    def _note(
        self,
        user: User | None,
        memberships: list[Membership],
        membership: Membership | None,
        client: Client,
        *,
        right: bool,
    ) -> None:
        """Record the attempt in the log of the requested organisation. An unknown e-mail belongs to no log."""
        where = membership or (memberships[0] if memberships else None)
        if user is not None and where is not None:
            reason = "not allowed" if right else "wrong password"
            self._attempts.note(where.org_id, user, client.address, "auth.signin.failure", reason)

    def _challenge(self, user: User, membership: Membership) -> Challenge:
        expires_us = self._clock.now_us() + self._challenge_s * SECOND_US
        begun = _Begun(user.id, membership.org_id, expires_us, _mark(user))
        sealed = self._box.seal(msgspec.msgpack.encode(begun), _SEALED_AS)
        token = CHALLENGE_PREFIX + base64.urlsafe_b64encode(sealed).decode().rstrip("=")
        return Challenge(mfa_token=token, expires_in_s=self._challenge_s)

    def _begun(self, mfa_token: str) -> _Begun:
        text = mfa_token.removeprefix(CHALLENGE_PREFIX)
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            begun = msgspec.msgpack.decode(self._box.open(sealed, _SEALED_AS), type=_Begun)
        except (binascii.Error, ValueError) as error:
            raise ChallengeInvalid() from error
        if begun.expires_us <= self._clock.now_us():
            raise ChallengeInvalid()
        return begun


def _choose(memberships: list[Membership], org_id: OrgId | None) -> Membership | None:
    if org_id is not None:
        return next((one for one in memberships if one.org_id == org_id), None)
    running = (one for one in memberships if not one.org_suspended)
    # If all are suspended, one of them is chosen, so that the caller learns that this is the reason.
    return next(running, memberships[0] if memberships else None)


def _mark(user: User) -> bytes:
    # Eight bytes are enough to detect a change: challenges are sealed, so no one can search for a collision.
    return hashlib.sha256(user.password_hash.encode()).digest()[:8]
