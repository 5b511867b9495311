"""Sessions of browsers: access tokens for the refresh token in a cookie.

A browser sends its cookie with many requests at once, so the refresh token is not replaced at each use, as it is for programs:
of two simultaneous requests the second would look like a theft and end the session. The cookie cannot be read by scripts, and
the session ends with a sign-out, a revocation, or when it was not used for too long.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from penstock.core.database import Database
from penstock.core.people.errors import RefreshInvalid
from penstock.core.people.store import PeopleSystemTransaction, PeopleTransaction
from penstock.core.people.tokens import TokenMaker
from penstock.kit.clock import SECOND_US, Clock

MAX_KNOWN = 10_000
RENEW_BEFORE_S = 60
"""How long before its end an access token is replaced, so that none expires during the page that uses it."""


class BrowserSessions:
    """Access tokens of browsers, from memory after the first request.

    `on_theft` is called with a token that was exchanged elsewhere, and ends its session.
    """

    def __init__(
        self,
        database: Database[PeopleTransaction, PeopleSystemTransaction],
        maker: TokenMaker,
        clock: Clock,
        on_theft: Callable[[str], Awaitable[None]],
    ) -> None:
        self._database = database
        self._on_theft = on_theft
        self._maker = maker
        self._clock = clock
        self._known: dict[bytes, tuple[str, int]] = {}
        """Access tokens and when to replace them, by the keyed hash of the refresh token."""

    async def access_token(self, refresh_token: str) -> str:
        """An access token of the refresh token's session. Whether it is still valid is checked by each call that it admits.

        Raises:
            RefreshInvalid: the token is unknown, or its session has ended.
        """
        digest = self._maker.digest(refresh_token)
        if digest is None:
            raise RefreshInvalid()
        known = self._known.get(digest)
        if known is not None and self._clock.now_us() < known[1]:
            return known[0]
        return await self._new_token(digest, refresh_token)

    async def _new_token(self, digest: bytes, refresh_token: str) -> str:
        self._known.pop(digest, None)
        async with self._database.system_snapshot() as tx:
            session = await tx.sessions.find_by_refresh(digest)
            is_spent = session is None and await tx.sessions.find_by_spent(digest) is not None
            standing = await tx.sessions.standing(session.id) if session else None
        if is_spent:
            # Only a program exchanges a token, and a browser's is in no program: the cookie was copied.
            await self._on_theft(refresh_token)
        if standing is None or standing.role is None or standing.user_suspended:
            raise RefreshInvalid()
        if not self._maker.is_alive(standing.session):
            raise RefreshInvalid()
        now_us = self._clock.now_us()
        async with self._database.transaction(standing.session.org_id) as scoped:
            await scoped.sessions.touch(standing.session.id, now_us)
        made = await self._maker.tokens(standing.session, standing.role, refresh_token, require_mfa=standing.require_mfa)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[digest] = made.access_token, now_us + (made.expires_in_s - RENEW_BEFORE_S) * SECOND_US
        return made.access_token
