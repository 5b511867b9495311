"""Who is late: without CONNECT, without a sign of life, or with bytes that are not taken. Nobody is while the server slept."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from penstock.ingress.mqtt.connection import Connection
from penstock.ingress.mqtt.deadlines import Deadlines
from penstock.settings import load_settings

CONFIG = msgspec.structs.replace(load_settings(environment={}).mqtt, connect_timeout_s=10, write_stall_timeout_s=20)


class Client:
    """A connection as deadlines see it: when it was last heard, and what it owes."""

    def __init__(
        self,
        *,
        heard: float = 0,
        opened: float = 0,
        stalled: float = 0,
        keep_alive: int = 60,
        is_open: bool = True,
        held: bool = False,
    ) -> None:
        self.flow = SimpleNamespace(received_at=heard, opened_at=opened, held=held)
        self.wire = SimpleNamespace(stalled_s=lambda _: stalled)
        self.protocol = SimpleNamespace(is_open=is_open, keep_alive_s=keep_alive)
        self.end = ""

    def abort(self, reason: str = "") -> None:
        self.end = "aborted"

    def cut(self, reason: Any, *_: Any, **__: Any) -> None:
        self.end = reason.name


def swept(client: Client, now: float, *, slept: bool = False) -> tuple[str, list[str]]:
    refused: Counter[str] = Counter()
    deadlines = Deadlines(CONFIG, refused, 0 if slept else now - 1)
    deadlines.sweep([cast(Connection, client)], now)
    return client.end, list(refused)


@pytest.mark.parametrize(
    ("client", "end", "counted"),
    [
        (Client(heard=10), "", []),
        (Client(heard=9.9), "KEEP_ALIVE_TIMEOUT", []),
        (Client(heard=9.9, held=True), "", []),
        (Client(heard=0, keep_alive=0), "", []),
        (Client(heard=90, opened=90, is_open=False), "", []),
        (Client(heard=89.9, opened=89.9, is_open=False), "aborted", ["connect_timeout"]),
        (Client(heard=99.9, opened=89.9, is_open=False), "aborted", ["connect_timeout"]),
        (Client(heard=99, stalled=20), "", []),
        (Client(heard=99, stalled=20.1), "aborted", ["write_stalled"]),
        (Client(heard=99, opened=99, stalled=20.1, is_open=False), "aborted", ["write_stalled"]),
    ],
)
def test_one_second_after_the_last_look(client: Client, end: str, counted: list[str]) -> None:
    assert swept(client, 100.0) == (end, counted)


def test_after_a_sleep_nobody_is_late() -> None:
    assert swept(Client(heard=0, stalled=99), 100.0, slept=True) == ("", [])


def test_it_is_looked_often_enough_for_the_shortest_deadline() -> None:
    quick = msgspec.structs.replace(CONFIG, connect_timeout_s=0.4)
    assert Deadlines(CONFIG, Counter(), 0).interval_s == 1.0
    assert Deadlines(quick, Counter(), 0).interval_s == pytest.approx(0.1)
