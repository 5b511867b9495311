"""The part of the audit log: a server verifies the stored logs by itself, and shows in its metrics what it found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from tests.support.in_process import InProcessServer
from tests.support.server import bootstrap_org
from tests.support.waiting import awaited


def figures(server: InProcessServer) -> dict[str, float]:
    with server.client() as client:
        found = text_string_to_metric_families(client.get("/metrics").text)
    return {sample.name: sample.value for one in found for sample in one.samples}


def test_a_log_that_was_changed_on_disk_shows_in_the_metrics(tmp_path: Path) -> None:
    bootstrap_org(tmp_path / "data")
    with InProcessServer(tmp_path / "data") as server:
        assert awaited(lambda: figures(server)["penstock_audit_rows_verified_total"]) == 1
        assert figures(server)["penstock_audit_chains_broken"] == 0
    with closing(sqlite3.connect(tmp_path / "data" / CONTROL_FILE)) as connection, connection:
        connection.execute("UPDATE audit_entries SET actor_name = 'Eve'")
    with InProcessServer(tmp_path / "data") as server:
        assert awaited(lambda: figures(server)["penstock_audit_chains_broken"]) == 1
        assert any("audit_chain_broken" in bug for bug in server.bugs), "it is an error in the log"
