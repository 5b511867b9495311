"""Ingest at full speed from several threads, with a note of every acknowledgement."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.server import Org, RunningServer

ROWS = 20


class Load:
    """What was acknowledged: when (monotonic seconds), and the readings by sequence number."""

    def __init__(self) -> None:
        self.acknowledged: list[tuple[float, dict[int, str]]] = []
        self.problems: list[str] = []

    def before(self, moment: float) -> dict[int, str]:
        """Every reading acknowledged before a moment."""
        return {seq: text for at, rows in list(self.acknowledged) if at < moment for seq, text in rows.items()}


@contextmanager
def load_on(server: RunningServer, org: Org, devices: list[str]) -> Iterator[Load]:
    """Load while the block runs: one thread per device, in batches, as fast as the answers come."""
    load, stop = Load(), threading.Event()
    threads = [threading.Thread(target=_send, args=(server, org, device, load, stop)) for device in devices]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert load.problems == []


def _send(server: RunningServer, org: Org, device: str, load: Load, stop: threading.Event) -> None:
    count = 0
    with server.client(org) as api:
        while not stop.is_set():
            texts = [f"{device} {count + n}" for n in range(ROWS)]
            count += ROWS
            try:
                answer = api.post(f"/api/v2/devices/{device}/telemetry", json=[{"data": {"text": text}} for text in texts])
            except httpx.HTTPError as error:
                load.problems.append(repr(error))
                return
            if answer.status_code != 201:
                load.problems.append(answer.text)
                return
            load.acknowledged.append((time.monotonic(), dict(zip(answer.json()["seqs"], texts, strict=True))))
