"""The spool: order, bounds, what survives, and commands that are begun once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from penstock_agent.backoff import Backoff
from penstock_agent.spool import KEPT_COMMANDS, Spool

Open = Callable[..., Spool]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open the same spool, once or again."""
    spools: list[Spool] = []

    def open_one(max_bytes: int = 1_000_000) -> Spool:
        spools.append(Spool(tmp_path / "state", max_bytes))
        return spools[-1]

    yield open_one
    for spool in spools:
        spool.close()


def numbers(spool: Spool) -> list[int]:
    return [seq for seq, _ in spool.read_after(0, 100_000, 10**9)]


def test_numbers_go_on_after_everything_was_forgotten_and_the_spool_opened_anew(opened: Open) -> None:
    first = opened()
    first.append(["a", "b", "c"])
    first.forget(3)
    second = opened()
    second.append(["d"])
    assert (second.name, second.read_after(0, 10, 100)) == (first.name, [(4, "d")])


def test_what_is_read_is_bounded_by_rows_and_bytes_but_never_nothing(opened: Open) -> None:
    spool = opened()
    spool.append(["x" * 10] * 5)
    assert len(spool.read_after(0, 3, 1_000)) == 3
    assert len(spool.read_after(0, 10, 25)) == 2
    assert len(spool.read_after(4, 10, 1)) == 1
    assert spool.read_after(5, 10, 100) == []


def test_a_full_spool_drops_the_oldest_and_counts_them_exactly(opened: Open) -> None:
    spool = opened(max_bytes=1_000)
    for _ in range(50):
        spool.append(["x" * 10] * 7)
        assert sum(len(body) for _, body in spool.read_after(0, 1_000, 10**9)) <= 1_000
    kept = numbers(spool)
    assert kept == list(range(kept[0], 351))
    assert len(kept) + spool.dropped == 350
    assert (spool.drain_dropped(), spool.drain_dropped()) == (350 - len(kept), 0)


@pytest.mark.parametrize("letter", ["x", "é", "水", "\U0001f4a7"])
def test_the_limit_is_in_bytes_whatever_the_letters(opened: Open, letter: str) -> None:
    spool = opened(max_bytes=1_000)
    for opening in range(40):
        spool.append([letter * 10] * 3)
        if opening % 10 == 9:
            spool = opened(max_bytes=1_000)  # what is counted at the start is the same
        if opening % 7 == 6:
            spool.forget(numbers(spool)[0])
    assert 850 <= sum(len(body.encode()) for _, body in spool.read_after(0, 1_000, 10**9)) <= 1_000


def test_what_was_sent_and_is_acknowledged_later_was_not_dropped(opened: Open) -> None:
    spool = opened(max_bytes=1_000)
    spool.append(["x" * 10] * 90)
    spool.sent(50)
    spool.append(["x" * 10] * 90)  # drops more than was sent
    first = numbers(spool)[0]
    assert first > 51
    assert spool.dropped == first - 1 - 50
    spool.forget(30)
    assert spool.drain_dropped() == first - 1 - 50
    spool.sent(0)  # the connection ended: 31 to 50 never arrived, as far as anybody knows
    assert spool.drain_dropped() == 20
    assert opened(max_bytes=1_000).dropped == first - 1 - 30


def test_reports_are_never_dropped(opened: Open) -> None:
    spool = opened(max_bytes=100)
    spool.report("report")
    for _ in range(20):
        spool.append(["x" * 50])
    assert spool.read_after(0, 1, 100) == [(1, "report")]


def test_a_command_begins_once_also_after_a_crash(opened: Open) -> None:
    first = opened()
    assert first.begin_command("cmd_1", "received")
    second = opened()
    assert not second.begin_command("cmd_1", "received")
    assert second.unended_commands() == ["cmd_1"]
    second.end_command("cmd_1", "done")
    assert second.unended_commands() == []
    assert not second.begin_command("cmd_1", "received")
    assert [body for _, body in second.read_after(0, 10, 100)] == ["received", "done"]


def test_only_the_latest_commands_are_remembered(opened: Open) -> None:
    spool = opened()
    spool._connection.executemany(
        "INSERT INTO commands (id, begun, ended) VALUES (?, ?, 1)", [(f"old_{n}", n) for n in range(KEPT_COMMANDS)]
    )
    spool.begin_command("cmd_1", "received")
    spool.end_command("cmd_1", "done")
    assert spool._connection.execute("SELECT count(*) FROM commands").fetchone()[0] == KEPT_COMMANDS
    assert not spool.begin_command("cmd_1", "received")


def test_a_damaged_spool_is_kept_aside_and_a_new_one_begins(opened: Open, tmp_path: Path) -> None:
    first = opened()
    first.append(["a"])
    first.close()
    (tmp_path / "state" / "spool.db").write_bytes(b"this is no database at all, it is only text" * 100)
    second = opened()
    assert second.was_damaged
    assert (tmp_path / "state" / "spool.db.damaged").exists()
    second.append(["b"])
    assert second.name != first.name
    with pytest.raises(sqlite3.ProgrammingError):
        first.append(["c"])


def test_the_wait_doubles_to_its_bound_and_varies_by_three_quarters() -> None:
    middle = Backoff(lambda: 0.5)
    assert [middle.next_s(5, 120) for _ in range(7)] == [5, 10, 20, 40, 80, 120, 120]
    middle.reset()
    assert middle.next_s(5, 120) == 5
    assert (Backoff(lambda: 0.0).next_s(5, 120), Backoff(lambda: 1.0).next_s(5, 120)) == (1.25, 8.75)
