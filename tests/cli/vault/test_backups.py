"""Backups and the vault: no secret in the archive, readable with the keys beside it, and never again after a destruction."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from pathlib import Path

import pytest

from penstock.core.vault.errors import KeysMissing, SecretShredded
from tests.cli.commands import output, refusal
from tests.support.server import run_cli
from tests.support.vaults import open_vault, shown_in

SEEDS = [b"GEZDGNBVGY3TQOJQ%04d" % number for number in range(3)]


async def put(folder: Path, numbers: range) -> None:
    async with open_vault(folder) as opened:
        for number in numbers:
            await opened.put(opened.acme, number, SEEDS[number])


async def read(folder: Path, number: int) -> bytes:
    async with open_vault(folder) as opened:
        return await opened.read(opened.acme, number)


async def rotate(folder: Path) -> None:
    async with open_vault(folder) as opened:
        await opened.keyring.rotate(opened.acme)
        await opened.settle()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    asyncio.run(put(tmp_path / "data", range(2)))
    return tmp_path / "data"


def backup(data_dir: Path, file: Path) -> Path:
    output("backup", str(file), "--data-dir", str(data_dir))
    [keys] = file.parent.glob("vault-*.keys")
    return keys


def restore(file: Path, place: Path, *args: str) -> str:
    return output("restore", str(file), "--data-dir", str(place), *args)


def test_an_archive_has_no_secret_and_no_key(data_dir: Path, tmp_path: Path) -> None:
    keys = backup(data_dir, tmp_path / "b.tar.gz")
    master = bytes.fromhex((data_dir / "keys" / "master.key").read_text().split()[0])
    content = gzip.decompress((tmp_path / "b.tar.gz").read_bytes())
    assert shown_in(content, [*SEEDS[:2], master]) == []
    assert shown_in(keys.read_bytes(), SEEDS) == []
    assert shown_in(keys.read_bytes(), [master]) != []
    assert b"local-" not in content


def test_it_opens_with_the_keys_beside_it_and_not_without(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "b.tar"
    file.parent.mkdir()
    keys = backup(data_dir, file)
    assert "the vault's keys are restored" in restore(file, tmp_path / "one")
    assert asyncio.run(read(tmp_path / "one", 0)) == SEEDS[0]
    elsewhere = keys.rename(tmp_path / "usb.keys")
    told = refusal(run_cli("restore", str(file), "--data-dir", str(tmp_path / "two")))
    assert told == f"{keys} is missing, without which no secret can be read; see --keys and --without-keys"
    assert not (tmp_path / "two").exists()
    restore(file, tmp_path / "two", "--keys", str(elsewhere))
    assert asyncio.run(read(tmp_path / "two", 1)) == SEEDS[1]
    assert "restored without the vault's keys" in restore(file, tmp_path / "three", "--without-keys")
    with pytest.raises(KeysMissing):
        asyncio.run(read(tmp_path / "three", 0))
    asyncio.run(put(tmp_path / "three", range(2, 3)))
    assert asyncio.run(read(tmp_path / "three", 2)) == SEEDS[2]


def test_the_newest_keys_open_older_backups(data_dir: Path, tmp_path: Path) -> None:
    backup(data_dir, tmp_path / "old.tar")
    asyncio.run(rotate(data_dir))
    asyncio.run(put(data_dir, range(2, 3)))
    backup(data_dir, tmp_path / "new.tar")
    for name, number in (("old", 0), ("new", 0), ("new", 2)):
        shutil.rmtree(tmp_path / "place", ignore_errors=True)
        restore(tmp_path / f"{name}.tar", tmp_path / "place")
        assert asyncio.run(read(tmp_path / "place", number)) == SEEDS[number]


def test_after_a_destruction_no_backup_opens(data_dir: Path, tmp_path: Path) -> None:
    keys = backup(data_dir, tmp_path / "old.tar")
    output("vault", "shred", "--data-dir", str(data_dir), "--org", "Acme", "--confirm", "Acme")
    asyncio.run(put(data_dir, range(2, 3)))
    assert backup(data_dir, tmp_path / "new.tar") == keys
    for name in ("old", "new"):
        restore(tmp_path / f"{name}.tar", tmp_path / name)
        with pytest.raises(SecretShredded):
            asyncio.run(read(tmp_path / name, 0))
    assert asyncio.run(read(tmp_path / "new", 2)) == SEEDS[2]


def test_keys_that_do_not_fit_are_refused(data_dir: Path, tmp_path: Path) -> None:
    keys = backup(data_dir, tmp_path / "old.tar").rename(tmp_path / "old.keys")
    asyncio.run(rotate(data_dir))
    backup(data_dir, tmp_path / "new.tar")
    asyncio.run(put(tmp_path / "strange" / "data", range(1)))
    strange = backup(tmp_path / "strange" / "data", tmp_path / "strange" / "b.tar")
    for given, reason in ((keys, "is older than the backup"), (strange, "has the keys of another server")):
        told = refusal(run_cli("restore", str(tmp_path / "new.tar"), "--data-dir", str(tmp_path / "x"), "--keys", str(given)))
        assert told.startswith(f"{given} {reason}")
    assert not (tmp_path / "x").exists()


def test_a_server_that_lost_its_keys_does_not_overwrite_the_kept_ones(data_dir: Path, tmp_path: Path) -> None:
    keys = backup(data_dir, tmp_path / "b.tar")
    before = keys.read_bytes()
    restore(tmp_path / "b.tar", tmp_path / "lost", "--without-keys")
    asyncio.run(put(tmp_path / "lost", range(2, 3)))
    told = refusal(run_cli("backup", str(tmp_path / "again.tar"), "--data-dir", str(tmp_path / "lost")))
    assert "has keys that this server lacks" in told
    assert (keys.read_bytes(), (tmp_path / "again.tar").exists()) == (before, False)
