"""The conversion of old secrets: those of several organisations, a few at a time, each once."""

from __future__ import annotations

from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from penstock.core.vault import conversion
from penstock.core.vault.conversion import OldBox, OldKind, SecretConversion
from penstock.core.vault.models import Owner
from penstock.core.vault.store import OldRow
from penstock.kit.ids import OrgId


class Stored:
    """Rows in memory, and what is put into the vault."""

    def __init__(self, *rows: OldRow) -> None:
        self.rows = list(rows)
        self.put_in: dict[tuple[int, str], bytes] = {}
        self.marked: dict[int, dict[str, str]] = {}
        self.transactions = 0
        self.old_secrets = self.secrets = self

    async def list(self, kind: str, after: int, limit: int) -> list[OldRow]:
        return sorted((one for one in self.rows if one.owner.id > after), key=lambda one: one.owner.id)[:limit]

    async def held(self, owner: Owner) -> list[Any]:
        return [SimpleNamespace(path=path) for number, path in self.put_in if number == owner.id]

    async def move_in(self, row: OldRow, paths: dict[str, str]) -> None:
        self.rows.remove(row)

    async def mark_unreadable(self, row: OldRow, paths: dict[str, str]) -> None:
        self.marked[row.owner.id] = paths

    async def box(self, org_id: OrgId) -> None:
        return None

    async def put(self, tx: object, box: object, owner: Owner, path: str, content: bytearray, by: str) -> None:
        assert (owner.id, path) not in self.put_in
        self.put_in[owner.id, path] = bytes(content)

    @asynccontextmanager
    async def transaction(self, org_id: OrgId) -> Any:
        self.transactions += 1
        yield self

    @asynccontextmanager
    async def system_snapshot(self) -> Any:
        yield self


def row(number: int, org_id: int = 1, sealed: bytes = b"good", **paths: str) -> OldRow:
    return OldRow(Owner("test", number), OrgId(org_id), sealed, "hint", paths)


def open_row(box: OldBox, number: int, sealed: bytes) -> dict[str, str]:
    if sealed != b"good":
        raise ValueError("another pepper")
    return {"a": f"a{number}", "b": f"b{number}"}


async def converted(stored: Stored) -> int:
    kinds = [OldKind("test", open_row, lambda sealed, hint: ["a", hint])]
    run = SecretConversion(database=stored, vault=stored, box=None, kinds=kinds)  # type: ignore[arg-type]
    return await run.run()


async def test_all_rows_of_all_organisations_are_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "AT_ONCE", 3)
    stored = Stored(*(row(number, number % 2 + 1) for number in range(1, 8)))
    assert (await converted(stored), stored.rows, len(stored.put_in)) == (7, [], 14)
    assert stored.transactions == 5
    assert stored.put_in[3, "b"] == b"b3"


async def test_what_cannot_be_opened_is_marked_and_kept() -> None:
    bad = row(2, sealed=b"bad")
    stored = Stored(row(1), bad)
    assert (await converted(stored), stored.rows) == (1, [bad])
    assert stored.marked == {2: {"a": "", "hint": ""}}
    assert (2, "a") not in stored.put_in


async def test_of_a_marked_row_only_what_is_still_missing_is_moved() -> None:
    stored = Stored(row(1, a="", b=""))
    stored.put_in[1, "a"] = b"entered again"
    assert await converted(stored) == 1
    assert stored.put_in == {(1, "a"): b"entered again", (1, "b"): b"b1"}


async def test_what_was_cleared_since_is_not_moved() -> None:
    stored = Stored(row(1, b=""))
    await converted(stored)
    assert stored.put_in == {(1, "b"): b"b1"}


async def test_a_row_whose_secrets_were_all_entered_again_is_done() -> None:
    stored = Stored(row(1, sealed=b"bad", a=""))
    stored.put_in[1, "a"] = b"entered again"
    assert (await converted(stored), stored.rows) == (1, [])
