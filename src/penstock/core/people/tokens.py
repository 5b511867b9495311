"""The content of an access token, and the creation of a session's two tokens."""

from __future__ import annotations

import msgspec

from penstock.core.people.config import PeopleConfig
from penstock.core.people.models import SECOND_FACTOR, Role, Session, Tokens
from penstock.core.people.signing import SigningKeys
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import Pepper, new_credential, well_formed

AUDIENCE = "penstock"
REFRESH_PREFIX = "prt_"


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An access token's payload. `sub`, `org` and `sid` are public ids; `iat` and `exp` whole seconds since the epoch.

    Source: RFC 7519; `amr` as in RFC 8176; `org` is Penstock's own claim.
    """

    iss: str
    aud: str
    sub: str
    org: str
    sid: str
    iat: int
    exp: int
    amr: list[str]


class TokenMaker:
    """Creates the access and refresh tokens of sessions."""

    def __init__(self, *, keys: SigningKeys, pepper: Pepper, clock: Clock, config: PeopleConfig) -> None:
        self._keys = keys
        self._pepper = pepper
        self._clock = clock
        self._config = config

    def new_refresh(self) -> tuple[str, bytes]:
        """A new refresh token, and the keyed hash under which it is stored."""
        value = new_credential(REFRESH_PREFIX)
        return value, self._pepper.digest(value.encode())

    def digest(self, refresh_token: str) -> bytes | None:
        """The keyed hash of a refresh token; None if it does not have the form of one."""
        if not refresh_token.isascii() or not well_formed(refresh_token, REFRESH_PREFIX):
            return None
        return self._pepper.digest(refresh_token.encode())

    def is_alive(self, session: Session) -> bool:
        """Whether a session is active: neither expired, nor idle for too long, nor revoked."""
        now_us = self._clock.now_us()
        idle_us = now_us - session.last_used_us
        return session.revoked_us is None and now_us < session.expires_us and idle_us < self._config.refresh_token_s * SECOND_US

    async def tokens(self, session: Session, role: Role, refresh_token: str, *, require_mfa: bool) -> Tokens:
        """Both tokens of a session. The access token is signed here, so call it outside a transaction."""
        now_s = self._clock.now_us() // SECOND_US
        # The authenticator checks the end of a session only when it first reads it, and then caches the token until `exp`.
        exp = min(now_s + self._config.access_token_s, session.expires_us // SECOND_US)
        claims = Claims(
            iss=self._config.issuer,
            aud=AUDIENCE,
            sub=encode(Prefix.USER, session.user_id),
            org=encode(Prefix.ORGANIZATION, session.org_id),
            sid=encode(Prefix.SESSION, session.id),
            iat=now_s,
            exp=exp,
            amr=list(session.methods),
        )
        return Tokens(
            access_token=await self._keys.sign(msgspec.json.encode(claims)),
            refresh_token=refresh_token,
            expires_in_s=max(exp - now_s, 0),
            session=session,
            role=role,
            enrolment_required=require_mfa and SECOND_FACTOR not in session.methods,
        )
