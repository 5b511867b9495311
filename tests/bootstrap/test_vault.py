"""Which master key the settings and the environment name, and what is refused in one line without showing it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from penstock.adapters.secrets.local_master import name_of
from penstock.adapters.storage.master_file import MasterFile
from penstock.bootstrap.vault import build_master
from penstock.core.vault.config import MASTER_VARIABLE, PREVIOUS_VARIABLE, TOKEN_VARIABLE, VaultConfig
from penstock.core.vault.errors import MasterKeyUnreachable, VaultMisconfigured
from penstock.core.vault.ports import MasterKey
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings
from tests.support.transit import TOKEN, fake_transit
from tests.support.vaults import open_vault

KEY, OTHER = bytes(range(200, 232)), bytes(range(32))


def config(**settings: str) -> VaultConfig:
    return load_settings(environment={f"PENSTOCK_VAULT_{name.upper()}": value for name, value in settings.items()}).vault


def master(folder: Path, variables: dict[str, str], **settings: str) -> MasterKey:
    return build_master(folder, config(**settings), SystemClock(), variables)


@pytest.mark.parametrize(
    "text",
    [
        KEY.hex(),
        KEY.hex().upper(),
        base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.b64encode(KEY).decode().rstrip("="),
        f" {KEY.hex()}\n",
    ],
)
def test_a_key_of_the_environment_in_any_usual_form(tmp_path: Path, text: str) -> None:
    found = master(tmp_path, {MASTER_VARIABLE: text}, master="env")
    assert (found.kind, found.name) == ("env", name_of(KEY))
    assert not MasterFile(tmp_path).exists


@pytest.mark.parametrize(
    "text", ["short", KEY.hex()[:-1], KEY.hex() + "00", "é" * 44, "*" * 44, base64.b64encode(KEY[:-1]).decode()]
)
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(VaultMisconfigured, match=f"{MASTER_VARIABLE} must be 32 bytes") as caught:
        master(tmp_path, {MASTER_VARIABLE: text}, master="env")
    assert text not in caught.value.detail


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(VaultMisconfigured, match=f'vault.master is "env", but {MASTER_VARIABLE} is missing'):
        master(tmp_path, {}, master="env")
    with pytest.raises(VaultMisconfigured, match=f"{PREVIOUS_VARIABLE} is set without"):
        master(tmp_path, {PREVIOUS_VARIABLE: KEY.hex()}, master="env")
    with pytest.raises(VaultMisconfigured, match=f"{PREVIOUS_VARIABLE} is set without"):
        master(tmp_path, {PREVIOUS_VARIABLE: KEY.hex(), MASTER_VARIABLE: ""}, master="env")
    with pytest.raises(VaultMisconfigured, match=r"vault.transit.url is missing"):
        master(tmp_path, {}, master="transit")


def test_the_variables_are_no_settings() -> None:
    load_settings(environment={MASTER_VARIABLE: KEY.hex(), PREVIOUS_VARIABLE: KEY.hex(), TOKEN_VARIABLE: TOKEN})


async def test_the_previous_key_of_the_environment_still_unwraps(tmp_path: Path) -> None:
    before = await master(tmp_path, {MASTER_VARIABLE: OTHER.hex()}, master="env").wrap(bytearray(32), "org 1")
    found = master(tmp_path, {MASTER_VARIABLE: KEY.hex(), PREVIOUS_VARIABLE: OTHER.hex()}, master="env")
    assert found.name == name_of(KEY)
    assert await found.unwrap(before.wrapped, before.master, "org 1") == bytes(32)


async def test_keys_move_from_the_file_to_transit_and_the_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_vault(tmp_path / "data") as opened:
        await opened.put(opened.acme, 1, b"seed")
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    with fake_transit() as engine:
        moved = {"PENSTOCK_VAULT_MASTER": "transit", "PENSTOCK_VAULT_TRANSIT_URL": engine.url}
        async with open_vault(tmp_path / "data", environment=moved) as opened:
            await opened.keyring.check()
            await opened.settle()
            await opened.keyring.master.forget()
        assert not MasterFile(tmp_path / "data" / "keys").exists
        async with open_vault(tmp_path / "data", environment=moved) as opened:
            assert opened.keyring.master.kind == "transit"
            assert await opened.read(opened.acme, 1) == b"seed"


async def test_the_token_is_read_for_each_request(tmp_path: Path) -> None:
    file = tmp_path / "token"
    with fake_transit() as engine:
        found = master(tmp_path, {}, master="transit", transit_url=engine.url, transit_token_file=str(file))
        try:
            with pytest.raises(MasterKeyUnreachable, match=r"vault.transit.token_file .* cannot be read"):
                await found.check()
            file.write_text("wrong")
            with pytest.raises(MasterKeyUnreachable, match="403"):
                await found.check()
            file.write_text(f"{TOKEN}\n")
            await found.check()
        finally:
            await found.close()
