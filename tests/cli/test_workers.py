"""What the doctor says about workers, from the answer of a server and from the files of a stopped one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.cli.workers import behind_in, waiting_in
from penstock.kit.clock import SystemClock

HEALTH = {"status": "ok", "version": "1", "durability": "full", "checks": {}}
WELL = {"status": "ok", "rows": 3, "seconds": 0.1, "error": None}


@pytest.mark.parametrize(
    ("followers", "expected"),
    [
        ({"observer": WELL, "mail": WELL}, (False, "2 run, and none is behind")),
        ({"observer": WELL | {"status": "behind", "seconds": 75.2}}, (True, "behind: observer by 75 s and 3 rows")),
        ({"usage": WELL | {"status": "behind", "rows": None, "seconds": 61}}, (True, "behind: usage by 61 s")),
    ],
)
def test_the_answer_of_a_server(followers: dict[str, object], expected: tuple[bool, str]) -> None:
    assert behind_in(HEALTH | {"followers": followers}) == expected


@pytest.mark.parametrize("answer", [{}, [], "no", {"status": 1}])
def test_an_answer_that_is_none(answer: object) -> None:
    assert behind_in(answer) == (True, "the running server does not tell; it has another version")


def test_the_files_of_a_stopped_server(data_dir: Path) -> None:
    assert waiting_in(data_dir, SystemClock().now_us()) == "nothing waits for them"
    with closing(sqlite3.connect(data_dir / "penstock.db", isolation_level=None)) as connection:
        connection.execute("UPDATE consumers SET seq = 0 WHERE name = 'observer'")
    assert waiting_in(data_dir, SystemClock().now_us()) == "when the server starts: 600 rows for observer"
