"""How far an import is, in a file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from penstock.cli.imports import state as module
from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.state import Progress, dedupe_of, state_of


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def test_a_state_is_found_again_by_the_file_the_server_and_the_device(home: Path) -> None:
    with state_of(home / "a.csv", "https://x", "own") as state:
        assert state.load() is None
        state.save(Progress("f", "d", place=7, row=2))
        found = state.load()
        assert found is not None
        assert (found.place, found.row, found.begun, found.is_late) == (7, 2, True, False)
    with state_of(home / "a.csv", "https://y", "own") as state:
        assert state.load() is None
    with state_of(home / "a.csv", "https://x", "own") as state:
        assert state.load() == found
    assert {path.suffix for path in (home / "state").rglob("*") if path.is_file()} == {".json", ".lock"}


def test_a_damaged_state_counts_as_none(home: Path) -> None:
    with state_of(home / "a.csv") as state:
        state.save(Progress("f", "d"))
        next((home / "state").rglob("*.json")).write_bytes(b"{")
        assert state.load() is None


def test_two_commands_do_not_import_one_file_at_once(home: Path) -> None:
    with (
        state_of(home / "a.csv", "https://x"),
        pytest.raises(ImportFailed, match="another command imports it"),
        state_of(home / "a.csv", "https://x"),
    ):
        pass
    with state_of(home / "a.csv", "https://x"):
        pass


def test_an_import_is_late_when_the_server_may_have_forgotten_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Progress("f", "d", saved_s=time.time())
    assert not found.is_late
    found.saved_s -= module.REMEMBERED_S + 60
    assert found.is_late
    found.done = True
    assert not found.is_late
    assert not Progress("f", "d").is_late


def test_keys_follow_from_the_file_and_can_be_made_others() -> None:
    assert dedupe_of("f") == dedupe_of("f") != dedupe_of("g")
    assert dedupe_of("f", "again") != dedupe_of("f")
