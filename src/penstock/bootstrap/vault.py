"""Builds the vault: the cipher, the master key, the keys of organisations and the secrets of other nouns."""

from __future__ import annotations

from penstock.adapters.secrets.aes_gcm import AesGcm
from penstock.adapters.secrets.local_master import LocalMaster
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.key_files import KeyFiles
from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.core.vault.keyring import Keyring
from penstock.core.vault.vault import Vault
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource


def build_vault(data_dir: DataDir, database: SqliteDatabase, ids: IdSource, clock: Clock) -> Vault:
    """Build the vault.

    Raises:
        DataDirUnusable: the file with the master key is damaged or missing.
    """
    master = LocalMaster(data_dir.master_keys())
    keyring = Keyring(store=KeyFiles(data_dir.keys), master=master, ciphers=AesGcm(), clock=clock)
    return Vault(keyring=keyring, database=database, ids=ids, clock=clock)
