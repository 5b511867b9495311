"""No statement looks at all rows of a large table, or at all devices of an organisation, unless it is argued here.

With 20,000 devices one such statement took 1.3 s of each step of the observer, in the only write transaction: `json_each` was
the inner loop, and every device was compared with every reading.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.connection import statements

from .plans import WORK, control_database, faults, measured, plan, segment_file, tables_of
from .test_sql_scope import inline_sql
from .tree import parsed, python_files, shown

AT_A_START = "at a start, or after a change of a definition"
OF_ALL = "a worker that runs for every organisation lists them"
OFFLINE = "`penstock doctor` reads the whole of a file, and is not the server"
WAITING = (
    "reads the index of what waits for its time, in order, until enough is due; a clock that was ahead may have postponed it"
)
TAIL = "sorts the unindexed tail, which the log bounds"

LABELS = (
    "gathers the devices with the labels that were asked for, 8 ms for 20,000; a test of each device takes 17 ms for a rare label"
)
UNSEEN = "sorts 20,000 devices in 12 ms; an index would more than double what each reading's update of `last_seen_us` costs"
ARGUED = {
    "enabled_alerts_of_all": AT_A_START,
    "alert_states_of_all": AT_A_START,
    "list_webhook_endpoints_of_all": AT_A_START,
    "list_fetching_connections_of_all": AT_A_START,
    "list_limit_days": AT_A_START,
    "watched_devices_of_organizations_of_all": "an alert on all devices needs all of them, at a start or when it is created",
    "list_evaluation_errors_of_all": AT_A_START,
    "list_organizations": OF_ALL,
    "list_organization_ids": OF_ALL,
    "scan_audit": OFFLINE,
    "withdraw_invitations": "the invitations of one organisation, when a member leaves it",
    "list_webhook_message_topics": "gathers the topics of one endpoint's waiting messages, when its URL changes",
    "list_audit_heads": "publishes one head for each organisation",
    "list_device_ids_of_all": "a backup removes the readings of deleted devices",
    "count_readings": "a backup counts what it copied",
    "has_readings": "EXISTS stops at the first row",
    "purge_quarantined": "quarantined readings of one day are few, and it runs once per purge",
    "drop_audit_before": "stops at the first entry that is kept, so it looks only at those that are removed",
    "mark_all_tokens": "once, when a member leaves who could read all seeds: 0.3 s for 100,000 tokens",
    "count_devices": "the total of a filtered list, for dialects that page by offset; the limit of a plan is not counted by it",
    "list_devices": LABELS,
    "list_oldest_devices": LABELS,
    "list_devices_by_name": LABELS,
    "list_devices_by_name_reversed": LABELS,
    "list_longest_unseen_devices": UNSEEN,
    "list_last_seen_devices": UNSEEN,
    "count_all_devices": "reads one index, half a millisecond for 20,000 devices",
    "count_open_occurrences": "what is open, in one index",
    "count_unregistered_devices": "at most `uplinks.max_unregistered_devices`, when a new one reports",
    "pause_devices_beyond": "once, when a plan becomes smaller",
    "list_active_by_customer": "the bill of one month",
    "list_due_held_mails": "sorts the mails of one address, whose number is limited",
    "read_all": OFFLINE,
    "read_all_quarantined": OFFLINE,
    "count_unmatched": OFFLINE,
    "count_unpurged": OFFLINE,
    "due_alert_jobs_of_all": WAITING,
    "list_due_mail": WAITING,
    "index_readings": TAIL,
    "index_dedupe": TAIL,
    "history_descending": TAIL,
    "history_ascending": TAIL,
    "scan_tail": TAIL,
    "latest_by_event": TAIL,
    # Only with the statistics of ANALYZE, which the program does not run:
    "list_firings": "sorts the firings of one alert; without statistics it merges two indexes",
    "pair_license": "sorts the free licences of one project; without statistics it reads them in order",
}
"""Why these may look at many rows. To be removed from when one no longer does; anything new belongs in an index."""

MOST = 46
_STATEMENT = re.compile(r"\s*(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM) ", re.DOTALL)


def every_statement() -> dict[str, str]:
    found = dict(statements())
    for path in python_files("src"):
        for line, text in inline_sql(parsed(path)):
            if _STATEMENT.match(text) and "{" not in text:
                found[f"{shown(path)}:{line}"] = text
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[sqlite3.Connection]]]:
    def both(name: str) -> list[sqlite3.Connection]:
        return [control_database(), segment_file(Path(tmp_path_factory.mktemp(name)))]

    found = {"as shipped": both("shipped"), "after ANALYZE": [measured(one) for one in both("measured")]}
    yield found
    for connection in itertools.chain(*found.values()):
        connection.close()


def found_in(files: list[sqlite3.Connection]) -> dict[str, list[str]]:
    """The faults of each statement that has some."""
    found = {}
    for name, sql in every_statement().items():
        plans = [steps for file in files if (steps := plan(file, sql)) is not None]
        assert plans, f"{name} is about no table of a file"
        if wrong := [fault for steps in plans for fault in faults(sql, steps)]:
            found[name] = wrong
    return found


@pytest.mark.parametrize("planned", ["as shipped", "after ANALYZE"])
def test_no_statement_looks_at_all_rows_of_a_large_table(files: dict[str, list[sqlite3.Connection]], planned: str) -> None:
    wrong = {name: steps for name, steps in found_in(files[planned]).items() if name not in ARGUED}
    assert not wrong, "add an index, or CROSS JOIN in the order that is meant"


def test_every_exception_is_needed(files: dict[str, list[sqlite3.Connection]]) -> None:
    found = found_in(files["as shipped"]).keys() | found_in(files["after ANALYZE"]).keys()
    assert ARGUED.keys() - found == set()
    assert len(ARGUED) <= MOST, "the list only shrinks"


def test_every_argued_index_exists_and_is_partial(files: dict[str, list[sqlite3.Connection]]) -> None:
    control = files["as shipped"][0]
    partial = {row[1] for table in tables_of(control) for row in control.execute(f"PRAGMA index_list({table})") if row[4]}
    assert WORK.keys() <= partial


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "SELECT d.id FROM json_each(:ids) AS m JOIN devices AS d ON d.id = CAST(m.key AS INTEGER) WHERE d.org_id = :org_id",
            ["SEARCH d USING COVERING INDEX devices_by_org (org_id=?)", "SCAN m VIRTUAL TABLE INDEX 1:"],
        ),
        ("SELECT id FROM devices WHERE description = :text", ["SCAN devices"]),
        (
            "SELECT id FROM devices WHERE org_id = :org_id AND name = :name",
            ["SEARCH devices USING COVERING INDEX devices_by_name (org_id=?)"],
        ),
        ("SELECT id FROM sensors WHERE device_id = :id ORDER BY name", ["USE TEMP B-TREE FOR ORDER BY"]),
        ("SELECT id FROM outbox ORDER BY id LIMIT :limit", []),
        ("SELECT id FROM devices WHERE org_id = :org_id ORDER BY id LIMIT :limit", []),
        ("SELECT d.id FROM json_each(:ids) AS m CROSS JOIN devices AS d ON d.id = m.value WHERE d.org_id = :org_id", []),
    ],
)
def test_such_a_plan_is_found(files: dict[str, list[sqlite3.Connection]], sql: str, expected: list[str]) -> None:
    steps = plan(files["as shipped"][0], sql)
    assert steps is not None
    assert faults(sql, steps) == expected
