"""Moves secrets from the rows of their owners into the vault, at the start of a server whose data is from before the vault.

Theory of operation. An owner's old column is emptied in the transaction that stores its secrets in the vault, a few owners at a
time, so a start that is killed continues where it was. Secrets that cannot be opened stay where they are: they were sealed under
the pepper of another server. Their owner records which secrets it should have, so that its use fails, as before, and it can be
given new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol

import msgspec
import structlog

from penstock.core.database import Database
from penstock.core.vault.keyring import Box, wiped
from penstock.core.vault.models import SecretPaths
from penstock.core.vault.store import HasOldSecrets, HasSystemOldSecrets, OldRow
from penstock.core.vault.vault import Vault
from penstock.kit.ids import OrgId

AT_ONCE = 50
_log = structlog.get_logger()


class OldBox(Protocol):
    """Opens what was sealed under the pepper."""

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        """Decrypt sealed content.

        Raises:
            ValueError: it was changed, or sealed for another owner or by another server.
        """


class Opener(Protocol):
    """Opens the old form of one kind of owner."""

    def __call__(self, box: OldBox, number: int, sealed: bytes) -> dict[str, str]:
        """The secrets of an owner, by path.

        Raises:
            ValueError: they were sealed for another owner, or by another server.
        """


class OldKind(msgspec.Struct, frozen=True):
    """A kind of owner with secrets in an old form. `paths` are those of a row that cannot be opened, from it and its hint."""

    kind: str
    open: Opener
    paths: Callable[[bytes, str], Sequence[str]]


class SecretConversion:
    """Moves the old secrets of all organisations."""

    def __init__(
        self, *, database: Database[HasOldSecrets, HasSystemOldSecrets], vault: Vault, box: OldBox, kinds: Sequence[OldKind]
    ) -> None:
        self._database = database
        self._vault = vault
        self._box = box
        self._kinds = kinds

    async def run(self) -> int:
        """Move all that can be opened. Returns the number of owners whose secrets were moved.

        Raises:
            Unavailable: the master key cannot be reached.
        """
        moved = left = 0
        for kind in self._kinds:
            after_id = 0
            while rows := await self._rows(kind.kind, after_id):
                after_id = rows[-1].owner.id
                for org_id, of_org in groupby(sorted(rows, key=lambda row: row.org_id), key=lambda row: row.org_id):
                    mine = list(of_org)
                    done = await self._move(org_id, kind, mine)
                    moved, left = moved + done, left + len(mine) - done
        if moved:
            _log.info("secrets_moved_to_vault", owners=moved)
        if left:
            remedy = "enter them again, or start once with the pepper that sealed them"
            _log.warning("secrets_unreadable", owners=left, reason="they were sealed under another pepper", remedy=remedy)
        return moved

    async def _rows(self, kind: str, after_id: int) -> Sequence[OldRow]:
        async with self._database.system_snapshot() as tx:
            return await tx.old_secrets.list(kind, after_id, AT_ONCE)

    async def _move(self, org_id: OrgId, kind: OldKind, rows: Sequence[OldRow]) -> int:
        box, moved = await self._vault.box(org_id), 0
        async with self._database.transaction(org_id) as tx:
            for row in rows:
                moved += await self._move_one(tx, box, kind, row)
        return moved

    async def _move_one(self, tx: HasOldSecrets, box: Box, kind: OldKind, row: OldRow) -> bool:
        """Move the secrets of one owner. Returns whether nothing is left in its row."""
        held = {one.path for one in await tx.secrets.held(row.owner)}
        try:
            values = kind.open(self._box, row.owner.id, row.sealed)
        except ValueError:
            # Users may have entered all of them again since.
            if row.paths and row.paths.keys() <= held:
                await tx.old_secrets.move_in(row, row.paths)
                return True
            await tx.old_secrets.mark_unreadable(row, row.paths or dict.fromkeys(kind.paths(row.sealed, row.hint), ""))
            return False
        paths: SecretPaths = row.paths or dict.fromkeys(values, "")
        for path in paths.keys() & values.keys() - held:
            with wiped(bytearray(values[path].encode())) as content:
                await self._vault.put(tx, box, row.owner, path, content, "system")
        await tx.old_secrets.move_in(row, paths)
        return True
