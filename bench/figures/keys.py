"""The cost of authentication: checking a key in process, and a server with very many keys and audit entries."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from bench.context import Bench
from bench.loadgen import closed_loop, run
from bench.server import Server, start
from bench.table import Must, Row
from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap import Server as Whole
from penstock.core.actor import Actor
from penstock.core.audit.chain import FIRST_HASH, chained
from penstock.core.audit.models import AuditEntry, Target
from penstock.core.tenancy.models import KeyRequest, SingleUse
from penstock.core.tenancy.scopes import ALL
from penstock.kit.clock import DAY_US, SystemClock
from penstock.kit.ids import Prefix, decode
from penstock.settings import load_settings

KEYS, ENTRIES = 100_000, 1_000_000
ADDRESS = "192.0.2.77"
COLUMNS = (
    "org_id, seq, time_us, action, actor_kind, actor_id, actor_name, address, target_kind, target_id, target_name, outcome, "
    "details, prev_hash, hash"
)
NEW_KEY = """INSERT INTO api_keys (id, org_id, name, prefix, digest, scopes, created_us, created_by)
    VALUES (?, ?, ?, 'psk_0000', ?, ?, ?, '')"""
ACTIONS = ("apikey.use", "auth.signin.success", "org.user.role", "apikey.create")
QUESTIONS = {
    "newest": "/api/v2/logs?limit=100",
    "by actor": "/api/v2/logs?limit=100&actor=person77@example.org",
    "by action and time": "/api/v2/logs?limit=100&action=org.user.role&from=2026-03-01T00:00:00Z&to=2026-03-08T00:00:00Z",
    "keys": "/api/v2/keys?limit=100",
}


def measure(bench: Bench) -> list[Row]:
    return [*asyncio.run(_in_process(bench)), *_at_large(bench)]


async def _in_process(bench: Bench) -> list[Row]:
    times = 20_000 if bench.quick else 200_000
    async with open_server(DataDir(bench.new_folder("keys")), load_settings(environment={}), run_workers=False) as server:
        made = await server.tenancy.bootstrap("Bench", "bench@example.org")
        request = KeyRequest(
            name="all restrictions",
            scopes=ALL,
            expires_us=SystemClock().now_us() + DAY_US,
            cidrs=(*(f"198.51.{number}.0/24" for number in range(49)), "192.0.2.0/24"),
            single_use=SingleUse.BIND,
            per_minute=1_000_000_000,
            project_id=made.project.id,
        )
        new = await server.keys.create(Actor.system(made.organization.id), request)
        value = new.value.encode()
        actor = await server.gate.admit(value, ADDRESS)
        checked = _each_us(lambda: server.authenticator.known(value, ADDRESS), times)
        counted = await _counted_us(server, actor, times)
    return [
        Row(
            figure="an API key with every restriction, checked in process",
            value=checked,
            unit="µs",
            must=Must(at_most=10),
            note="expiry, 50 networks, bound to an address and a project; keyed hash included",
        ),
        Row(
            figure="limits and usage of one call, counted in process",
            value=counted,
            unit="µs",
            note="plan's minute and day, the key's own minute, calls of the hour",
        ),
    ]


def _each_us(work: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times * 1e6


async def _counted_us(server: Whole, actor: Actor, times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        await server.limits.take(actor, "v2", "telemetry:read")
        server.calls.count(actor, 100)
    return (time.perf_counter() - begun) / times * 1e6


def _at_large(bench: Bench) -> list[Row]:
    keys, entries = (KEYS // 10, ENTRIES // 10) if bench.quick else (KEYS, ENTRIES)
    data_dir = bench.new_folder("many-keys")
    first = start(data_dir, pinned=bench.pinned)
    org = first.org
    first.stop()
    _fill(data_dir, decode(Prefix.ORGANIZATION, org.organization_id) or 0, keys, entries)
    begun = time.perf_counter()
    server = start(data_dir, org, pinned=bench.pinned)
    started_s = time.perf_counter() - begun
    try:
        rows = [_question(bench, server, name, path, keys, entries) for name, path in QUESTIONS.items()]
    finally:
        server.stop()
    what = f"{keys:,} keys and {entries:,} audit entries"
    return [Row(figure=f"start with {what}", value=started_s, unit="s", must=Must(at_most=3)), *rows]


def _question(bench: Bench, server: Server, name: str, path: str, keys: int, entries: int) -> Row:
    result = run(closed_loop(server.port, [[server.get(path)]], bench.warm_s / 2, bench.seconds(3, 1))).checked()
    many = f"{keys:,} keys" if name == "keys" else f"{entries:,} audit entries"
    return Row(
        figure=f"a hundred of {many}{'' if name == 'keys' else f', {name}'}: p50",
        value=result.percentile_ms(50),
        unit="ms",
        must=Must(at_most=20),
        note=f"p99 {result.percentile_ms(99):.2f} ms",
    )


def _fill(data_dir: Path, org_id: int, keys: int, entries: int) -> None:
    """Insert rows as the server would have written them in a year; the chain is valid."""
    now_us = SystemClock().now_us()
    with closing(sqlite3.connect(data_dir / "penstock.db", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        first_id = database.execute("SELECT max(id) FROM api_keys").fetchone()[0] + 1
        made = (
            (first_id + number, org_id, f"key {number}", secrets.token_bytes(32), "devices:read", now_us)
            for number in range(keys)
        )
        database.executemany(NEW_KEY, made)
        head = database.execute("SELECT seq, hash FROM audit_heads WHERE org_id = ?", (org_id,)).fetchone()
        seq, last_hash = head or (0, FIRST_HASH)
        step_us = 365 * DAY_US // entries
        entry = None
        for number in range(1, entries + 1):
            entry = chained(_entry(org_id, seq + number, now_us - (entries - number) * step_us), last_hash)
            last_hash = entry.hash
            database.execute(f"INSERT INTO audit_entries ({COLUMNS}) VALUES ({', '.join('?' * 15)})", _row(entry))
        assert entry is not None
        moved = (org_id, entry.seq, entry.hash, entry.time_us)
        database.execute("INSERT OR REPLACE INTO audit_heads (org_id, seq, hash, time_us) VALUES (?, ?, ?, ?)", moved)
        database.execute("COMMIT")


def _entry(org_id: int, seq: int, time_us: int) -> AuditEntry:
    person = f"person{seq % 500}@example.org"
    return AuditEntry(
        org_id=org_id,
        seq=seq,
        time_us=time_us,
        action=ACTIONS[seq % len(ACTIONS)],
        actor_kind="user",
        actor_id="usr_0c2k9fq7w3u4d",
        actor_name=person,
        address=ADDRESS,
        target=Target("user", "usr_0c2k9fq7w3u4d", person),
    )


def _row(entry: AuditEntry) -> tuple[object, ...]:
    target = entry.target
    details = msgspec.json.encode(entry.details).decode()
    return (
        *(entry.org_id, entry.seq, entry.time_us, entry.action, entry.actor_kind, entry.actor_id, entry.actor_name),
        *(entry.address, target.kind, target.id, target.name, entry.outcome.value, details, entry.prev_hash, entry.hash),
    )
