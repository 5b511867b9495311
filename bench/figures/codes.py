"""Codes of tokens, each with a decrypted seed and an entry in the audit log on disk; and lists of many tokens."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import msgspec

from bench.compare import Side, by_turns, cost
from bench.context import Bench
from bench.loadgen import closed_loop, run, send_all
from bench.server import Server
from bench.table import Must, Row
from penstock.kit.clock import SystemClock
from penstock.kit.ids import Prefix, decode

CONNECTIONS, FEW = 64, 4
TOKENS, MANY = 64, 100_000
BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
UNLIMITED = {"PENSTOCK_LIMITS_KAITO_CODE_PER_MINUTE": "1000000000", "PENSTOCK_LIMITS_KAITO_WRITE_PER_MINUTE": "1000000000"}
NEW_TOKEN = """INSERT INTO tokens (id, org_id, name, issuer, account, description, algorithm, digits, period_s, four_eyes,
    last_step, created_by, created_us, updated_us)
    VALUES (?, ?, ?, 'Example', 'ada@example.org', '', 'SHA1', 6, 30, 0, 0, '', ?, ?)"""
QUESTIONS = {"from A to Z": "", "newest first": "&sort=-created_at", "by text": "&search=token-0777"}


def measure(bench: Bench) -> list[Row]:
    with bench.server("codes", environment=UNLIMITED) as server:
        bodies = (msgspec.json.encode({"name": f"token-{number}", "secret": BASE32}) for number in range(TOKENS))
        run(send_all(server.port, [server.post("/v1/tokens", body) for body in bodies]))
        requests = [[server.get(f"/v1/tokens/token-{number}/code")] for number in range(TOKENS)]
        with bench.front_door("framework") as (port, process):
            limit = Side(port, process, requests[:CONNECTIONS])
            side = by_turns(bench, server, requests[:CONNECTIONS], limit)
        few = run(closed_loop(server.port, requests[:FEW], bench.warm_s / 2, bench.seconds(4, 2))).checked()
        lists = _lists(bench, server)
    result = side.result
    return [
        Row(
            figure=f"code of a token: requests ({CONNECTIONS} connections), each audited on disk",
            value=result.rate,
            unit="/s",
            must=Must(share=0.30),
            limit=limit.result.rate,
            limit_name="bare typed handler that decrypts the seed, same front door",
            note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; {cost(side, limit)}",
        ),
        Row(
            figure=f"code of a token ({FEW} connections): p50",
            value=few.percentile_ms(50),
            unit="ms",
            must=Must(at_most=3),
            note=f"p99 {few.percentile_ms(99):.2f} ms, {few.rate:,.0f} requests/s",
        ),
        *lists,
    ]


def _lists(bench: Bench, server: Server) -> list[Row]:
    many = MANY // 10 if bench.quick else MANY
    _fill(server, many)
    return [_question(bench, server, name, more, many) for name, more in QUESTIONS.items()]


def _question(bench: Bench, server: Server, name: str, more: str, many: int) -> Row:
    request = server.get(f"/api/v2/tokens?limit=100{more}")
    result = run(closed_loop(server.port, [[request]], bench.warm_s / 2, bench.seconds(3, 1))).checked()
    return Row(
        figure=f"a hundred of {many:,} tokens, {name}: p50",
        value=result.percentile_ms(50),
        unit="ms",
        must=Must(at_most=20),
        note=f"p99 {result.percentile_ms(99):.2f} ms",
    )


def _fill(server: Server, many: int) -> None:
    """Insert tokens, without seeds: no code of them is requested."""
    org_id, now_us = decode(Prefix.ORGANIZATION, server.org.organization_id), SystemClock().now_us()
    with closing(sqlite3.connect(server.data_dir / "penstock.db", isolation_level=None, timeout=30)) as database:
        database.execute("BEGIN IMMEDIATE")
        first_id = database.execute("SELECT max(id) FROM tokens").fetchone()[0] + 1
        rows = ((first_id + number, org_id, f"token-{number:07}", now_us, now_us) for number in range(many))
        database.executemany(NEW_TOKEN, rows)
        database.execute("COMMIT")
