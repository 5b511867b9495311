"""The server as a whole over HTTP: its operator backs it up, and an owner of one of several organisations sees nothing of it."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.v2.people.somebody import Somebody, owner_of
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org, RunningServer
from tests.support.waiting import awaited

PATH = "/api/v2/system"


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[InProcessServer]:
    """A server with one organisation."""
    with in_process_server(tmp_path / "data", orgs=("Acme",)) as running:
        yield running


def complete(ada: Somebody) -> dict[str, Any] | None:
    [backup] = ada.call("GET", f"{PATH}/backups").json()["data"]
    assert backup["state"] != "failed", backup
    return backup if backup["state"] == "complete" and backup["bytes"] else None


def test_the_owner_of_the_only_organisation_backs_up(lone: InProcessServer) -> None:
    ada = owner_of(lone, lone.orgs["Acme"])  # type: ignore[arg-type]
    system = ada.call("GET", PATH).json()
    assert {"data directory", "permissions", "disk space"} <= {check["name"] for check in system["checks"]}
    assert "backups" in {one["name"] for one in system["followers"]}
    assert 0 < system["disk"]["free_bytes"] < system["disk"]["total_bytes"]
    begun = ada.call("POST", f"{PATH}/backups")
    assert (begun.status_code, begun.json()["state"]) == (202, "running"), begun.text
    found = awaited(lambda: complete(ada), what="the backup")
    with tarfile.open(lone.data_dir / "backups" / found["name"]) as archive:
        assert {"penstock.db", "secret.key", "manifest.json"} <= set(archive.getnames())
    acts = [entry["action"] for entry in ada.call("GET", "/api/v2/logs?action=server.*").json()["data"]]
    assert sorted(acts) == ["server.backup", "server.backup.request"]
    lone.new_org("Other")
    refused = ada.call("GET", PATH)
    assert (refused.status_code, refused.json()["code"]) == (403, "system.operator_required")


def test_others_do_not(server: RunningServer, acme: Org) -> None:
    ada = owner_of(server, acme)
    for method, path in (("GET", PATH), ("GET", f"{PATH}/backups"), ("POST", f"{PATH}/backups")):
        assert ada.call(method, path).json()["code"] == "system.operator_required"
    with server.client(acme) as key:
        assert key.get(PATH).json()["code"] == "auth.session_required"
