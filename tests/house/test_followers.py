"""Every worker tells how far it is behind: the supervisor gives each loop a progress, and what reads the log has a lag."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from penstock.workers.progress import FollowsLog
from tests.support.commands import open_site
from tests.support.days import HeldClock

from .tree import parsed, python_files

EXCUSED = {
    "workers/statements.py: StatementsWorker": "looks at one reading, to wait for the observer before it closes a month",
}


def readers_of_the_log(path: Path) -> list[str]:
    """The classes that read the log and have no `lag`."""
    found = []
    for one in ast.walk(parsed(path)):
        if isinstance(one, ast.ClassDef):
            attributes = {node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute)}
            methods = {node.name for node in one.body if isinstance(node, ast.FunctionDef)}
            if "read_after" in attributes and "lag" not in methods:
                found.append(f"{path.parent.name}/{path.name}: {one.name}")
    return found


def test_every_worker_that_reads_the_log_has_a_lag() -> None:
    found = {name for path in python_files("src/penstock/workers") for name in readers_of_the_log(path)}
    assert found == EXCUSED.keys()


def test_a_worker_without_a_lag_is_found(tmp_path: Path) -> None:
    file = tmp_path / "w.py"
    file.write_text("class W:\n    async def step(self):\n        await self._log.read_after(1, 2)\n")
    assert readers_of_the_log(file) == [f"{tmp_path.name}/w.py: W"]


async def test_every_loop_of_a_server_is_shown(tmp_path: Path) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        server = site.server
        loops = server.workers.supervisor.workers
        behind = server.followers.behind()
        assert loops.keys() == behind.keys()
        assert {"outbox", "observer", "alerts", "rules", "webhook_sources", "retention", "mail"} <= loops.keys()
        for name, run in loops.items():
            if isinstance(getattr(run, "__self__", None), FollowsLog):
                assert behind[name].rows is not None, name


@pytest.mark.parametrize("name", ["observer", "alerts", "rules", "webhook_sources", "command_verifier"])
async def test_followers_of_the_log_count_readings(tmp_path: Path, name: str) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        assert site.server.followers.behind()[name].rows == 0
