"""`penstock vault` beside a running server, and what a server says that cannot open its vault."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from penstock.adapters.storage.master_file import MasterFile
from tests.cli.commands import output, refusal
from tests.support.server import run_cli, running_server
from tests.support.transit import SEALED, TOKEN, fake_transit
from tests.support.vaults import open_vault
from tests.support.waiting import eventually

SEED = b"GEZDGNBVGY3TQOJQ"


async def put(folder: Path, number: int = 1, environment: dict[str, str] | None = None) -> None:
    async with open_vault(folder, environment=environment) as opened:
        await opened.put(opened.acme, number, SEED)


async def read(folder: Path, number: int = 1, environment: dict[str, str] | None = None) -> bytes:
    async with open_vault(folder, environment=environment) as opened:
        return await opened.read(opened.acme, number)


def status(data_dir: Path, environment: dict[str, str | None] | None = None) -> dict[str, object]:
    done = run_cli("vault", "status", "--data-dir", str(data_dir), "--json", environment=environment)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_master_key_is_rotated_under_a_running_server(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    asyncio.run(put(data_dir))
    with running_server(data_dir, orgs=()) as server:
        before = status(data_dir)
        assert (before["master"], before["organizations"], before["stale_keys"], before["stale_values"]) == ("file", 1, 0, 0)
        printed = output("vault", "rotate-master", "--data-dir", str(data_dir))
        assert "penstock vault status shows" in printed
        assert eventually(lambda: status(data_dir)["stale_keys"] == 0)
        assert status(data_dir)["master_key"] != before["master_key"]
        assert "nothing needs an old master key" in output("vault", "status", "--data-dir", str(data_dir))
        output("vault", "forget-master", "--data-dir", str(data_dir))
        assert len(MasterFile(data_dir / "keys").read()) == 1
        assert server.stop() == 0
    assert asyncio.run(read(data_dir)) == SEED


def test_an_old_master_key_that_is_needed_stays(tmp_path: Path) -> None:
    asyncio.run(put(tmp_path / "data"))
    output("vault", "rotate-master", "--data-dir", str(tmp_path / "data"))
    told = refusal(run_cli("vault", "forget-master", "--data-dir", str(tmp_path / "data")))
    assert told.startswith("1 keys of organisations are still encrypted with an old master key")
    assert "1 are encrypted with an old master key" in output("vault", "status", "--data-dir", str(tmp_path / "data"))
    assert len(MasterFile(tmp_path / "data" / "keys").read()) == 2


def test_keys_are_destroyed_only_by_name(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    asyncio.run(put(data_dir))
    told = refusal(run_cli("vault", "shred", "--data-dir", str(data_dir), "--org", "Acme", "--confirm", "acme"))
    assert told.startswith("organization_name must be")
    told = refusal(run_cli("vault", "shred", "--data-dir", str(data_dir), "--org", "Nobody", "--confirm", "Nobody"))
    assert "Nobody" in told
    assert asyncio.run(read(data_dir)) == SEED
    printed = output("vault", "shred", "--data-dir", str(data_dir), "--org", "Acme", "--confirm", "Acme")
    assert printed.startswith("Acme: versions up to 1 of its key are destroyed")
    with pytest.raises(Exception, match="was destroyed"):
        asyncio.run(read(data_dir))


def serve(data_dir: Path, environment: dict[str, str | None] | None = None, command: str = "serve") -> str:
    args = ["serve", "--http", "127.0.0.1:0"] if command == "serve" else ["vault", "status"]
    return refusal(run_cli(*args, "--data-dir", str(data_dir), environment=environment))


@pytest.mark.parametrize("command", ["serve", "vault"])
def test_a_missing_or_wrong_master_key_is_one_line(tmp_path: Path, command: str) -> None:
    data_dir = tmp_path / "data"
    asyncio.run(put(data_dir))
    file = data_dir / "keys" / "master.key"
    kept = file.rename(tmp_path / "kept")
    assert "keys/master.key is missing; without it, nothing in the vault can be decrypted" in serve(data_dir, command=command)
    MasterFile(tmp_path / "other").read_or_create()
    file.write_bytes((tmp_path / "other" / "master.key").read_bytes())
    assert "is not the one that its keys are encrypted with: they need local-" in serve(data_dir, command=command)
    file.write_text("zz")
    assert "keys/master.key is damaged" in serve(data_dir, command=command)
    kept.rename(file)
    env: dict[str, str | None] = {"PENSTOCK_VAULT_MASTER": "env"}
    assert "PENSTOCK_VAULT_MASTER_KEY is missing" in serve(data_dir, env, command)
    file.unlink()
    told = serve(data_dir, env | {"PENSTOCK_VAULT_MASTER_KEY": "ab" * 32}, command)
    assert "they need local-" in told
    assert "abab" not in told


def test_transit_is_used_and_its_failures_are_one_line(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    asyncio.run(put(data_dir, 2))
    with fake_transit() as engine:
        env: dict[str, str | None] = {
            "PENSTOCK_VAULT_MASTER": "transit",
            "PENSTOCK_VAULT_TRANSIT_URL": engine.url,
            "PENSTOCK_VAULT_TRANSIT_TOKEN": TOKEN,
        }
        with running_server(data_dir, orgs=(), environment={name: str(value) for name, value in env.items()}) as server:
            assert eventually(lambda: status(data_dir, env)["stale_keys"] == 0)
            output_of = run_cli("vault", "rotate-master", "--data-dir", str(data_dir), environment=env)
            assert output_of.returncode == 0, output_of.stderr
            assert "transit:transit/penstock:v2" in output_of.stdout
            assert server.stop() == 0
        engine.fails = (503, SEALED)
        assert "answered 503 for transit:transit/penstock: it is sealed" in serve(data_dir, env)
        assert "answered 503" in serve(data_dir, env, "vault")
        engine.fails = None
        assert "answered 403" in serve(data_dir, env | {"PENSTOCK_VAULT_TRANSIT_TOKEN": "wrong"})
    assert "cannot be connected to" in serve(data_dir, env)
