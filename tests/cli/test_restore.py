"""A backup elsewhere answers as the original did; whatever is wrong with it or the place is refused and changes nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.restore import RestoreRefused, restore_backup
from tests.cli.commands import answers, create_device, names_in, output, refusal
from tests.cli.planted import extra, planted
from tests.support.server import PENSTOCK, Org, clean_environment, run_cli, running_server


def test_a_restored_server_answers_like_the_original(filled: tuple[Path, Org], data_dir: Path, tmp_path: Path) -> None:
    org = filled[1]
    with running_server(data_dir, orgs=()) as server:
        before = answers(server, org)
        printed = output("backup", str(tmp_path / "b.tar.gz"), "--data-dir", str(data_dir))
    assert "600 readings" in printed
    shutil.rmtree(data_dir)
    printed = output("restore", str(tmp_path / "b.tar.gz"), "--data-dir", str(tmp_path / "elsewhere" / "new"))
    assert "600 readings, the last has seq 600" in printed
    assert not list(tmp_path.rglob("*.partial"))
    with running_server(tmp_path / "elsewhere" / "new", orgs=()) as server:
        assert answers(server, org) == before
        assert len(before) == 3 + 3 * 5
        with server.client(org) as api:
            device, token = create_device(api, "After")
        path, own = f"/api/v2/devices/{device}/telemetry", {"Authorization": f"Bearer {token}"}
        with server.client() as api:
            told = api.post(path, json={"data": {"n": 1}}, headers=own)
        assert told.status_code == 201, told.text
        with server.client(org) as api:
            assert api.get(f"/api/v2/devices/{device}/telemetry/latest").json()["data"]["seq"] == 601


def test_an_empty_directory_is_used(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    output("restore", str(archive), "--data-dir", str(tmp_path / "new"))
    assert {"penstock.db", "secret.key"} < names_in(tmp_path / "new")


@pytest.mark.parametrize("what", ["file", "hidden", "directory", "no directory"])
def test_a_place_that_is_taken_is_refused(archive: Path, tmp_path: Path, what: str) -> None:
    place = tmp_path / "new"
    if what == "no directory":
        place.write_text("precious")
    else:
        place.mkdir()
        (place / {"file": "notes.txt", "hidden": ".x", "directory": "telemetry"}[what]).mkdir()
    before = names_in(tmp_path)
    with pytest.raises(RestoreRefused, match="is not"):
        restore_backup(archive, place)
    assert names_in(tmp_path) == before
    assert not place.with_name("new.partial").exists()


def test_a_directory_with_data_is_refused_by_the_command(archive: Path, data_dir: Path) -> None:
    told = refusal(run_cli("restore", str(archive), "--data-dir", str(data_dir)))
    assert told == f"{data_dir} is not empty; restore to an empty or new directory"


def test_one_flipped_byte_is_refused(archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "b.tar").write_bytes(content)
    told = refusal(run_cli("restore", str(tmp_path / "b.tar"), "--data-dir", str(tmp_path / "new")))
    assert "is damaged" in told
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar"}


def test_a_disk_that_takes_no_more_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    command = [*PENSTOCK, "restore", str(archive), "--data-dir", str(tmp_path / "new")]
    limited = ["prlimit", f"--fsize={50_000}", *command]
    told = refusal(subprocess.run(limited, capture_output=True, text=True, check=False, env=clean_environment()))
    assert told == f"{tmp_path / 'new'} cannot be restored to: File too large"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_backup_is_named(tmp_path: Path) -> None:
    told = refusal(run_cli("restore", str(tmp_path / "b.tar"), "--data-dir", str(tmp_path / "new")))
    assert told == f"{tmp_path / 'b.tar'}: No such file or directory"


def test_a_planted_archive_is_refused_by_the_command(archive: Path, tmp_path: Path) -> None:
    bad = planted(archive, tmp_path / "bad.tar", lambda found: [extra("../evil"), *found])
    told = refusal(run_cli("restore", str(bad), "--data-dir", str(tmp_path / "deep" / "new")))
    assert "'../evil', which is not part of a backup" in told
    assert names_in(tmp_path) == {"bad.tar"}
