"""The file with the vault's keys that is kept next to backups, and replaced by each: `vault-<server>.keys`.

A backup does not contain the keys. The newest key file opens all backups of a server, because old versions of keys are kept.
After an organisation's keys were destroyed, it opens nothing of that organisation. It is a line of JSON and one with its SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import KEYS, with_checksum, write_durably
from penstock.adapters.storage.key_files import file_of, key_files_in, read_keys, replace
from penstock.adapters.storage.master_file import MASTER_FILE, MasterFile
from penstock.core.vault.models import OrganizationKeys
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import OrgId, Prefix, decode, encode
from penstock.kit.secret import hides

FORMAT = 1


class KeysUnusable(PenstockError):
    """A file with the vault's keys cannot be used. Nothing was changed."""

    kind, code = Kind.PRECONDITION, "vault.keys_unusable"
    message = "{path} {reason}"


@hides("master_keys")
class KeyArchive(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of a server: wrapped ones of organisations by their public ids, and the master keys of a file in hexadecimal."""

    format: int
    server: int
    created_at: str
    master_keys: list[str]
    organizations: dict[str, OrganizationKeys]

    def owned(self) -> Mapping[OrgId, OrganizationKeys]:
        """The keys by organisation."""
        found = {decode(Prefix.ORGANIZATION, name): keys for name, keys in self.organizations.items()}
        return {OrgId(org_id): keys for org_id, keys in found.items() if org_id is not None}


def archive_next_to(backup: Path, server: int) -> Path:
    """Where the keys of a server are, next to a backup of it."""
    return backup.parent / f"vault-{server:08x}.keys"


def collected(data_dir: Path, server: int, created_at: str) -> KeyArchive | None:
    """The keys of a data directory; None if nothing has been encrypted yet.

    Raises:
        KeyFileDamaged, DataDirUnusable: a file with keys is damaged.
    """
    folder = data_dir / KEYS
    organizations = {encode(Prefix.ORGANIZATION, org_id): read_keys(folder, org_id) for org_id in key_files_in(folder)}
    master_keys = [key.hex() for key in MasterFile(folder).read()]
    if not organizations:
        return None
    return KeyArchive(format=FORMAT, server=server, created_at=created_at, master_keys=master_keys, organizations=organizations)


def write_archive(path: Path, archive: KeyArchive) -> None:
    """Replace the file with the keys.

    Raises:
        KeysUnusable: the present one has keys that the server lacks, such as after a restore without keys.
        OSError.
    """
    if path.exists():
        ours = archive.owned()
        for org_id, keys in read_archive(path).owned().items():
            own = ours.get(org_id, OrganizationKeys())
            lacking = {one.version for one in keys.versions if one.version > own.shredded} - {one.version for one in own.versions}
            if lacking:
                raise KeysUnusable(
                    path=path, reason="has keys that this server lacks; move it away, and keep it for older backups"
                )
    content = msgspec.json.encode(archive)
    path = path.resolve()  # a link to where the keys are kept stays one
    replace(path, content + f"\n{hashlib.sha256(content).hexdigest()}\n".encode())


def read_archive(path: Path) -> KeyArchive:
    """The keys in a file.

    Raises:
        KeysUnusable.
    """
    try:
        content, _, checksum = path.read_bytes().rstrip(b"\n").rpartition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != checksum:
            raise ValueError("checksum")
        return msgspec.json.decode(content, type=KeyArchive)
    except OSError as error:
        raise KeysUnusable(path=path, reason=f"cannot be read: {error.strerror}") from None
    except (msgspec.MsgspecError, ValueError):
        raise KeysUnusable(path=path, reason="is damaged, or has no keys of a vault") from None


def unpack_archive(archive: KeyArchive, data_dir: Path) -> None:
    """Write the keys into a new data directory."""
    folder = data_dir / KEYS
    folder.mkdir(mode=0o700)
    if archive.master_keys:
        write_durably(folder / MASTER_FILE, b"".join(with_checksum(bytes.fromhex(key)) for key in archive.master_keys))
    for org_id, keys in archive.owned().items():
        write_durably(folder / file_of(org_id), msgspec.json.encode(keys))


def lacking(archive: KeyArchive, needs: Mapping[OrgId, int]) -> Iterator[OrgId]:
    """The organisations of which a backup needs a newer version of the key than the archive has."""
    owned = archive.owned()
    return (org_id for org_id, version in needs.items() if owned.get(org_id, OrganizationKeys()).newest < version)
