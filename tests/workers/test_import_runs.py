"""An import while the server is killed, and one that is cancelled: over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import awaited

IMPORTS = "/api/v2/imports"
ROWS = 300


class Survivor:
    """A server that is killed and started again over the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.org = bootstrap_org(folder)
        self.server: RunningServer = start_server(folder)

    def client(self) -> httpx.Client:
        return self.server.client(self.org)

    def kill(self) -> None:
        self.server.kill()
        assert self.server.process.stdout is not None
        self.server.process.stdout.close()

    def start(self) -> None:
        self.server = start_server(self.folder)


@pytest.fixture
def survivor(tmp_path: Path) -> Iterator[Survivor]:
    found = Survivor(tmp_path / "data")
    yield found
    found.kill()


def file_of(rows: int) -> str:
    lines = [f"{number:016x},Flat {number}" for number in range(rows)]
    return "\n".join(["eui,name", *lines, "no-eui,Flat"])


def start(api: httpx.Client, rows: int) -> str:
    headers = {"content-type": "text/csv"}
    answer = api.post(IMPORTS, params={"kind": "devices"}, content=file_of(rows), headers=headers)
    return str(answer.raise_for_status().json()["id"])


def look(api: httpx.Client, import_id: str, *states: str) -> dict[str, Any]:
    def seen() -> dict[str, Any] | None:
        found: dict[str, Any] = api.get(f"{IMPORTS}/{import_id}").raise_for_status().json()
        return found if found["state"] in states and found["done"] else None

    return awaited(seen, what=f"an import that is {' or '.join(states)}")


def test_rows_are_imported_once_although_the_server_is_killed_in_between(survivor: Survivor) -> None:
    with survivor.client() as api:
        import_id = start(api, ROWS)
        look(api, import_id, "running", "done")
    survivor.kill()
    survivor.start()
    with survivor.client() as api:
        found = look(api, import_id, "done")
        assert [found[name] for name in ("rows", "done", "made", "failed")] == [ROWS + 1, ROWS + 1, ROWS, 1]
        faults = api.get(f"{IMPORTS}/{import_id}/faults").json()["data"]
        assert [(one["row"], one["column"]) for one in faults] == [(ROWS + 2, "eui")]
        made = api.get("/api/v2/logs", params={"action": "device.create", "limit": 1000}).json()
        assert len(made["data"]) == ROWS
        # Cancelled while it runs: what was imported stays, and the rest is not.
        second = start(api, ROWS * 5)
        look(api, second, "running", "done")
        cancelled = api.post(f"{IMPORTS}/{second}/cancel").json()
        assert cancelled["state"] == "cancelled"
        assert cancelled["done"] < cancelled["rows"]
        third = start(api, 1)
        assert look(api, third, "done")["unchanged"] == 1, "the next one is not held up"
        assert api.get(f"{IMPORTS}/{second}").json() == cancelled
