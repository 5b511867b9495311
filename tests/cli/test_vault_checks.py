"""What `penstock doctor` says about the vault; it changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.cli.vault_checks import vault_state
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings
from tests.cli.commands import names_in
from tests.support.vaults import open_vault


def state(folder: Path, **environment: str) -> tuple[bool, str]:
    return vault_state(folder, load_settings(environment=environment).vault, SystemClock(), in_use=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    async def fill() -> None:
        async with open_vault(tmp_path / "data") as opened:
            await opened.put(opened.acme, 1, b"seed")

    asyncio.run(fill())
    return tmp_path / "data"


def test_a_sound_vault(folder: Path) -> None:
    before = names_in(folder)
    assert state(folder) == (True, "the master key (file) opens the keys of 1 organisations")
    assert names_in(folder) == before


def test_a_new_directory_has_nothing_to_check(tmp_path: Path) -> None:
    assert state(tmp_path) == (True, "nothing is encrypted yet; the first start creates the master key")
    assert list(tmp_path.iterdir()) == []


def lose_master(keys: Path) -> None:
    (keys / "master.key").unlink()


def lose_keys(keys: Path) -> None:
    next(keys.glob("*.json")).unlink()


def damage(keys: Path) -> None:
    next(keys.glob("*.json")).write_text("{")


def open_keys(keys: Path) -> None:
    next(keys.glob("*.json")).chmod(0o640)


def open_to_all(keys: Path) -> None:
    (keys / "master.key").chmod(0o644)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lose_master, "keys/master.key is missing"),
        (lose_keys, "the keys of 1 organisations are missing"),
        (damage, "is damaged; restore it"),
        (open_to_all, "other users can read the vault's keys: chmod 600"),
        (open_keys, "other users can read the vault's keys: chmod 600"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, harm: Callable[[Path], None], told: str) -> None:
    harm(folder / "keys")
    fine, detail = state(folder)
    assert not fine
    assert told in detail


def test_a_setting_that_cannot_be_used_is_named(folder: Path) -> None:
    assert state(folder, PENSTOCK_VAULT_MASTER="transit") == (
        False,
        'the vault cannot be opened: vault.master is "transit", but vault.transit.url is missing',
    )


def test_a_damaged_database_is_another_checks(folder: Path) -> None:
    (folder / "penstock.db").write_bytes(b"no database")
    assert state(folder)[0]
