"""A server's memory goes to no file, and no secret that was read stays in it."""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import start_server
from tests.support.vaults import open_vault, shown_in

READER = """
import asyncio, sys
from pathlib import Path
from penstock.core.vault.keyring import wiped
from penstock.core.vault.models import Owner
from penstock.core.vault.totp import code_at
from tests.support.vaults import open_vault

async def main() -> None:
    async with open_vault(Path(sys.argv[1])) as opened:
        for number in range(300):
            found = await opened.vault.read(opened.acme, Owner("test", 1))
            with wiped(found["seed"]) as seed:
                code_at(seed, number)
        del found
        print("read", flush=True)
        sys.stdin.readline()
        kept = bytes((await opened.vault.read(opened.acme, Owner("test", 1)))["seed"]).hex()
        print("kept", flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


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


async def test_a_seed_that_was_read_is_not_left_in_memory(tmp_path: Path) -> None:
    seed = secrets.token_bytes(20)
    async with open_vault(tmp_path / "data") as opened:
        await opened.put(opened.acme, 1, seed)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": "."},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        found = {}
        try:
            for phase in ("read", "kept"):
                while await asyncio.to_thread(process.stdout.readline) != f"{phase}\n":
                    assert process.poll() is None
                content = memory_of(process.pid)
                assert len(content) > 1_000_000
                found[phase] = shown_in(content, [seed])
                process.stdin.write("\n")
                process.stdin.flush()
        except PermissionError:
            pytest.skip("this system does not allow reading the memory of another process")
        finally:
            process.stdin.close()
    assert found["read"] == []
    assert found["kept"], "the search finds nothing"


def test_a_server_that_aborts_leaves_no_core_file(tmp_path: Path) -> None:
    server = start_server(tmp_path / "data")
    try:
        limits = Path(f"/proc/{server.process.pid}/limits").read_text()
        [line] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4] == "0"
        server.process.send_signal(signal.SIGABRT)
        assert server.process.wait() == -signal.SIGABRT
    finally:
        assert server.process.stdout is not None
        server.process.stdout.close()
    assert [path for path in (*tmp_path.rglob("*core*"), *Path.cwd().glob("core*")) if path.is_file()] == []


def test_a_process_that_forbids_dumps_is_not_dumpable() -> None:
    program = (
        "from penstock.bootstrap.core_dumps import forbid_core_dumps as f; f(); import ctypes; print(ctypes.CDLL(None).prctl(3))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    assert ctypes.CDLL(None).prctl(3) == 1
