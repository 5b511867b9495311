"""The file with the vault's keys beside backups: whole, never older, and never in the place of keys that the server lacks."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDirUnusable
from penstock.adapters.storage.key_files import KeyFileDamaged, KeyFiles, file_of
from penstock.adapters.storage.master_file import MasterFile
from penstock.adapters.storage.vault_archive import (
    KeyArchive,
    KeysUnusable,
    archive_next_to,
    collected,
    lacking,
    read_archive,
    unpack_archive,
    write_archive,
)
from penstock.core.vault.models import KeyVersion
from penstock.kit.ids import OrgId

ACME, OTHER = OrgId(7), OrgId(8)


def add(data_dir: Path, org_id: OrgId, number: int) -> None:
    asyncio.run(KeyFiles(data_dir / "keys").add(org_id, KeyVersion(number, "local-1", b"wrapped %d" % number, 0)))


def shred(data_dir: Path, org_id: OrgId) -> None:
    asyncio.run(KeyFiles(data_dir / "keys").shred(org_id, 5))


def collect(data_dir: Path) -> KeyArchive:
    found = collected(data_dir, 77, "2026-05-02T12:00:00Z")
    assert found is not None
    return found


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    MasterFile(folder / "keys").read_or_create()
    add(folder, ACME, 1)
    add(folder, OTHER, 1)
    add(folder, ACME, 2)
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return archive_next_to(tmp_path / "backup.tar", 77)


def test_all_keys_come_back(data_dir: Path, file: Path, tmp_path: Path) -> None:
    write_archive(file, collect(data_dir))
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("vault-0000004d.keys", 0o600)
    (tmp_path / "new").mkdir()
    unpack_archive(read_archive(file), tmp_path / "new")
    for name in ("master.key", file_of(ACME), file_of(OTHER)):
        assert (tmp_path / "new" / "keys" / name).read_bytes() == (data_dir / "keys" / name).read_bytes()


def test_a_link_to_where_the_keys_are_kept_stays_one(data_dir: Path, file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "usb" / "all.keys"
    kept.parent.mkdir()
    write_archive(kept, collect(data_dir))
    file.symlink_to(kept)
    add(data_dir, OTHER, 2)
    write_archive(file, collect(data_dir))
    assert file.is_symlink()
    assert read_archive(kept).owned()[OTHER].newest == 2


def test_a_server_without_keys_has_none_to_keep(tmp_path: Path) -> None:
    assert collected(tmp_path, 1, "") is None
    MasterFile(tmp_path / "keys").read_or_create()
    assert collected(tmp_path, 1, "") is None


def test_a_newer_file_takes_the_place_of_the_older(data_dir: Path, file: Path) -> None:
    write_archive(file, collect(data_dir))
    add(data_dir, ACME, 3)
    shred(data_dir, OTHER)
    write_archive(file, collect(data_dir))
    found = read_archive(file).owned()
    assert ([one.version for one in found[ACME].versions], found[OTHER].versions, found[OTHER].shredded) == ([1, 2, 3], (), 1)


@pytest.mark.parametrize("lost", [ACME, OTHER])
def test_keys_that_the_server_lacks_are_not_overwritten(data_dir: Path, file: Path, lost: OrgId) -> None:
    write_archive(file, collect(data_dir))
    before = file.read_bytes()
    (data_dir / "keys" / file_of(lost)).unlink()
    with pytest.raises(KeysUnusable, match="has keys that this server lacks; move it away"):
        write_archive(file, collect(data_dir))
    assert file.read_bytes() == before


def test_what_a_backup_needs_and_the_file_lacks(data_dir: Path) -> None:
    archive = collect(data_dir)
    assert list(lacking(archive, {ACME: 2, OTHER: 1})) == []
    assert list(lacking(archive, {ACME: 3, OTHER: 1, OrgId(9): 1})) == [ACME, OrgId(9)]


def cut(content: bytes) -> bytes:
    return content[:-1][: len(content) // 2]


def flip(content: bytes) -> bytes:
    return content[:40] + bytes([content[40] ^ 1]) + content[41:]


@pytest.mark.parametrize("harm", [cut, flip, lambda _: b"", lambda _: b"{}\n", lambda _: b"\xff\n\xff"])
def test_a_damaged_file_is_refused(data_dir: Path, file: Path, harm: Callable[[bytes], bytes]) -> None:
    write_archive(file, collect(data_dir))
    file.write_bytes(harm(file.read_bytes()))
    with pytest.raises(KeysUnusable, match="is damaged, or has no keys of a vault"):
        read_archive(file)


def test_a_missing_file_is_named(file: Path) -> None:
    with pytest.raises(KeysUnusable, match=f"{file} cannot be read: No such file"):
        read_archive(file)


def test_damaged_keys_are_not_kept(data_dir: Path) -> None:
    (data_dir / "keys" / file_of(ACME)).write_text("{")
    with pytest.raises(KeyFileDamaged):
        collect(data_dir)
    (data_dir / "keys" / file_of(ACME)).unlink()
    (data_dir / "keys" / "master.key").write_text("no")
    with pytest.raises(DataDirUnusable):
        collect(data_dir)


def test_keys_are_not_shown(data_dir: Path) -> None:
    assert MasterFile(data_dir / "keys").read()[0].hex() not in repr(collect(data_dir))
