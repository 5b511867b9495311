"""Whether the vault of a data directory can be opened: what `penstock doctor` says about it. Only reads."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.secrets.aes_gcm import AesGcm
from penstock.adapters.storage.data_dir import KEYS
from penstock.adapters.storage.key_files import SUFFIX, KeyFiles, key_files_in, read_keys
from penstock.adapters.storage.master_file import MasterFile
from penstock.adapters.storage.sqlite.encrypted import needed_keys
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.adapters.storage.sqlite.soundness import DAMAGE, opened
from penstock.bootstrap.vault import build_master
from penstock.core.vault.config import VaultConfig
from penstock.core.vault.keyring import Keyring
from penstock.core.vault.models import OrganizationKeys
from penstock.kit.clock import Clock
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId


def vault_state(data_dir: Path, config: VaultConfig, clock: Clock, *, in_use: bool) -> tuple[bool, str]:
    """Whether the master key and the keys of organisations are there and fit together, and one line about that."""
    folder, needs = data_dir / KEYS, _needs(data_dir, in_use=in_use)
    file = MasterFile(folder)
    try:
        owned = {org_id: read_keys(folder, org_id) for org_id in key_files_in(folder)}
        lost = sum(owned.get(org_id, OrganizationKeys()).newest < version for org_id, version in needs.items())
        if lost:
            return False, f"the keys of {lost} organisations are missing; restore vault-….keys of a backup"
        if config.master == "file" and not owned and not file.exists:
            return True, "nothing is encrypted yet; the first start creates the master key"
        shared = [path for path in (file.path, *folder.glob(f"*{SUFFIX}")) if path.exists() and path.stat().st_mode & 0o077]
        if shared:
            return False, f"other users can read the vault's keys: chmod 600 {' '.join(map(str, shared[:3]))}"
        master = build_master(folder, config, clock)
        asyncio.run(_check(Keyring(store=KeyFiles(folder), master=master, ciphers=AesGcm(), clock=clock)))
    except PenstockError as error:
        return False, error.detail
    return True, f"the master key ({master.kind}) opens the keys of {len(owned)} organisations"


async def _check(keyring: Keyring) -> None:
    try:
        await keyring.check()
    finally:
        await keyring.master.close()


def _needs(data_dir: Path, *, in_use: bool) -> dict[OrgId, int]:
    """Empty if the database is damaged, which another check reports."""
    path = data_dir / CONTROL_FILE
    if not path.exists():
        return {}
    try:
        with closing(opened(path, in_use=in_use)) as connection:
            connection.row_factory = sqlite3.Row
            return needed_keys(connection)
    except DAMAGE:
        return {}
