"""The issuer of agents' tokens. It is separate from users' tokens, with its own keys, which never expire because the tokens do
not.
"""

from __future__ import annotations

import msgspec

from penstock.core.agents.models import AgentKey, Claims, Pairing
from penstock.core.agents.store import AgentSystemTransaction
from penstock.core.database import SystemDatabase
from penstock.core.people.ports import Box, Signatures
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId, Prefix, encode

AUDIENCE = "penstock-agent"


class AgentTokens:
    """Signs and verifies tokens. The first key is created with the first pairing; the newest signs, all of them verify."""

    def __init__(
        self, *, database: SystemDatabase[AgentSystemTransaction], signatures: Signatures, box: Box, clock: Clock, issuer: str
    ) -> None:
        self._database = database
        self._signatures = signatures
        self._box = box
        self._clock = clock
        self._issuer = issuer
        self._publics: dict[str, bytes] = {}
        self._private: tuple[str, bytes] | None = None

    async def prepare(self) -> None:
        """Ensure that a signing key exists. No transaction may be open, because this may write one."""
        if self._private is None:
            await self._load()
        if self._private is None:
            pair = (
                self._signatures.new_key()
            )  # outside the transaction, because it takes a tenth of a second; it is needed only once
            key = AgentKey(
                kid=pair.kid, public=pair.public, sealed=self._box.seal(pair.private, pair.kid), created_us=self._clock.now_us()
            )
            async with self._database.system() as tx:
                # Of two first pairings at the same time, or in two processes, the second discards its key and loads the other.
                if not await tx.agents.keys():
                    await tx.agents.create_key(key)
            await self._load()

    def sign(self, org_id: OrgId, pairing: Pairing) -> str:
        """The token of a pairing, after `prepare`; the same for the same pairing, while the signing key is the same."""
        assert self._private is not None
        claims = Claims(
            iss=self._issuer,
            aud=AUDIENCE,
            sub=encode(Prefix.DEVICE, pairing.device_id),
            org=encode(Prefix.ORGANIZATION, org_id),
            jti=pairing.token_id,
            iat=pairing.paired_us // SECOND_US,
        )
        return self._signatures.sign(msgspec.json.encode(claims), *self._private)

    async def verify(self, token: bytes) -> Claims | None:
        """The claims of a token that one of our keys signed for an agent, or None."""
        if not self._publics:
            await self._load()
        payload = self._signatures.verify(token, self._publics.get)
        try:
            claims = msgspec.json.decode(payload, type=Claims) if payload is not None else None
        except msgspec.DecodeError:
            return None
        return claims if claims is not None and (claims.iss, claims.aud) == (self._issuer, AUDIENCE) else None

    async def _load(self) -> None:
        async with self._database.system_snapshot() as tx:
            keys = await tx.agents.keys()
        if keys:  # an empty result, read before the first key was created, must not overwrite a newer one
            self._publics = {key.kid: key.public for key in keys}
            self._private = keys[0].kid, self._box.open(keys[0].sealed, keys[0].kid)
