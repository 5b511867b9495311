"""How SQLite executes a statement, and which plans do not stay fast when an organisation has 20,000 devices.

The program never runs ANALYZE, so its plans do not depend on data: what is planned for an empty file is what a large one runs. An
operator may run it, so every statement is also planned with the statistics of many organisations of 20,000 devices.

A table is large unless it is listed here, so a new one joins by itself.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.adapters.storage.sqlite.migrations import migration_files
from penstock.adapters.storage.sqlite.segments import SEGMENT_SCHEMA

FEW = frozenset(
    {"agent_keys", "consumers", "credential_changes", "segment", "server", "signing_keys", "json_each", "wanted_keys"}
)
"""Tables with a few rows in the whole server: its keys, its positions in the log, the facts of a file."""

FEW_PER_ORGANIZATION = frozenset(
    {
        "alerts",
        "api_keys",
        "audit_heads",
        "billed_until",
        "chat_channels",
        "command_definitions",
        "connections",
        "customers",
        "dashboard_folders",
        "dashboard_images",
        "dashboard_shares",
        "dashboard_widgets",
        "dashboards",
        "event_types",
        "group_members",
        "inbox_address_grants",
        "inbox_addresses",
        "limit_days",
        "memberships",
        "organizations",
        "profiles",
        "projects",
        "redecodes",
        "rules",
        "sensor_templates",
        "sms_accounts",
        "user_groups",
        "webhook_endpoints",
    }
)
"""Tables of which an organisation has as many rows as people create by hand, or as its plan allows."""

WORK = {
    "command_executions_awaiting": "commands that wait for a reading",
    "command_executions_leaving": "commands that are being published",
    "command_executions_open": "commands that have not ended",
    "devices_connected": "the open connections that the last run left, once at a start",
    "devices_online_by_themselves": "by a reader, so that no writer waits; in an index by time each reading would move a row",
    "imports_active": "imports that have not ended",
    "inbox_messages_waiting": "SMS that were not passed to a provider, and those that are being passed",
    "redecodes_active": "re-decodes that have not ended",
    "redecodes_pending": "re-decodes that a crash has interrupted between two files",
    "rule_runs_pending": "runs that have not ended",
    "rules_running": "deployed rules, at a start and after a change of one",
}
"""Partial indexes that hold only rows with something left to do: whoever does it reads all of them."""

ORGANIZATIONS, DEVICES = 100, 20_000
_LOOP = re.compile(r"(?P<how>SCAN|SEARCH) (?P<name>\w+)(?P<rest>.*)")
_BY_ID = re.compile(r"USING INTEGER PRIMARY KEY \(rowid=\?\)")
_NAMED = re.compile(r"\b(?:from|join|into|update)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?", re.IGNORECASE)
_KEYWORDS = {
    "where",
    "set",
    "indexed",
    "cross",
    "inner",
    "left",
    "join",
    "on",
    "order",
    "group",
    "union",
    "select",
    "values",
    "limit",
}
_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")


@dataclass(frozen=True)
class Step:
    """One line of a plan."""

    id: int
    parent: int
    detail: str


def control_database() -> sqlite3.Connection:
    """An empty control database."""
    connection = sqlite3.connect(":memory:")
    for path in migration_files():
        connection.executescript(path.read_text("utf-8"))
    return connection


def segment_file(folder: Path) -> sqlite3.Connection:
    """An empty segment of the reading log."""
    connection = sqlite3.connect(folder / "segment.db")
    connection.executescript(SEGMENT_SCHEMA.read_text("utf-8").format(day="2026-11-30", base_seq=0, server_number=1))
    return connection


def rows_of_index(connection: sqlite3.Connection, table: str, index: str) -> int:
    """How many rows an index has in the statistics: a partial one has only those with something left to do."""
    partial = next(row[4] for row in connection.execute(f"PRAGMA index_list({table})") if row[1] == index)
    return ORGANIZATIONS if partial else rows_of(table)


def measured(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same file with the statistics that ANALYZE would store of large tables."""
    connection.execute("ANALYZE")
    connection.execute("DELETE FROM sqlite_stat1")
    for table in tables_of(connection):
        for _, index, *_ in connection.execute(f"PRAGMA index_list({table})").fetchall():
            rows = rows_of_index(connection, table, index)
            columns = [row[2] for row in connection.execute(f"PRAGMA index_info({index})")]
            found = " ".join(str(each) for each in _fan_out(rows, columns))
            connection.execute("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, f"{rows} {found}"))
    connection.execute("ANALYZE sqlite_schema")  # makes the planner read them
    return connection


def rows_of(table: str) -> int:
    """How many rows a table has in the statistics."""
    if table in FEW:
        return 4
    return ORGANIZATIONS * (20 if table in FEW_PER_ORGANIZATION else DEVICES)


def _fan_out(rows: int, columns: list[str]) -> Iterator[int]:
    """How many rows share the first, the first two, … columns of an index."""
    for number, column in enumerate(columns, start=1):
        rows = max(1, rows // (ORGANIZATIONS if column == "org_id" else DEVICES)) if number < len(columns) else 1
        yield rows


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The program's tables in a file."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [row[0] for row in found]


def plan(connection: sqlite3.Connection, sql: str) -> list[Step] | None:
    """The plan of a statement, or None if it is not about this file."""
    params = dict.fromkeys(_PARAMETER.findall(sql))
    try:
        return [Step(*row[:2], row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)]
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise


def faults(sql: str, steps: list[Step]) -> list[str]:
    """The steps of a plan whose cost grows with the devices of an organisation, or with all rows of a table."""
    named, found = _tables_by_name(sql), []
    for number, step in enumerate(steps):
        if step.detail.startswith("USE TEMP B-TREE"):
            found += [step.detail] if _reads_large(step, steps, named) else []
        elif loop := _LOOP.match(step.detail):
            table, before = named.get(loop["name"], ""), steps[:number]
            inside = any(other.parent == step.parent and _LOOP.match(other.detail) for other in before)
            if "VIRTUAL TABLE" in loop["rest"]:
                found += [step.detail] if inside else []
            elif "AUTOMATIC" in loop["rest"] or (_is_large(table) and _grows(sql, step, steps, loop, table)):
                found.append(step.detail)
    return found


def _grows(sql: str, step: Step, steps: list[Step], loop: re.Match[str], table: str) -> bool:
    by_organization = loop["how"] == "SEARCH" and loop["rest"].endswith("(org_id=?)")
    index = re.search(r"INDEX (\w+)", loop["rest"])
    if index and index[1] in WORK:
        return False
    in_order = "LIMIT" in sql and not any(other.parent == step.parent and "TEMP B-TREE" in other.detail for other in steps)
    if by_organization:
        return table not in FEW_PER_ORGANIZATION and not (in_order and "ORDER BY" in sql)
    return loop["how"] == "SCAN" and not (in_order and "WHERE" not in sql)


def _reads_large(step: Step, steps: list[Step], named: Mapping[str, str]) -> bool:
    """Whether what is sorted or grouped comes from a large table: one row by its id for each row of a small one adds none."""
    loops = [loop for other in steps if other.parent == step.parent and (loop := _LOOP.match(other.detail))]
    for number, loop in enumerate(loops):
        if not (number and _BY_ID.search(loop["rest"])):
            table = named.get(loop["name"], "")
            if "VIRTUAL" not in loop["rest"] and _is_large(table) and table not in FEW_PER_ORGANIZATION:
                return True
    return False


def _is_large(table: str) -> bool:
    return bool(table) and table not in FEW


def _tables_by_name(sql: str) -> dict[str, str]:
    """Tables of the statement by their names in its plan. What a subquery made is none: its own steps are judged."""
    found: dict[str, str] = {}
    for table, alias in _NAMED.findall(sql):
        found[table] = table
        if alias and alias.lower() not in _KEYWORDS:
            found[alias] = table
    return found
