"""From an API key to the actor it stands for, from memory after the first time.

Status and expiry are judged on every call. Unknown keys are remembered for a moment, so that a guesser costs no look-ups;
a key that is malformed costs nothing at all, as its checksum fails.
"""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.ports import Database
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.core.tenancy.models import ApiKey, KeyStatus
from penstock.core.tenancy.service import KEY_PREFIX
from penstock.kit.clock import Clock
from penstock.kit.secret import Pepper, well_formed

MAX_KNOWN = 100_000
MAX_UNKNOWN = 10_000


class KeyAuthenticator:
    """Knows API keys by their keyed hash."""

    def __init__(self, *, database: Database, pepper: Pepper, clock: Clock) -> None:
        self._database = database
        self._pepper = pepper
        self._clock = clock
        self._known: dict[bytes, tuple[ApiKey, Actor]] = {}
        self._unknown: set[bytes] = set()
        self._generation = 0
        self.used: dict[int, tuple[int, int]] = {}
        """Organisation and time of the latest use by key, until a worker writes them down."""

    def known(self, value: bytes) -> Actor | None:
        """The actor of a key, if the key is in memory and good."""
        found = self._known.get(self._pepper.digest(value))
        return self._judge(*found) if found is not None else None

    async def authenticate(self, value: bytes) -> Actor:
        """The actor that a key stands for.

        Raises:
            CredentialInvalid: no such key, or it is revoked or expired.
        """
        if not well_formed(value.decode("latin-1"), KEY_PREFIX):
            raise CredentialInvalid()
        digest = self._pepper.digest(value)
        found = self._known.get(digest)
        if found is None:
            found = await self._look_up(digest)
        return self._judge(*found)

    def drop(self, key_id: int) -> None:
        """Forget a key after it changed."""
        self._generation += 1
        for digest, (key, _) in list(self._known.items()):
            if key.id == key_id:
                del self._known[digest]

    async def _look_up(self, digest: bytes) -> tuple[ApiKey, Actor]:
        if digest in self._unknown:
            raise CredentialInvalid()
        generation = self._generation
        async with self._database.system_snapshot() as tx:
            key = await tx.credentials.find_key(digest)
        if key is None:
            if len(self._unknown) >= MAX_UNKNOWN:
                self._unknown.clear()
            self._unknown.add(digest)
            raise CredentialInvalid()
        found = key, Actor(org_id=key.org_id, kind=ActorKind.KEY, id=key.id, scopes=key.scopes)
        if generation == self._generation:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[digest] = found
        return found

    def _judge(self, key: ApiKey, actor: Actor) -> Actor:
        now_us = self._clock.now_us()
        if key.status(now_us) is not KeyStatus.ACTIVE:
            raise CredentialInvalid()
        self.used[key.id] = (key.org_id, now_us)
        return actor
