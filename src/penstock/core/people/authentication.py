"""Resolves an access token to its actor, from memory after the first time.

A token proves only which session it belongs to. The session's permissions are read from the store and cached with the token until
it expires. Every change of a session, a role or a user drops the cached entries before the change is acknowledged to its caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from typing import TypeVar

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.database import SystemDatabase, repeated_after_commit
from penstock.core.people.config import PeopleConfig
from penstock.core.people.models import SECOND_FACTOR, Role, SessionState
from penstock.core.people.roles import LIMITED, SCOPES
from penstock.core.people.signing import SigningKeys
from penstock.core.people.store import PeopleSystemTransaction
from penstock.core.people.tokens import AUDIENCE, Claims, TokenMaker
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.core.tenancy.scopes import REACHES_ALL
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import CustomerId, OrgId, Prefix, ResidentId, SessionId, UserId, decode

MAX_TOKEN_BYTES = 4096
MAX_KNOWN = 100_000
MAX_AHEAD_S = 60
"""How far in the future the issue time of a token may be: it allows for the clock of another process, and for nothing else."""


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class _Known:
    __slots__ = ("actor", "exp_us")

    def __init__(self, actor: Actor, exp_us: int) -> None:
        self.actor, self.exp_us = actor, exp_us


class SessionAuthenticator:
    """Authenticates users by their access tokens."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        keys: SigningKeys,
        maker: TokenMaker,
        clock: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._keys = keys
        self._maker = maker
        self._clock = clock
        self._issuer = config.issuer
        self._max_life_s = config.access_token_s
        self._known: dict[bytes, _Known] = {}
        self._by_session: dict[SessionId, set[bytes]] = {}
        self._by_user: dict[UserId, set[SessionId]] = {}
        self._generation = 0

    async def authenticate(self, token: bytes, address: str) -> Actor:
        """The user of a token.

        Raises:
            CredentialInvalid: the token is forged or expired, or its session, membership or user has ended.
        """
        if len(token) > MAX_TOKEN_BYTES:
            raise CredentialInvalid()
        digest = hashlib.sha256(token).digest()
        found = self._known.get(digest)
        if found is None:
            found = await self._look_up(digest, token)
        # Nothing removes an entry from the cache when its token expires, so the expiry is checked on every call.
        if found.exp_us <= self._clock.now_us():
            self._forget(digest)
            raise CredentialInvalid()
        actor = found.actor
        # The cached actor serves calls from every address; the audit log needs the address of this one.
        return actor if actor.address == address else msgspec.structs.replace(actor, address=address)

    @repeated_after_commit
    def drop_session(self, session_id: SessionId) -> None:
        """Drop a session's tokens from the cache after it changed."""
        self._generation += 1
        for digest in list(self._by_session.get(session_id, ())):
            self._forget(digest)

    @repeated_after_commit
    def drop_user(self, user_id: UserId) -> None:
        """Drop all tokens of a user from the cache after the user or a membership changed."""
        self._generation += 1
        for session_id in list(self._by_user.get(user_id, ())):
            self.drop_session(session_id)

    @repeated_after_commit
    def clear(self) -> None:
        """Drop all cached tokens: something changed in another process, or for a whole organisation."""
        self._generation += 1
        self._known.clear()
        self._by_session.clear()
        self._by_user.clear()

    def _forget(self, digest: bytes) -> None:
        """Remove a token from the cache and from both indexes, so that these do not outgrow the cache."""
        found = self._known.pop(digest, None)
        if found is None:
            return
        session_id, user_id = found.actor.session_id, found.actor.user_id
        _discard(self._by_session, session_id, digest)
        if session_id not in self._by_session:
            _discard(self._by_user, user_id, session_id)

    async def _look_up(self, digest: bytes, token: bytes) -> _Known:
        generation = self._generation
        claims = await self._claims(token)
        ids = (
            decode(Prefix.SESSION, claims.sid),
            decode(Prefix.USER, claims.sub),
            decode(Prefix.ORGANIZATION, claims.org),
        )
        session_id, user_id, org_id = ids
        if session_id is None or user_id is None or org_id is None:
            raise CredentialInvalid()
        async with self._database.system_snapshot() as tx:
            standing = await tx.sessions.standing(session_id)
        actor = self._actor(standing, user_id, org_id)
        found = _Known(actor, claims.exp * SECOND_US)
        # A change during the look-up may have made the result outdated: it serves this call, which was already running, but
        # later calls must read again.
        if generation == self._generation:
            if len(self._known) >= MAX_KNOWN:
                self.clear()
            self._known[digest] = found
            self._by_session.setdefault(session_id, set()).add(digest)
            self._by_user.setdefault(user_id, set()).add(session_id)
        return found

    async def _claims(self, token: bytes) -> Claims:
        payload = await self._keys.verify(token)
        if payload is None:
            raise CredentialInvalid()
        try:
            claims = msgspec.json.decode(payload, type=Claims, strict=True)
        except msgspec.DecodeError as error:
            raise CredentialInvalid() from error
        now_s = self._clock.now_us() / SECOND_US
        good = claims.iss == self._issuer and claims.aud == AUDIENCE
        good &= claims.iat <= now_s + MAX_AHEAD_S and now_s < claims.exp <= claims.iat + self._max_life_s
        if not good:
            raise CredentialInvalid()
        return claims

    def _actor(self, standing: SessionState | None, user_id: UserId, org_id: OrgId) -> Actor:
        if standing is None or standing.role is None or standing.user_suspended or not self._maker.is_alive(standing.session):
            raise CredentialInvalid()
        session = standing.session
        if (session.user_id, session.org_id) != (user_id, org_id):
            raise CredentialInvalid()
        limited = standing.require_mfa and SECOND_FACTOR not in session.methods
        return Actor(
            org_id=org_id,
            kind=ActorKind.USER,
            id=user_id,
            scopes=LIMITED if limited else SCOPES[standing.role],
            name=standing.email,
            session_id=session.id,
            # None would mean an unrestricted caller. 0 is an unused id, so a resident without a record can access no device.
            resident_id=(standing.resident_id or ResidentId(0)) if standing.role is Role.RESIDENT else None,
            customer_id=(standing.customer_id or CustomerId(0)) if standing.role is Role.CUSTOMER_MANAGER else None,
            granted_only=REACHES_ALL not in SCOPES[standing.role],
        )


def _discard(index: dict[K, set[V]], key: K, value: V) -> None:
    """Remove a value from an index, and its key with the last one."""
    values = index.get(key)
    if values is not None:
        values.discard(value)
        if not values:
            del index[key]
