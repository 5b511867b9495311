"""A server's memory goes to no file, and no secret that was read stays in it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import secrets
import signal
import subprocess
import sys
from pathlib import Path

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.core.actor import Actor
from penstock.core.tokens.models import NewToken, Token
from penstock.kit.ids import OrgId, Prefix, decode, encode
from penstock.settings import load_settings
from tests.support.server import Org, bootstrap_org, start_server
from tests.support.vaults import shown_in


def memory_of(pid: int) -> bytes:
    """All memory of a process that it can write to."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights, *_ = line.split()
            if rights.startswith("rw") and "[v" not in line:
                first, last = (int(part, 16) for part in place.split("-"))
                memory.seek(first)
                try:
                    found.append(memory.read(last - first))
                except OSError:
                    continue
    return b"".join(found)


def stored_token(data_dir: Path, org: Org, seed: bytes) -> str:
    """The path of a token that was stored before the server starts."""

    async def store() -> Token:
        org_id = decode(Prefix.ORGANIZATION, org.organization_id)
        assert org_id is not None
        async with open_server(DataDir(data_dir), load_settings(environment={}), run_workers=False) as server:
            return await server.parts.tokens.service.create(Actor.system(OrgId(org_id)), NewToken(name="aws", seed=seed))

    return f"/api/v2/tokens/{encode(Prefix.TOKEN, asyncio.run(store()).id)}"


def test_a_server_leaves_a_seed_neither_in_memory_nor_in_a_core_file(tmp_path: Path) -> None:
    seed, org = secrets.token_bytes(20), bootstrap_org(tmp_path / "data")
    path = stored_token(tmp_path / "data", org, seed)
    server = start_server(tmp_path / "data")
    try:
        limits = Path(f"/proc/{server.process.pid}/limits").read_text()
        [line] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4] == "0"
        with server.client(org) as client:
            assert {client.get(f"{path}/code").status_code for _ in range(100)} == {200}
            with contextlib.suppress(PermissionError):  # of a system where no process reads another's memory
                content = memory_of(server.process.pid)
                assert len(content) > 1_000_000
                assert shown_in(content, [seed]) == []
                client.get(f"{path}/seed")
                assert shown_in(memory_of(server.process.pid), [seed]), "the search finds nothing"
        server.process.send_signal(signal.SIGABRT)
        assert server.process.wait() == -signal.SIGABRT
    finally:
        if server.process.poll() is None:
            server.process.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()
    files = [path for path in (*tmp_path.rglob("*"), *Path.cwd().glob("core*")) if path.is_file()]
    assert [path for path in files if "core" in path.name or shown_in(path.read_bytes(), [seed])] == []


def test_a_process_that_forbids_dumps_is_not_dumpable() -> None:
    program = (
        "from penstock.bootstrap.core_dumps import forbid_core_dumps as f; f(); import ctypes; print(ctypes.CDLL(None).prctl(3))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    assert ctypes.CDLL(None).prctl(3) == 1
