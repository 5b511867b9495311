"""Sessions: opened by a sign-in, extended by refresh tokens, listed, revoked.

A refresh token works once and is replaced by the next. If a used one is presented again, a copy exists: either the legitimate
client or an attacker uses it. The session ends immediately, because the server cannot distinguish the two. Source: RFC 9700,
4.14.2.
"""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Outcome, Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.people.authentication import SessionAuthenticator
from penstock.core.people.config import PeopleConfig
from penstock.core.people.errors import MemberNotFound, RefreshInvalid, SessionNotFound, SignInFailed
from penstock.core.people.models import Client, Membership, Session, Tokens, User
from penstock.core.people.roles import check_person, check_reach
from penstock.core.people.store import PeopleSystemTransaction, PeopleTransaction
from penstock.core.people.tokens import TokenMaker
from penstock.core.tenancy.errors import OrganizationNotFound, OrganizationSuspended
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import IdSource, OrgId, Prefix, SessionId, UserId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_AGENT = 200


class SessionService:
    """Sessions of users."""

    def __init__(
        self,
        *,
        database: Database[PeopleTransaction, PeopleSystemTransaction],
        maker: TokenMaker,
        authenticator: SessionAuthenticator,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._maker = maker
        self._authenticator = authenticator
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config

    async def open(
        self,
        tx: PeopleSystemTransaction,
        user: User,
        membership: Membership,
        methods: tuple[str, ...],
        client: Client,
        until_us: int | None = None,
    ) -> tuple[Session, str]:
        """Start a session in the running transaction, which ends by `until_us`. Returns it and its refresh token.

        Raises:
            SignInFailed: the user is no longer a member, was suspended, or has another password now.
        """
        now_us = self._clock.now_us()
        expires_us = now_us + self._config.session_s * SECOND_US
        session = Session(
            id=self._ids.next(SessionId),
            org_id=membership.org_id,
            user_id=user.id,
            methods=methods,
            address=client.address,
            agent=client.agent[:MAX_AGENT],
            created_us=now_us,
            last_used_us=now_us,
            expires_us=expires_us if until_us is None else min(expires_us, until_us),
        )
        scoped = tx.for_organization(membership.org_id)
        # A sign-in reads user and membership before this transaction, while the password is verified: what ended the sessions
        # of the user since then must end this one too.
        now = await tx.users.find(user.id)
        if now is None or now.suspended_us is not None or now.password_hash != user.password_hash:
            raise SignInFailed()
        if await scoped.members.find(user.id) is None:
            raise SignInFailed()
        value, digest = self._maker.new_refresh()
        await scoped.sessions.create(session, digest)
        actor = _actor(session, user.email, client.address)
        await self._trail.record(scoped, actor, "auth.signin.success", _target(session, user.email), methods=list(methods))
        return session, value

    async def tokens(self, session: Session, membership: Membership, refresh_token: str) -> Tokens:
        """The tokens of a new session, created after its transaction."""
        return await self._maker.tokens(session, membership.role, refresh_token, require_mfa=membership.require_mfa)

    async def refresh(self, refresh_token: str, client: Client) -> Tokens:
        """Exchange a refresh token for new tokens; it becomes invalid.

        Raises:
            RefreshInvalid: it is unknown, or its session has ended. A used one ends its session.
        """
        digest = self._maker.digest(refresh_token)
        if digest is None:
            raise RefreshInvalid()
        async with self._database.system_snapshot() as tx:
            session = await tx.sessions.find_by_refresh(digest)
            stolen = None if session else await tx.sessions.find_by_spent(digest)
            standing = await tx.sessions.standing(session.id) if session else None
        if stolen is not None:
            await self._end_stolen(stolen, client)
        if standing is None or not self._maker.is_alive(standing.session):
            raise RefreshInvalid()
        if standing.role is None or standing.user_suspended:
            raise RefreshInvalid()
        now_us = self._clock.now_us()
        value, new_digest = self._maker.new_refresh()
        async with self._database.transaction(standing.session.org_id) as scoped:
            # The snapshot may be outdated: this succeeds only while the presented token is still the session's current one.
            rotated = await scoped.sessions.rotate(standing.session, digest, new_digest, now_us)
        if not rotated:  # of two simultaneous uses, one is the second
            await self._end_stolen(standing.session, client)
            raise RefreshInvalid()
        session = msgspec.structs.replace(standing.session, last_used_us=now_us)
        return await self._maker.tokens(session, standing.role, value, require_mfa=standing.require_mfa)

    async def end_stolen(self, refresh_token: str) -> None:
        """End the session of a token that was exchanged already, if it is one."""
        digest = self._maker.digest(refresh_token)
        if digest is None:
            return
        async with self._database.system_snapshot() as tx:
            session = await tx.sessions.find_by_spent(digest)
        if session is not None:
            await self._end_stolen(session, Client())

    async def _end_stolen(self, session: Session, client: Client) -> None:
        async with self._database.system() as tx:
            scoped = tx.for_organization(session.org_id)
            ended = await scoped.sessions.revoke(session.id, self._clock.now_us())
            user = await tx.users.find(session.user_id)
            email = user.email if user else ""
            if ended:
                actor = _actor(session, email, client.address)
                target = _target(session, email)
                await self._trail.record(scoped, actor, "auth.session.reuse", target, outcome=Outcome.FAILURE)
        self._authenticator.drop_session(session.id)

    async def sign_out(self, refresh_token: str, client: Client) -> None:
        """End the session of a refresh token. An unknown token gets the same response: there is nothing to end."""
        digest = self._maker.digest(refresh_token)
        if digest is None:
            return
        async with self._database.system_snapshot() as tx:
            # A used token ends the session here as it would at a refresh: the user wants it to end in either case.
            session = await tx.sessions.find_by_refresh(digest) or await tx.sessions.find_by_spent(digest)
        if session is None:
            return
        async with self._database.system() as tx:
            scoped = tx.for_organization(session.org_id)
            user = await tx.users.find(session.user_id)
            email = user.email if user else ""
            if await scoped.sessions.revoke(session.id, self._clock.now_us()):
                actor = _actor(session, email, client.address)
                await self._trail.record(scoped, actor, "auth.session.revoke", _target(session, email), by="sign-out")
        self._authenticator.drop_session(session.id)

    async def switch(self, actor: Actor, org_id: OrgId, client: Client) -> Tokens:
        """Open a session of the same user in another organisation, authenticated by the same methods as this one.

        It ends when this one would: to switch back and forth does not extend a sign-in.

        Raises:
            SessionRequired, OrganizationNotFound (also if the user is not a member), OrganizationSuspended.
        """
        check_person(actor)
        async with self._database.system() as tx:
            session = await tx.for_organization(actor.org_id).sessions.find(actor.session_id)
            user = await tx.users.find(actor.user_id)
            memberships = await tx.users.memberships(actor.user_id)
            membership = next((one for one in memberships if one.org_id == org_id), None)
            if membership is None:
                raise OrganizationNotFound(name=encode(Prefix.ORGANIZATION, org_id))
            if membership.org_suspended:
                raise OrganizationSuspended()
            # Users are never deleted, and a session is deleted long after it ended, so both rows of this caller exist.
            assert session is not None
            assert user is not None
            opened, value = await self.open(tx, user, membership, session.methods, client, session.expires_us)
        return await self.tokens(opened, membership, value)

    async def list_own(self, actor: Actor, limit: int, cursor: str | None) -> Page[Session]:
        """A page of the user's own active sessions in this organisation, newest first.

        Raises:
            SessionRequired.
        """
        check_person(actor)
        async with self._database.snapshot(actor.org_id) as tx:
            return await self._alive(tx, actor.user_id, limit, cursor)

    async def revoke_own(self, actor: Actor, session_id: SessionId) -> None:
        """End one of the user's own sessions, which may be the current one.

        Raises:
            SessionRequired.
            SessionNotFound: the user has no session with this id.
        """
        check_person(actor)
        async with self._database.transaction(actor.org_id) as tx:
            session = await tx.sessions.find(session_id)
            if session is None or session.user_id != actor.user_id or not self._maker.is_alive(session):
                raise SessionNotFound(session_id=encode(Prefix.SESSION, session_id))
            await tx.sessions.revoke(session_id, self._clock.now_us())
            await self._trail.record(tx, actor, "auth.session.revoke", _target(session, actor.name))
        self._authenticator.drop_session(session_id)

    async def list_of(self, actor: Actor, user_id: UserId, limit: int, cursor: str | None) -> Page[Session]:
        """A page of a member's sessions in this organisation, newest first.

        Raises:
            MemberNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            if await tx.members.find(user_id) is None:
                raise MemberNotFound(user_id=encode(Prefix.USER, user_id))
            return await self._alive(tx, user_id, limit, cursor)

    async def revoke_of(self, actor: Actor, user_id: UserId) -> None:
        """End all sessions of a member in this organisation, and the tokens that were mailed to reset their password.

        Raises:
            MemberNotFound, RoleNotAllowed.
        """
        async with self._database.transaction(actor.org_id) as tx:
            member = await tx.members.find(user_id)
            if member is None:
                raise MemberNotFound(user_id=encode(Prefix.USER, user_id))
            check_reach(actor, member.role)
            ended = await tx.sessions.revoke_of(user_id, self._clock.now_us())
            await tx.members.end_resets(user_id)
            if ended:
                target = Target("user", encode(Prefix.USER, user_id), member.email)
                await self._trail.record(tx, actor, "auth.session.revoke", target, sessions=len(ended))
        self._authenticator.drop_user(user_id)

    async def drop_ended(self, now_us: int) -> None:
        """Delete sessions that ended too long ago to be of interest."""
        before_us = now_us - self._config.session_s * SECOND_US
        async with self._database.system() as tx:
            await tx.sessions.drop_ended(before_us)

    async def _alive(self, tx: PeopleTransaction, user_id: UserId, limit: int, cursor: str | None) -> Page[Session]:
        key, now_us = decode_cursor(cursor, tuple[int]), self._clock.now_us()
        used_since_us = now_us - self._config.refresh_token_s * SECOND_US
        found = await tx.sessions.list(user_id, now_us, used_since_us, limit + 1, key[0] if key else None)
        return page_of(found, limit, lambda last: (last.id,))


def _actor(session: Session, email: str, address: str) -> Actor:
    return Actor(
        org_id=session.org_id,
        kind=ActorKind.USER,
        id=session.user_id,
        name=email,
        address=address,
        session_id=session.id,
    )


def _target(session: Session, email: str) -> Target:
    return Target("session", encode(Prefix.SESSION, session.id), email)
