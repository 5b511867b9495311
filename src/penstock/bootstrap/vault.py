"""Builds the vault: the cipher, the master key, the keys of organisations and the secrets of other nouns."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from penstock.adapters.secrets.aes_gcm import KEY_BYTES, AesGcm
from penstock.adapters.secrets.local_master import FileMaster, LocalMaster
from penstock.adapters.secrets.masters import Masters
from penstock.adapters.secrets.transit import TransitMaster
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.key_files import KeyFiles
from penstock.adapters.storage.master_file import MasterFile
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.api.system.metrics import Figure
from penstock.api.v2.vault_keys.routes import VaultKeyEndpoints
from penstock.bootstrap.part import Part
from penstock.core.audit.trail import AuditTrail
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.vault.config import (
    MASTER_VARIABLE,
    PREVIOUS_VARIABLE,
    TOKEN_VARIABLE,
    TransitConfig,
    VaultConfig,
)
from penstock.core.vault.errors import MasterKeyUnreachable, VaultMisconfigured
from penstock.core.vault.keyring import Keyring
from penstock.core.vault.keys import VaultKeys, count_stale
from penstock.core.vault.models import OrganizationKeys
from penstock.core.vault.ports import MasterKey
from penstock.core.vault.vault import Vault
from penstock.kit.clock import Clock, SystemClock
from penstock.kit.ids import IdSource, OrgId
from penstock.settings import Settings, secret_variables
from penstock.workers.vault_keys import VaultKeysWorker


class VaultParts(msgspec.Struct, kw_only=True):
    """The use cases on keys, and the worker that keeps them."""

    keys: VaultKeys
    worker: VaultKeysWorker

    @property
    def part(self) -> Part:
        """Endpoints, loop and figures for keys."""
        worker = self.worker
        return Part(
            endpoints=(VaultKeyEndpoints(self.keys),),
            loops={"vault_keys": worker.run},
            figures=(
                Figure("vault_stale_keys", "Keys of organisations that an old master key encrypts.", lambda: worker.stale_keys),
                Figure("vault_stale_values", "Values that an old key encrypts.", lambda: worker.stale_values),
                Figure("vault_rewrapped_values", "Values encrypted again.", lambda: worker.rewrapped, counts=True),
            ),
        )


def build_keyring(data_dir: DataDir, config: VaultConfig, database: SqliteDatabase, clock: Clock) -> Keyring:
    """Build the keys of organisations with the master key. Nothing is checked yet: see `Keyring.check`.

    Raises:
        DataDirUnusable: the file with the master key is damaged or missing.
        VaultMisconfigured.
    """

    async def newest_used(org_id: OrgId) -> int:
        async with database.snapshot(org_id) as tx:
            return max([await rows.newest() for rows in tx.encrypted])

    master = build_master(data_dir.keys, config, clock)
    return Keyring(store=KeyFiles(data_dir.keys), master=master, ciphers=AesGcm(), clock=clock, newest_used=newest_used)


def build_vault(data_dir: DataDir, config: VaultConfig, database: SqliteDatabase, ids: IdSource, clock: Clock) -> Vault:
    """Build the vault.

    Raises:
        DataDirUnusable, VaultMisconfigured.
    """
    return Vault(keyring=build_keyring(data_dir, config, database, clock), database=database, ids=ids, clock=clock)


def build_vault_keys(
    vault: Vault, config: VaultConfig, database: SqliteDatabase, trail: AuditTrail, plans: PlanCatalogue, clock: Clock
) -> VaultParts:
    """Build the use cases on keys and their worker. Its loop is not running yet."""
    keys = VaultKeys(keyring=vault.keyring, database=database, trail=trail, name_of=_name_of(plans))
    worker = VaultKeysWorker(
        keyring=vault.keyring, database=database, keys=keys, clock=clock, rotate_after_days=config.rotate_after_days
    )
    keys.on_rotate(worker.wake)
    return VaultParts(keys=keys, worker=worker)


class ControlledVault(msgspec.Struct, kw_only=True):
    """The keys of the vault as the command line uses them."""

    keyring: Keyring
    keys: VaultKeys
    database: SqliteDatabase

    async def values(self, keys: Mapping[OrgId, OrganizationKeys]) -> tuple[int, int]:
        """How many organisations have values whose key is missing, and how many values are under older keys."""
        async with self.database.system_snapshot() as tx:
            uses = await tx.key_uses()
        owned = {use.org_id: keys.get(use.org_id, OrganizationKeys()) for use in uses}
        stale = 0
        for org_id, found in owned.items():
            async with self.database.snapshot(org_id) as tx:
                stale += await count_stale(tx.encrypted, found)
        return len({use.org_id for use in uses if use.newest > owned[use.org_id].newest}), stale


def build_controlled_vault(data_dir: DataDir, settings: Settings, database: SqliteDatabase) -> ControlledVault:
    """Build the use cases on keys over an open control database.

    Raises:
        DataDirUnusable, VaultMisconfigured.
    """
    clock = SystemClock()
    keyring = build_keyring(data_dir, settings.vault, database, clock)
    plans = PlanCatalogue(database, settings.plans)
    keys = VaultKeys(keyring=keyring, database=database, trail=AuditTrail(clock), name_of=_name_of(plans))
    return ControlledVault(keyring=keyring, keys=keys, database=database)


def _name_of(plans: PlanCatalogue) -> Callable[[OrgId], Awaitable[str]]:
    async def name_of(org_id: OrgId) -> str:
        return (await plans.organization(org_id)).name

    return name_of


def build_master(folder: Path, config: VaultConfig, clock: Clock, environment: Mapping[str, str] | None = None) -> MasterKey:
    """Build the master key that the settings name, and those that its keys may have to be moved from.

    Raises:
        DataDirUnusable, VaultMisconfigured.
    """
    variables, file = secret_variables() if environment is None else environment, MasterFile(folder)
    makers: dict[str, Callable[[], MasterKey | None]] = {
        "file": lambda: FileMaster(file) if config.master == "file" else FileMaster(file, former=True) if file.exists else None,
        "env": lambda: _of_environment(variables),
        "transit": lambda: (
            TransitMaster(config.transit, _token(config.transit, variables), clock) if config.transit.url else None
        ),
    }
    current = makers.pop(config.master)()
    if current is None:
        needs = {"env": f"{MASTER_VARIABLE} is missing", "transit": "vault.transit.url is missing"}
        raise VaultMisconfigured(reason=f'vault.master is "{config.master}", but {needs[config.master]}')
    former = [one for one in (make() for make in makers.values()) if one is not None]
    return Masters(current, former) if former else current


def _of_environment(variables: Mapping[str, str]) -> LocalMaster | None:
    found = [_key(name, variables[name]) for name in (PREVIOUS_VARIABLE, MASTER_VARIABLE) if variables.get(name)]
    if variables.get(PREVIOUS_VARIABLE) and not variables.get(MASTER_VARIABLE):
        raise VaultMisconfigured(reason=f"{PREVIOUS_VARIABLE} is set without {MASTER_VARIABLE}")
    return LocalMaster(found) if found else None


def _key(name: str, text: str) -> bytes:
    text = text.strip()
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else base64.b64decode(_standard(text), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultMisconfigured(reason=f"{name} must be {KEY_BYTES} bytes in base64 or hexadecimal")
    return key


def _standard(text: str) -> str:
    """Base64 of the alphabet for URLs, with or without padding, in the usual one."""
    return text.rstrip("=").replace("-", "+").replace("_", "/") + "=" * (-len(text.rstrip("=")) % 4)


def _token(config: TransitConfig, variables: Mapping[str, str]) -> Callable[[], str]:
    def read() -> str:
        if not config.token_file:
            return variables.get(TOKEN_VARIABLE, "")
        try:
            return Path(config.token_file).read_text("ascii").strip()
        except (OSError, ValueError):
            raise MasterKeyUnreachable(reason=f"vault.transit.token_file {config.token_file} cannot be read") from None

    return read
