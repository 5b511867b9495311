"""The limits of the figures: the same front door with a minimal application, and SQLite without a server.

`python -m bench.limits` runs the front door in its own process, as the server runs in one. It is not meant for users.
"""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from litestar import Litestar, get

from bench.machine import SERVER_CORE, on_core
from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.server import serve
from penstock.core.vault.totp import code_at

CHECKPOINT_PAGES = 4_000
READINGS = """CREATE TABLE readings (seq INTEGER PRIMARY KEY, org_id INTEGER NOT NULL, device_id INTEGER NOT NULL,
    time_us INTEGER NOT NULL, delay_us INTEGER NOT NULL, flags INTEGER NOT NULL, kind TEXT, channel TEXT, dedupe BLOB,
    payload BLOB NOT NULL)"""
COLUMNS = 10

App = Callable[[Any, Any, Any], Awaitable[None]]


class Constant(msgspec.Struct):
    """The response of the framework's handler: as many fields as the latest reading has."""

    id: str = "tel_000000000001k"
    seq: int = 51
    device_id: str = "dev_0c2k9fq7w3m1x"
    time: str = "2026-05-02T09:15:04.123456Z"
    received_at: str = "2026-05-02T09:15:04.123456Z"
    kind: str = "telemetry"
    channel: str | None = None
    backfill: bool = False
    data: msgspec.Raw = msgspec.Raw(b'{"temperature":21.53,"humidity":40.2,"battery_v":3.61}')


class Code(msgspec.Struct):
    """The code of a token."""

    code: str
    expires_in: int
    period: int


class Answer(msgspec.Struct):
    """The constant in its envelope."""

    data: Constant


def bare(size: int) -> App:
    """An ASGI application that reads the body of a request and responds with JSON of a given size."""
    body = b'{"ok":"' + b"x" * (size - 9) + b'"}'

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        kind = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{kind}.complete"})
        if kind == "shutdown":
            return


def framework() -> Litestar:
    """Typed handlers: one that returns a constant, and one that decrypts a seed and computes its code."""
    constant = Answer(Constant())
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    encrypted = AESGCM(key).encrypt(nonce, b"12345678901234567890", b"a token")

    @get("/api/v2/devices/{device_id:str}/telemetry/latest")
    async def latest(device_id: str) -> Answer:
        return constant

    @get("/v1/tokens/{name:str}/code")
    async def code(name: str) -> Code:
        now_s = time.time_ns() // 1_000_000_000
        seed = AESGCM(key).decrypt(nonce, encrypted, b"a token")
        return Code(code_at(seed, now_s // 30), 30 - now_s % 30, 30)

    @get("/health")
    async def health() -> dict[str, str]:
        return {}

    return Litestar([latest, code, health], openapi_config=None, logging_config=None, debug=False)


@contextmanager
def front_door(kind: str, size: int = 0, *, pinned: bool) -> Iterator[tuple[int, int]]:
    """A process with the front door and `bare` or `framework` behind it. Yields its port and its process id."""
    with on_core(SERVER_CORE if pinned else None):
        process = subprocess.Popen([sys.executable, "-m", "bench.limits", kind, str(size)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().rpartition(":")[2]), process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)
        assert process.stdout is not None
        process.stdout.close()


def raw_append(path: Path, rows: list[tuple[Any, ...]], seconds: float) -> float:
    """Rows per second that SQLite appends: one statement and one commit for all of `rows`, repeatedly.

    The schema is the log's without indexes; each commit waits for the disk.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(READINGS)
    row = f"({', '.join('?' * COLUMNS)})"
    statement = f"INSERT INTO readings VALUES {', '.join([row] * len(rows))}"
    params = [value for row_ in rows for value in row_]
    commits = 0
    begun = time.perf_counter()
    while (took_s := time.perf_counter() - begun) < seconds:
        connection.execute(statement, params)
        commits += 1
    connection.close()
    return commits * len(rows) / took_s


def median_ms(work: Callable[[], object], seconds: float) -> float:
    """The median duration of `work` in milliseconds, measured as often as the time allows."""
    took_s = []
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until:
        work()
        took_s.append(time.perf_counter() - begun)
    return sorted(took_s)[len(took_s) // 2] * 1000


def main() -> None:
    kind, size = sys.argv[1], int(sys.argv[2])
    app: Any = framework() if kind == "framework" else bare(size)
    uvloop.run(
        serve(
            app,
            config=FrontDoorConfig(),
            on_ready=lambda addresses: print(addresses[0], flush=True),
            shutdown_grace_s=1,
            port=0,
        )
    )


if __name__ == "__main__":
    main()
