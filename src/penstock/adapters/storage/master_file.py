"""The file `keys/master.key` of the data directory: one line for each master key, the current one last.

It is replaced as a whole, under the lock of the folder, because the command line adds keys while a server runs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from penstock.adapters.storage.data_dir import KEYS, DataDirUnusable, with_checksum, without_checksum
from penstock.adapters.storage.key_files import SUFFIX, key_files_in, locked_keys, read_keys, replace

MASTER_FILE = "master.key"
KEY_BYTES = 32


class MasterFile:
    """The master keys in a folder of keys. Each method raises `DataDirUnusable` if the file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / MASTER_FILE
        self._folder = folder

    @property
    def exists(self) -> bool:
        """Whether the folder has a master key."""
        return self.path.exists()

    def read(self) -> Sequence[bytes]:
        """The keys, of 32 bytes each, the current one last; none without a file."""
        try:
            text = self.path.read_text("ascii")
            if "\0" in text:  # it was being replaced
                text = self.path.read_text("ascii")
            return [without_checksum(line) for line in text.splitlines()]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            known = f": {error.strerror}" if isinstance(error, OSError) else " is damaged; restore it from where it is kept"
            raise self._unusable(f"{MASTER_FILE}{known}") from None

    def read_or_create(self) -> Sequence[bytes]:
        """The keys; the first one is made if nothing has been encrypted yet."""

        def first(keys: Sequence[bytes]) -> Sequence[bytes]:
            if keys:
                return keys
            if any(self._folder.glob(f"*{SUFFIX}")):  # a new key could not decrypt what exists
                raise self._unusable(f"{MASTER_FILE} is missing; without it, nothing in the vault can be decrypted")
            return [secrets.token_bytes(KEY_BYTES)]

        return self.read() or self._change(first)

    def add(self) -> Sequence[bytes]:
        """Add a new key, which is current from now on. Returns all."""
        return self._change(lambda keys: [*keys, secrets.token_bytes(KEY_BYTES)])

    def keep_needed(self, name_of: Callable[[bytes], str], at_least: int) -> Sequence[bytes]:
        """Remove the keys that wrap nothing, but not the newest `at_least`; without any, the file. Returns what is left.

        Raises:
            KeyFileDamaged: it is unknown which key wraps what is in a file.
        """

        def needed(keys: Sequence[bytes]) -> Sequence[bytes]:
            names = {one.master for org_id in key_files_in(self._folder) for one in read_keys(self._folder, org_id).versions}
            newest = len(keys) - at_least
            return [key for place, key in enumerate(keys) if place >= newest or name_of(key) in names]

        return self._change(needed)

    def version(self) -> tuple[int, ...]:
        """Changes when the file does."""
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _change(self, change: Callable[[Sequence[bytes]], Sequence[bytes]]) -> Sequence[bytes]:
        try:
            with locked_keys(self._folder) as changed:
                before = self.read()
                after = change(before)
                if after and after != before:
                    replace(self.path, b"".join(map(with_checksum, after)))
                elif not after:
                    self.path.unlink(missing_ok=True)
                changed()
                return after
        except OSError as error:
            raise self._unusable(f"{MASTER_FILE}: {error.strerror}") from error

    def _unusable(self, reason: str) -> DataDirUnusable:
        return DataDirUnusable(path=self._folder.parent, reason=f"{KEYS}/{reason}")
