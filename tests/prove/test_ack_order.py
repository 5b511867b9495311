"""D5: no byte of a success leaves before the fsync that covers its reading, as the kernel saw it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvloop

from .conftest import Note
from .mqtt_writers import MqttWriter
from .servers import end, serving
from .site import Site
from .traced import Call, attached, calls, need_strace
from .writers import Writer, device_call, device_calls, native_call

READS = {"read", "readv", "recvfrom", "recvmsg"}
WRITES = {"write", "writev", "sendto", "sendmsg"}
SYNCS = {"fdatasync", "fsync"}
PAGE_AND_MORE = "4400"


@dataclass
class Order:
    """Follows each reading from the socket through the log's file and its fsync to the answer."""

    asked: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    synced: set[str] = field(default_factory=set)
    covered: dict[str, set[str]] = field(default_factory=dict)
    answers: int = 0
    too_early: list[str] = field(default_factory=list)

    def take(self, call: Call, values: Iterable[str]) -> None:
        if "TCP:" in call.file and call.name in READS and call.ends:
            for value in values:
                if _holds(call, value):
                    self.asked[call.file] = value
        elif "TCP:" in call.file and call.name in WRITES and call.begins and call.file in self.asked:
            self._answer(self.asked.pop(call.file))
        elif call.file.endswith("-wal") and "/telemetry/" in call.file:
            self._log(call)

    def _log(self, call: Call) -> None:
        if call.name == "pwrite64" and call.begins:
            self.written |= {value for value in self.asked.values() if _holds(call, value)}
        if call.name in SYNCS and call.begins:
            self.covered[call.thread] = set(self.written)
        if call.name in SYNCS and call.ends and call.text.rstrip().endswith("= 0"):
            self.synced |= self.covered.pop(call.thread)

    def _answer(self, value: str) -> None:
        self.answers += 1
        if value not in self.synced:
            self.too_early.append(value)


def _holds(call: Call, value: str) -> bool:
    return f'\\"v\\": \\"{value}\\"' in call.text


def traced_order(
    site: Site, record: Path, writers: Sequence[Writer | MqttWriter], each: int, environment: dict[str, str]
) -> Order:
    """Trace a server while each writer sends so many readings."""
    need_strace()
    server = serving(site.data_dir, environment=environment)
    for writer in writers:
        if isinstance(writer, MqttWriter):
            writer.port = server.mqtt_port
    wanted = ",".join(sorted({"pwrite64", *SYNCS, *READS, *WRITES}))

    async def send() -> None:
        await asyncio.gather(*(writer.run(server.base_url, limit=each) for writer in writers))

    with attached(server, "-yy", "-s", PAGE_AND_MORE, "-e", f"trace={wanted}", to=record):
        uvloop.run(send())
    assert end(server) == 0
    assert all(len(writer.acked) == each for writer in writers)
    order = Order()
    for call in calls(record):
        order.take(call, (writer.acked[number] for writer in writers for number in range(each)))
    return order


@pytest.mark.parametrize(
    ("connections", "each"),
    [(1, 200), pytest.param(1, 2_000, marks=pytest.mark.prove), pytest.param(8, 250, marks=pytest.mark.prove)],
)
def test_no_answer_leaves_before_its_sync(site: Site, tmp_path: Path, note: Note, connections: int, each: int) -> None:
    makes = [*(call(site.device, 0) for call in device_calls()), native_call(site, site.device)]
    writers = [Writer(f"w{n}", makes[n % len(makes)]) for n in range(connections)]
    order = traced_order(site, tmp_path / "record", writers, each, {})
    note("answers, too early", f"{order.answers}, {len(order.too_early)}", "0 too early")
    assert order.answers == connections * each
    assert order.too_early == []


@pytest.mark.parametrize("qos", [1, 2])
@pytest.mark.parametrize("each", [100, pytest.param(1_000, marks=pytest.mark.prove)])
def test_no_puback_or_pubrec_leaves_before_its_sync(site: Site, tmp_path: Path, note: Note, qos: int, each: int) -> None:
    writers = [MqttWriter("m", site.device, qos, window=1)]
    order = traced_order(site, tmp_path / "record", writers, each, {})
    note(f"MQTT: answers at QoS {qos}, too early", f"{order.answers}, {len(order.too_early)}", "0 too early")
    assert order.answers == each
    assert order.too_early == []


def test_planted_early_answers_are_found(site: Site, tmp_path: Path) -> None:
    writers = [Writer("w", device_call(site.device))]
    order = traced_order(site, tmp_path / "record", writers, 20, {"PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed"})
    assert order.answers == 20
    assert len(order.too_early) >= 15
