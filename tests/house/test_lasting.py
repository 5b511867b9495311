"""An error that is expected and comes back is logged as a condition that lasts (`kit/conditions.py`), not line by line."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .tree import parsed, python_files, shown

EXPECTED = {"PenstockError", "StorageUnavailable", "OSError", "DiskFull", "LogFailed", "LogFull"}
FINITE = {
    "src/penstock/api/console/shared/downloads.py download_cut": "one download that a person asked for",
    "src/penstock/core/meters/archive.py archive_incomplete": "one deleted meter, once",
    "src/penstock/workers/alerts.py alert_action_dropped": "one action, after a few attempts",
    "src/penstock/workers/backups.py backup_failed": "one backup that the operator requested",
    "src/penstock/workers/rule_runs.py rule_action_failed": "one action of one run",
}
"""What is logged each time, and why it cannot come back for ever."""


def logged(handler: ast.ExceptHandler) -> Iterator[str]:
    """The events that a handler logs as warnings or worse."""
    for node in ast.walk(handler):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_log.warning", "_log.error", "_log.critical"):
            yield next(str(one.value) for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant))


def caught(handler: ast.ExceptHandler) -> set[str]:
    return {one.id for one in ast.walk(handler.type) if isinstance(one, ast.Name)} if handler.type else set()


def test_no_expected_error_is_logged_again_and_again() -> None:
    handlers = [
        (path, node)
        for path in python_files("src/penstock")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler) and caught(node) & EXPECTED
    ]
    assert len(handlers) > 50
    found = {f"{shown(path)} {event}" for path, node in handlers for event in logged(node)}
    assert found == set(FINITE), sorted(found ^ set(FINITE))
