"""What commands share: settings in layers, and a folder that is looked at and not made."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDirUnusable
from penstock.cli.options import check_data_dir, settings_for


def test_settings_come_from_the_named_file_or_the_one_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PENSTOCK_HTTP_PORT", raising=False)
    default = settings_for(tmp_path, None).http.port
    (tmp_path / "penstock.toml").write_text("[http]\nport = 9001\n")
    (tmp_path / "mine.toml").write_text("[http]\nport = 9002\n")
    assert settings_for(tmp_path, None).http.port == 9001 != default
    assert settings_for(tmp_path, tmp_path / "mine.toml").http.port == 9002
    monkeypatch.setenv("PENSTOCK_HTTP_PORT", "9003")
    assert settings_for(tmp_path, None).http.port == 9003
    assert settings_for(tmp_path, None, {"http.port": 9004}).http.port == 9004


def test_a_folder_without_data_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, reason in (
        (tmp_path / "none", "does not exist"),
        (tmp_path / "file", "is not a directory"),
        (tmp_path, r"has no penstock\.db"),
    ):
        with pytest.raises(DataDirUnusable, match=reason):
            check_data_dir(path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    (tmp_path / "penstock.db").write_bytes(b"")
    check_data_dir(tmp_path)
