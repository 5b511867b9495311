"""The files with the keys of organisations: replaced as a whole, by several processes at once, and destroyed for ever."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from penstock.adapters.storage.key_files import KeyFileDamaged, KeyFiles, KeysNotWritten, file_of, replace
from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.kit.ids import OrgId
from tests.support.patching import replace_where

ACME, OTHER = OrgId(7), OrgId(8)


def version(number: int, wrapped: bytes = b"wrapped", master: str = "local-1") -> KeyVersion:
    return KeyVersion(number, master, wrapped, number)


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "keys")


async def test_versions_are_added_and_come_back(files: KeyFiles, tmp_path: Path) -> None:
    assert await files.load(ACME) == OrganizationKeys()
    await files.add(ACME, version(1))
    await files.add(ACME, version(2))
    assert await files.load(ACME) == OrganizationKeys((version(1), version(2)))
    assert await files.load(OTHER) == OrganizationKeys()
    await files.add(OTHER, version(1))
    assert set(await files.load_all()) == {ACME, OTHER}
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_version_that_exists_stays(files: KeyFiles) -> None:
    await files.add(ACME, version(1, b"first"))
    assert (await files.add(ACME, version(1, b"second"))).versions == (version(1, b"first"),)


async def test_what_was_destroyed_is_neither_added_nor_replaced(files: KeyFiles) -> None:
    await files.add(ACME, version(1))
    await files.add(ACME, version(2))
    assert await files.shred(ACME, 99) == OrganizationKeys((), 2, 99)
    await files.rewrap(ACME, [version(1), version(2)])
    await files.add(ACME, version(2))
    assert await files.load(ACME) == OrganizationKeys((), 2, 99)
    assert (await files.add(ACME, version(3))).current == 3


async def test_only_versions_that_exist_are_replaced(files: KeyFiles) -> None:
    await files.add(ACME, version(1))
    await files.rewrap(ACME, [version(1, b"again", "local-2"), version(5)])
    assert (await files.load(ACME)).versions == (version(1, b"again", "local-2"),)


async def test_each_change_is_counted_and_no_more(files: KeyFiles, tmp_path: Path) -> None:
    other = KeyFiles(tmp_path / "keys")
    assert files.changes() == 0
    await files.add(ACME, version(1))
    after = other.changes()
    await files.add(ACME, version(1))
    assert files.changes() == after > 0
    await other.shred(ACME, 1)
    assert files.changes() > after


@pytest.mark.parametrize("content", [b"", b"{", b'{"versions": 3}', b"\xff\xfe", b"\0" * 40])
async def test_a_damaged_file_is_named_and_does_not_hide_the_others(files: KeyFiles, tmp_path: Path, content: bytes) -> None:
    await files.add(OTHER, version(1))
    (tmp_path / "keys" / file_of(ACME)).write_bytes(content)
    with pytest.raises(KeyFileDamaged, match=f"{file_of(ACME)}: is damaged"):
        await files.load(ACME)
    with pytest.raises(KeyFileDamaged):
        await files.add(ACME, version(1))
    assert (tmp_path / "keys" / file_of(ACME)).read_bytes() == content
    assert set(await files.load_all()) == {OTHER}


def test_what_a_file_had_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"precious")
    with file.open("rb") as old:
        replace(file, b"new")
        assert (old.read(), file.read_bytes()) == (bytes(8), b"new")


async def test_a_full_disk_leaves_the_keys_as_they_are(files: KeyFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await files.add(ACME, version(1))
    before, changes, write = (tmp_path / "keys" / file_of(ACME)).read_bytes(), files.changes(), os.write
    room = [10]

    def filling(descriptor: int, content: bytes) -> int:
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[: room.pop()])

    replace_where(
        monkeypatch, os, "write", filling, lambda file, _: str(tmp_path) in str(Path(f"/proc/self/fd/{file}").readlink())
    )
    with pytest.raises(KeysNotWritten, match=f"{file_of(ACME)}.*No space left"):
        await files.add(ACME, version(2))
    assert ((tmp_path / "keys" / file_of(ACME)).read_bytes(), files.changes()) == (before, changes)
    room[:] = [10_000]
    await files.add(ACME, version(2))
    assert files.changes() > changes, "other processes notice, although not a byte is left"


async def test_a_folder_that_may_not_be_written_to_is_named(
    files: KeyFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.add(ACME, version(1))

    def refused(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    replace_where(monkeypatch, os, "open", refused, lambda path, *_, **__: str(path).startswith(str(tmp_path)))
    with pytest.raises(KeysNotWritten, match="Read-only file system"):
        await files.add(ACME, version(2))
    assert (await files.load(ACME)).current == 1


def test_what_somebody_left_under_the_name_of_a_draft_is_not_written_to(tmp_path: Path) -> None:
    elsewhere, file = tmp_path / "elsewhere", tmp_path / "a.json"
    elsewhere.write_bytes(b"of another")
    file.with_suffix(".new").symlink_to(elsewhere)
    replace(file, b"keys")
    assert (elsewhere.read_bytes(), file.read_bytes(), file.is_symlink()) == (b"of another", b"keys", False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def _add(folder: str, wrapped: bytes) -> None:
    asyncio.run(KeyFiles(Path(folder)).add(ACME, version(1, wrapped)))


async def test_two_processes_that_add_the_first_key_agree(tmp_path: Path) -> None:
    context, folder = multiprocessing.get_context("fork"), tmp_path / "keys"
    both = [context.Process(target=_add, args=(str(folder), bytes([number]) * 40)) for number in range(2)]
    for one in both:
        one.start()
    for one in both:
        await asyncio.to_thread(one.join)
    assert [one.exitcode for one in both] == [0, 0]
    [kept] = (await KeyFiles(folder).load(ACME)).versions
    assert kept.wrapped in (b"\0" * 40, b"\1" * 40)
