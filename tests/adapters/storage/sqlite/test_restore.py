"""Restoring as a function: whatever is wrong with a backup is found before anything is put in its place."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.restore import BackupUnusable, RestoreRefused, restore_backup
from penstock.kit.errors import PenstockError
from tests.cli.commands import names_in
from tests.cli.planted import Members, extra, planted


def test_restored_files_are_private(archive: Path, tmp_path: Path) -> None:
    restore_backup(archive, tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "new").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_another_restore_left_is_not_touched(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "new.partial").mkdir()
    (tmp_path / "new.partial" / "penstock.db").write_text("half")
    with pytest.raises(RestoreRefused, match=r"new\.partial exists"):
        restore_backup(archive, tmp_path / "new")
    assert names_in(tmp_path) == {"new.partial/penstock.db"}
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("packed", [False, True])
def test_damage_anywhere_is_refused_or_harmless(archive: Path, tmp_path: Path, packed: bool) -> None:
    whole = archive
    if packed:
        whole = tmp_path / "whole.tar.gz"
        with whole.open("wb") as out, tarfile.open(fileobj=out, mode="w:gz") as target, tarfile.open(archive) as source:
            for entry in source:
                target.addfile(entry, source.extractfile(entry))
    restore_backup(whole, tmp_path / "good")
    good = {path: path.read_bytes() for path in (tmp_path / "good").rglob("*") if path.is_file()}
    content = whole.read_bytes()
    refused = harmless = 0
    for number in range(60):
        at = (number * 2_654_435_761) % len(content)
        for bad in (content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :], content[:at]):
            (tmp_path / "bad").write_bytes(bad)
            try:
                restore_backup(tmp_path / "bad", tmp_path / "new")
            except PenstockError:
                refused += 1
                assert not (tmp_path / "new").exists()
            else:
                harmless += 1
                for path, expected in good.items():
                    assert (tmp_path / "new" / path.relative_to(tmp_path / "good")).read_bytes() == expected
                shutil.rmtree(tmp_path / "new")
            assert not (tmp_path / "new.partial").exists()
    assert refused > 100, "tar's padding is the only place where damage does no harm"
    assert refused + harmless == 120


@pytest.mark.parametrize("content", [b"", b"no backup", b"\x1f\x8b no gzip", b"x" * 20_000])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(BackupUnusable, match=r"b\.tar cannot be restored: "):
        restore_backup(tmp_path / "b.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def with_manifest(members: Members, **changes: object) -> Members:
    entry, content = members[-1]
    content = json.dumps(json.loads(content) | changes).encode()
    entry.size = len(content)
    return [*members[:-1], (entry, content)]


PLANTED: dict[str, tuple[Callable[[Members], Members], str]] = {
    "path upwards": (lambda found: [extra("../evil"), *found], "not part of a backup"),
    "path upwards in telemetry": (lambda found: [extra("telemetry/../../evil.db"), *found], "not part of a backup"),
    "absolute path": (lambda found: [extra("/tmp/evil"), *found], "not part of a backup"),
    "other file": (lambda found: [extra("authorized_keys"), *found], "not part of a backup"),
    "a day with more": (lambda found: [extra("telemetry/2026-01-01.db\n"), *found], "not part of a backup"),
    "symbolic link": (lambda found: [extra("secret.key", kind=tarfile.SYMTYPE, link="/etc/shadow"), *found], "regular file"),
    "hard link": (lambda found: [extra("penstock.toml", kind=tarfile.LNKTYPE, link="secret.key"), *found], "regular file"),
    "directory": (lambda found: [extra("penstock.toml", kind=tarfile.DIRTYPE), *found], "regular file"),
    "device": (lambda found: [extra("penstock.toml", kind=tarfile.CHRTYPE), *found], "regular file"),
    "twice": (lambda found: [found[0], *found], "must not be repeated"),
    "not in the manifest": (lambda found: [extra("penstock.toml"), *found], "not in its manifest"),
    "no manifest": (lambda found: found[:-1], "no manifest"),
    "no secret": (lambda found: [one for one in found if one[0].name != "secret.key"], "secret.key is missing"),
    "no segment": (lambda found: found[1:], "is missing"),
    "newer format": (lambda found: with_manifest(found, format=2), "format 2, but this program supports up to 1"),
    "damaged manifest": (lambda found: with_manifest(found, files="none"), "manifest is damaged"),
    "newer schema": (
        lambda found: with_manifest(found, schema_versions={"control": 99, "segment": 1}),
        "newer schema than this program",
    ),
    "newer segments": (
        lambda found: with_manifest(found, schema_versions={"control": 1, "segment": 99}),
        "schema 99",
    ),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_archive_is_refused(archive: Path, tmp_path: Path, case: str) -> None:
    change, reason = PLANTED[case]
    bad = planted(archive, tmp_path / "bad.tar", change)
    with pytest.raises(PenstockError, match=reason):
        restore_backup(bad, tmp_path / "new")
    assert {path.name for path in tmp_path.iterdir()} == {"bad.tar"}


def database(tmp_path: Path, statement: str) -> bytes:
    with closing(sqlite3.connect(tmp_path / "made.db")) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute(statement)
        connection.commit()
    content = (tmp_path / "made.db").read_bytes()
    (tmp_path / "made.db").unlink()
    return content


def replaced(members: Members, name: str, content: bytes) -> Members:
    """Another content for a file, with a manifest that says so: damage from before the backup, or a planted file."""
    manifest = json.loads(members[-1][1])
    for entry in manifest["files"]:
        if entry["name"] == name:
            entry |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    kept = [extra(name, content) if one[0].name == name else one for one in members]
    return with_manifest(kept, files=manifest["files"])


def test_a_database_that_sqlite_finds_damaged_is_refused(archive: Path, tmp_path: Path) -> None:
    def damaged(members: Members) -> Members:
        content = bytearray(next(content for entry, content in members if entry.name == "penstock.db"))
        content[4096:8192] = bytes(4096)
        return replaced(members, "penstock.db", bytes(content))

    with pytest.raises(BackupUnusable, match=r"penstock\.db is damaged"):
        restore_backup(planted(archive, tmp_path / "bad.tar", damaged), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["penstock.db", "segment"])
def test_a_newer_schema_in_a_file_is_refused_whatever_the_manifest_says(archive: Path, tmp_path: Path, name: str) -> None:
    content = database(tmp_path, "PRAGMA user_version = 99")

    def newer(members: Members) -> Members:
        return replaced(members, members[0][0].name if name == "segment" else name, content)

    with pytest.raises(PenstockError, match=r"newer schema|schema 99"):
        restore_backup(planted(archive, tmp_path / "bad.tar", newer), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_damaged_secret_is_refused(archive: Path, tmp_path: Path) -> None:
    bad = planted(archive, tmp_path / "bad.tar", lambda found: replaced(found, "secret.key", b"zz\n"))
    with pytest.raises(BackupUnusable, match=r"secret\.key in it is damaged"):
        restore_backup(bad, tmp_path / "new")
