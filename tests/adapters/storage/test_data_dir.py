"""The data directory: for one server at a time, with a secret that is made once and never made anew for a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import PEPPER_FILE, DataDir, DataDirInUse, DataDirUnusable


def test_it_is_made_private_with_all_above_it(tmp_path: Path) -> None:
    made = DataDir(tmp_path / "deep" / "data")
    assert made.path.stat().st_mode & 0o777 == 0o700
    DataDir(made.path)


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataDirUnusable, match="is not a directory"):
        DataDir(tmp_path / "data")
    with pytest.raises(DataDirUnusable, match="Not a directory"):
        DataDir(tmp_path / "data" / "deeper")


def test_a_lock_is_for_one_and_ends_with_its_holder(tmp_path: Path) -> None:
    first, second = DataDir(tmp_path), DataDir(tmp_path)
    for _ in range(2):
        with first.locked(), pytest.raises(DataDirInUse), second.locked():
            raise AssertionError("two servers on one directory")
    with second.locked():
        pass


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = DataDir(tmp_path).pepper()
    assert DataDir(tmp_path).pepper().digest(b"key") == first.digest(b"key")
    assert (tmp_path / PEPPER_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [PEPPER_FILE], "nothing else is left behind"
    assert DataDir(tmp_path / "other").pepper().digest(b"key") != first.digest(b"key")


def test_a_database_without_its_secret_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "penstock.db").write_bytes(b"")
    with pytest.raises(DataDirUnusable, match=r"secret\.key is missing"):
        DataDir(tmp_path).pepper()
    assert not (tmp_path / PEPPER_FILE).exists()


def flip(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


@pytest.mark.parametrize("spoil", [flip, lambda text: text[:-2], lambda text: text.split()[0], lambda _: "", lambda _: "é\n"])
def test_one_wrong_character_is_damage(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    DataDir(tmp_path).pepper()
    path = tmp_path / PEPPER_FILE
    path.write_text(spoil(path.read_text("ascii")), "utf-8")
    with pytest.raises(DataDirUnusable, match="is damaged"):
        DataDir(tmp_path).pepper()
