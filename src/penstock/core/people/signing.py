"""The keys that sign access tokens: created, rotated, and published until their last token has expired."""

from __future__ import annotations

import base64

from penstock.core.database import SystemDatabase
from penstock.core.people.config import PeopleConfig
from penstock.core.people.models import SigningKey
from penstock.core.people.ports import Box, Signatures
from penstock.core.people.store import PeopleSystemTransaction
from penstock.kit.clock import SECOND_US, Clock

RELOAD_S = 5.0
"""The minimum time between look-ups of unknown keys in the store: another process may have created one."""
LEEWAY_US = 60 * SECOND_US
"""How much longer than a token's lifetime a retired key is published: for verifiers whose clock is slow."""


class SigningKeys:
    """Signing keys in memory, newest first, filled on first use."""

    def __init__(
        self,
        *,
        database: SystemDatabase[PeopleSystemTransaction],
        signatures: Signatures,
        box: Box,
        settled: Clock,
        config: PeopleConfig,
    ) -> None:
        self._database = database
        self._signatures = signatures
        self._box = box
        self._settled = settled
        self._lifetime_us = config.signing_key_s * SECOND_US
        self._token_us = config.access_token_s * SECOND_US
        self._keys: list[SigningKey] = []
        self._publics: dict[str, bytes] = {}
        self._current: SigningKey | None = None
        self._private: tuple[str, bytes] | None = None
        self._loaded_s = float("-inf")

    async def sign(self, payload: bytes) -> str:
        """A token with this payload, signed by the newest key."""
        if self._current is None:
            # This may write: a caller with an open transaction would wait for itself, because there is one writer at a time.
            await self.rotate()
        assert self._current is not None
        if self._private is None:
            self._private = self._current.kid, self._box.open(self._current.sealed, self._current.kid)
        return self._signatures.sign(payload, *self._private)

    async def verify(self, token: bytes) -> bytes | None:
        """The payload of a token that one of the server's keys signed, or None."""
        if not self._publics:
            await self.rotate()
        asked: list[str] = []

        def public_of(kid: str) -> bytes | None:
            asked.append(kid)
            return self._publics.get(kid)

        payload = self._signatures.verify(token, public_of)
        unknown = payload is None and asked and asked[0] not in self._publics
        if unknown and self._settled.monotonic() - self._loaded_s > RELOAD_S:
            await self.load()
            payload = self._signatures.verify(token, public_of)
        return payload

    async def published(self) -> list[dict[str, str]]:
        """The public keys as JWKs, newest first. Source: RFC 8037, 7517."""
        if not self._keys:
            await self.rotate()
        return [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": _base64(key.public)}
            for key in self._keys
        ]

    async def load(self) -> None:
        """Load the stored keys."""
        async with self._database.system_snapshot() as tx:
            self._take(await tx.signing_keys.list())

    async def renew(self) -> None:
        """Rotate, unless there is no key yet: the first is created by its first use, which may never come."""
        async with self._database.system_snapshot() as tx:
            found = await tx.signing_keys.list()
        if found:
            await self.rotate()

    async def rotate(self) -> None:
        """Create a key if there is none or the newest is old, and delete those whose last token has expired."""
        async with self._database.system_snapshot() as tx:
            keys = await tx.signing_keys.list()
        now_us = self._settled.now_us()
        if not keys or self._is_old(keys[0], now_us) or any(self._is_over(key, now_us) for key in keys):
            keys = await self._change(now_us)
        self._take(keys)

    async def _change(self, now_us: int) -> list[SigningKey]:
        async with self._database.system() as tx:
            keys = await tx.signing_keys.list()  # again: another process may have been first
            if not keys or self._is_old(keys[0], now_us):
                pair = self._signatures.new_key()
                # Before the new key is created, because this retires all active keys.
                await tx.signing_keys.retire(now_us)
                sealed = self._box.seal(pair.private, pair.kid)
                await tx.signing_keys.create(SigningKey(kid=pair.kid, public=pair.public, sealed=sealed, created_us=now_us))
            await tx.signing_keys.drop_retired(now_us - self._token_us - LEEWAY_US)
            return await tx.signing_keys.list()

    def _is_old(self, key: SigningKey, now_us: int) -> bool:
        return key.retired_us is not None or now_us - key.created_us >= self._lifetime_us

    def _is_over(self, key: SigningKey, now_us: int) -> bool:
        return key.retired_us is not None and key.retired_us + self._token_us + LEEWAY_US < now_us

    def _take(self, keys: list[SigningKey]) -> None:
        self._keys = keys
        self._publics = {key.kid: key.public for key in keys}
        self._loaded_s = self._settled.monotonic()
        current = next((key for key in keys if key.retired_us is None), None)
        if current != self._current:
            self._current, self._private = current, None


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
