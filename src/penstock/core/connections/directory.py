"""The connection directory: finds the connections of network servers' requests, from memory.

Filled on first use; an entry is dropped when its connection changes. A generation protects against look-ups that overlap with a
change, as in the device directory. Unknown secrets are cached too; both caches are bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.connections.errors import ConnectionNotFound, ConnectionSecretInvalid
from penstock.core.connections.models import ConnectionRef
from penstock.core.connections.store import ConnectionTransaction, HasSystemConnections
from penstock.core.database import Database, repeated_after_commit
from penstock.kit.clock import Clock
from penstock.kit.ids import ConnectionId, OrgId, Prefix, encode
from penstock.kit.secret import Pepper, well_formed

SECRET_PREFIX = "pcs_"  # noqa: S105  (the prefix of a secret, not a secret)
MAX_KNOWN = 20_000
MAX_UNKNOWN = 10_000
_Known = tuple[ConnectionRef, int | None]


class ConnectionDirectory:
    """Connections by id and by secret."""

    def __init__(self, database: Database[ConnectionTransaction, HasSystemConnections], pepper: Pepper, clock: Clock) -> None:
        self._database = database
        self._pepper = pepper
        self._clock = clock
        self._by_digest: dict[bytes, _Known] = {}
        self._by_id: dict[ConnectionId, ConnectionRef] = {}
        self._unknown: set[bytes] = set()
        self._generation = 0
        self._listeners: list[Callable[[ConnectionId], None]] = []

    def subscribe(self, listener: Callable[[ConnectionId], None]) -> None:
        """Call `listener` with the id of each dropped connection: it was changed, re-keyed or deleted."""
        self._listeners.append(listener)

    async def get_by_secret(self, connection_id: ConnectionId | None, secret: bytes) -> ConnectionRef:
        """The connection with an id and a secret.

        Raises:
            ConnectionSecretInvalid: no connection has both.
        """
        digest = self._pepper.digest(secret)
        known = self._by_digest.get(digest)
        # A guess in another form must not cost a look-up, nor a place among the unknown secrets.
        if known is None and digest not in self._unknown and well_formed(secret.decode("latin-1"), SECRET_PREFIX):
            known = await self._look_up(digest)
        if known is None or known[0].id != connection_id or (known[1] is not None and known[1] <= self._clock.now_us()):
            raise ConnectionSecretInvalid()
        return known[0]

    async def get(self, org_id: OrgId, connection_id: ConnectionId) -> ConnectionRef:
        """The connection with this id.

        Raises:
            ConnectionNotFound: the organisation has no connection with this id.
        """
        ref = self._by_id.get(connection_id)
        if ref is None:
            generation = self._generation
            async with self._database.snapshot(org_id) as tx:
                ref = await tx.connections.find_ref(connection_id)
            if ref is not None and generation == self._generation:
                if len(self._by_id) >= MAX_KNOWN:
                    self._by_id.clear()
                self._by_id[connection_id] = ref
        if ref is None or ref.org_id != org_id:
            raise ConnectionNotFound(connection_id=encode(Prefix.CONNECTION, connection_id))
        return ref

    @repeated_after_commit
    def drop(self, connection_id: ConnectionId) -> None:
        """Drop a connection from the cache after it changed; the next look-up reads it again."""
        self._generation += 1
        self._by_id.pop(connection_id, None)
        for digest in [digest for digest, (ref, _) in self._by_digest.items() if ref.id == connection_id]:
            del self._by_digest[digest]
        for listener in self._listeners:
            listener(connection_id)

    async def _look_up(self, digest: bytes) -> _Known | None:
        generation = self._generation
        async with self._database.system_snapshot() as tx:
            found = await tx.connections.find_by_digest(digest, self._clock.now_us())
        if generation != self._generation:
            return found
        if found is not None:
            if len(self._by_digest) >= MAX_KNOWN:
                self._by_digest.clear()
            self._by_digest[digest] = found
        else:
            if len(self._unknown) >= MAX_UNKNOWN:
                self._unknown.clear()
            # Never invalidated: new secrets are random, and a replaced one never becomes valid again.
            self._unknown.add(digest)
        return found
