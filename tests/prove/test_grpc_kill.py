"""D1 for gRPC: `kill -9` while batches stream in. A batch that was acknowledged is stored once, and one sent again is too."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from penstock.api.grpc.converting import struct_from
from penstock.api.grpc.descriptors import message_type
from tests.support.grpc_calls import GrpcClient, rpc_named
from tests.support.server import RunningServer, start_server
from tests.support.waiting import CEILING_S, awaited

from .conftest import Note
from .site import Site
from .stored import damage, stored_values

ROWS = 20
WINDOW = 8
"""Batches that a writer sends before the first of them is acknowledged."""


class StreamWriter:
    """A client with one stream of batches. What was not acknowledged goes first when it runs again, under the same names."""

    def __init__(self, name: str, site: Site) -> None:
        self.name = name
        self._site = site
        self._numbers = itertools.count()
        self._under_way: dict[str, list[str]] = {}
        self._room = threading.Semaphore(WINDOW)
        self.acked: list[str] = []
        self.refused: list[str] = []
        self.resent = 0

    @property
    def unsure(self) -> list[str]:
        return [value for values in self._under_way.values() for value in values]

    def run(self, port: int, stop: threading.Event) -> None:
        """Send until told to stop, and take every answer, or until the server is gone."""
        self._room = threading.Semaphore(WINDOW)
        with GrpcClient(port, self._site.org.headers()) as client:
            call = client.open("StreamReadings", self._batches(stop), deadline_s=CEILING_S * 2)
            try:
                for content in call:
                    self._take(message_type("StreamReadingsResponse").FromString(content))
            except grpc.RpcError:
                assert call.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED), call
            finally:
                stop.set()
                self._room.release(WINDOW)

    def _batches(self, stop: threading.Event) -> Iterator[dict[str, Any]]:
        unsure = list(self._under_way.items())
        self.resent += len(unsure)
        for batch_id, values in unsure:
            self._room.acquire()
            yield self._batch(batch_id, values)
        while not stop.is_set():
            self._room.acquire()
            number = next(self._numbers)
            batch_id = f"{self.name}-{number}"
            self._under_way[batch_id] = [f"{batch_id}-{row}" for row in range(ROWS)]
            yield self._batch(batch_id, self._under_way[batch_id])

    def _batch(self, batch_id: str, values: list[str]) -> dict[str, Any]:
        device = self._site.devices["Acme"][0].id
        return {"batch_id": batch_id, "readings": [{"device_id": device, "data": struct_from({"v": one})} for one in values]}

    def _take(self, response: Any) -> None:
        values = self._under_way.pop(response.batch_id)
        if response.outcome.accepted == len(values):  # with those that were stored before
            self.acked += values
        else:
            self.refused.append(f"{response.batch_id}: {response}"[:500])
        self._room.release()


def serving(site: Site) -> RunningServer:
    return start_server(site.data_dir, args=("--grpc", "127.0.0.1:0"))


def close_output(server: RunningServer) -> None:
    assert server.process.stdout is not None
    server.process.stdout.close()


def run_until(writers: list[StreamWriter], server: RunningServer, readings: int, *, kill: bool) -> None:
    """Let all writers send until so many more readings are acknowledged; then kill the server, or end the streams."""
    stops = [threading.Event() for _ in writers]
    threads = [
        threading.Thread(target=writer.run, args=(server.grpc_port, stop)) for writer, stop in zip(writers, stops, strict=True)
    ]
    aim = sum(len(writer.acked) for writer in writers) + readings
    for thread in threads:
        thread.start()
    awaited(lambda: sum(len(writer.acked) for writer in writers) >= aim, what="enough acknowledgements")
    if kill:
        server.kill()
        close_output(server)
    for stop in stops:
        stop.set()
    for thread in threads:
        thread.join(CEILING_S)
        assert not thread.is_alive()


def check(site: Site, writers: list[StreamWriter]) -> Counter[str]:
    """Nothing acknowledged is lost, nothing is there twice, and nothing that nobody sent."""
    stored = stored_values(site.data_dir)
    acked = {value for writer in writers for value in writer.acked}
    assert [told for writer in writers for told in writer.refused] == []
    assert [value for value in acked if not stored[value]] == []
    assert [value for value, count in stored.items() if count > 1] == []
    assert stored.keys() - acked - {value for writer in writers for value in writer.unsure} == set()
    assert damage(site.data_dir) == []
    return stored


def kill_again_and_again(site: Site, chance: random.Random, note: Note, kills: int, readings: int) -> None:
    writers = [StreamWriter(f"stream{number}", site) for number in range(3)]
    assert rpc_named("StreamReadings").streams_in
    for _ in range(kills):
        server = serving(site)
        run_until(writers, server, chance.randrange(readings // 10, readings), kill=True)
        check(site, writers)
    server = serving(site)
    run_until(writers, server, ROWS, kill=False)
    assert server.stop() == 0
    close_output(server)
    assert [writer.unsure for writer in writers if writer.unsure] == []
    stored = check(site, writers)
    sent = {value for writer in writers for value in writer.acked}
    assert stored.keys() == sent
    resent = sum(writer.resent for writer in writers)
    assert resent, "batches were under way when the server was killed"
    note("acknowledged, lost, twice; batches sent again", f"{len(sent):,}, 0, 0; {resent}", "0 lost, 0 twice")


def test_a_kill_under_streams_loses_and_doubles_no_batch(site: Site, chance: random.Random, note: Note) -> None:
    kill_again_and_again(site, chance, note, kills=2, readings=2_000)


@pytest.mark.prove
@pytest.mark.parametrize("series", range(5))
def test_many_kills_under_streams_lose_and_double_no_batch(site: Site, chance: random.Random, note: Note, series: int) -> None:
    kill_again_and_again(site, chance, note, kills=10, readings=20_000)
