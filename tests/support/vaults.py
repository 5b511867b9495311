"""A vault over a real database, for tests: opened without a server, filled with many secrets, searched for in files."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.bootstrap import open_control
from penstock.bootstrap.vault import VaultParts, build_vault, build_vault_keys
from penstock.core.audit.trail import AuditTrail
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.vault.keyring import Box, Keyring
from penstock.core.vault.models import Owner
from penstock.core.vault.vault import Vault, bond_of
from penstock.kit.clock import Clock, SystemClock
from penstock.kit.ids import IdSource, OrgId, SecretId
from penstock.settings import load_settings

NEW_SECRET = """INSERT INTO secrets (id, org_id, owner_kind, owner_id, path, description, version,
    created_by, created_us, updated_us)
    VALUES (?, ?, 'test', ?, 'seed', '', 1, 'test', 0, 0)"""
NEW_VERSION = "INSERT INTO secret_versions VALUES (?, ?, 1, ?, ?, ?, 'test', 0)"


class OpenVault(msgspec.Struct, kw_only=True):
    """A vault with two organisations."""

    vault: Vault
    parts: VaultParts
    database: SqliteDatabase
    acme: OrgId
    other: OrgId
    folder: Path

    @property
    def keyring(self) -> Keyring:
        return self.vault.keyring

    async def put(self, org_id: OrgId, number: int, content: bytes) -> None:
        """Store a secret as a noun would."""
        box, owner = await self.vault.box(org_id), Owner("test", number)
        async with self.database.transaction(org_id) as tx:
            await self.vault.put(tx, box, owner, "seed", content, "test")
        self.vault.forget(org_id, owner)

    async def read(self, org_id: OrgId, number: int) -> bytes:
        return bytes((await self.vault.read(org_id, Owner("test", number)))["seed"])

    async def settle(self) -> None:
        """Let the worker finish."""
        while await self.parts.worker.step():
            pass


@asynccontextmanager
async def open_vault(
    folder: Path, *, clock: Clock | None = None, environment: dict[str, str] | None = None
) -> AsyncIterator[OpenVault]:
    """The vault of a data directory, which is made with two organisations if it is new."""
    data_dir, settings, clock = DataDir(folder), load_settings(environment=environment or {}), clock or SystemClock()
    async with open_control(data_dir, settings) as control:
        if not await control.tenancy.list_organizations():
            for name in ("Acme", "Other"):
                await control.tenancy.bootstrap(name, f"{name.lower()}@example.org")
        found = await control.tenancy.list_organizations()
        acme, other = found[0].id, found[-1].id
        vault = build_vault(data_dir, settings.vault, control.database, IdSource(clock.now_us), clock)
        plans = PlanCatalogue(control.database, settings.plans)
        parts = build_vault_keys(vault, settings.vault, control.database, AuditTrail(clock), plans, clock)
        try:
            yield OpenVault(vault=vault, parts=parts, database=control.database, acme=acme, other=other, folder=folder)
        finally:
            await vault.keyring.master.close()


def store_many(folder: Path, org_id: OrgId, box: Box, contents: Sequence[bytes], first: int = 1) -> None:
    """Insert secrets as the vault would have stored them, numbered from `first` on."""
    with closing(sqlite3.connect(folder / "penstock.db", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for number, content in enumerate(contents, first):
            sealed = box.seal(content, bond_of(SecretId(number), 1))
            database.execute(NEW_SECRET, (number, org_id, number))
            database.execute(NEW_VERSION, (org_id, number, sealed.key_version, sealed.data_key, sealed.content))
        database.execute("COMMIT")


def spellings(secret: bytes) -> Iterator[bytes]:
    """Every spelling in which a secret could have been kept: raw, base32, hexadecimal, base64 at each alignment."""
    yield secret
    yield secret[::-1]
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    base32 = base64.b32encode(secret).rstrip(b"=")[:-1]
    yield base32
    yield base32.lower()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret)
        part = encoded[4 * bool(before) : len(encoded) - 4]
        yield part
        yield part.translate(bytes.maketrans(b"+/", b"-_"))


def shown_in(content: bytes, secrets: Sequence[bytes]) -> list[bytes]:
    """The spellings of secrets that are in a content."""
    return [form for secret in secrets for form in spellings(secret) if form in content]
