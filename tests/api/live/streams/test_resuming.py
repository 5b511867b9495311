"""A browser's EventSource over kills and restarts of the server: with the one URL that it has, it misses and doubles nothing.

The reader is written against the HTML standard (9.2, server-sent events): it reconnects by itself with the same URL after the
time that the server names, sends the id of the last event, and gives up for good at any status but 200.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from pathlib import Path

import httpx

from tests.support.server import Org, RunningServer, bootstrap_org, running_server
from tests.support.waiting import CEILING_S, eventually


class EventSource:
    """Reads readings from a URL until it is closed or refused."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[int] = []
        self.opened = self.retry_ms = 0
        self.refused: int | None = None
        self._last_event_id = ""
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Connect no more. What is open ends with its server."""
        self._closed.set()

    def join(self) -> None:
        self._thread.join(CEILING_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        while not self._closed.is_set() and self.refused is None:
            with contextlib.suppress(httpx.HTTPError):  # a network error: the connection is made again
                self._read()
            eventually(lambda: self._closed.is_set() or self._answers())  # and not after the time that the server names

    def _answers(self) -> bool:
        """Whether somebody listens at the address."""
        url = httpx.URL(self.url)
        with socket.socket() as found:
            return found.connect_ex((url.host, url.port)) == 0

    def _read(self) -> None:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self._last_event_id} if self._last_event_id else {})
        with httpx.stream("GET", self.url, headers=headers, timeout=CEILING_S) as answer:
            if answer.status_code != 200:
                self.refused = answer.status_code
                return
            self.opened += 1
            name = data = ""
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                if field == "id":
                    self._last_event_id = value
                elif field == "retry":
                    self.retry_ms = int(value)
                elif field == "event":
                    name = value
                elif field == "data":
                    data = value
                elif not line:
                    if name == "reading":
                        self.seen.append(json.loads(data)["data"]["n"])
                    name = data = ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def send(server: RunningServer, org: Org, device_id: str, numbers: range) -> None:
    with server.client(org) as client:
        rows = [{"device_id": device_id, "data": {"n": number}, "dedupe_key": f"n-{number}"} for number in numbers]
        assert client.post("/api/v2/telemetry", json=rows).status_code == 201


def test_an_event_source_resumes_over_kills_and_restarts(tmp_path: Path) -> None:
    data_dir, port = tmp_path / "data", free_port()
    org = bootstrap_org(data_dir)
    with running_server(data_dir, orgs=(), port=port) as server:
        with server.client(org) as client:
            device_id = client.post("/api/v2/devices", json={"name": "live"}).json()["device"]["id"]
            ticket = client.post("/api/v2/streams/tickets").json()["ticket"]
        source = EventSource(f"{server.base_url}/api/v2/streams/sse?ticket={ticket}&keys=n")
        assert eventually(lambda: source.opened > 0)
        send(server, org, device_id, range(50))
        assert eventually(lambda: len(source.seen) >= 50)
        server.kill()
    for sent in (50, 150, 250):
        with running_server(data_dir, orgs=(), port=port) as server:
            # Before the browser is back or after it: either way it gets each reading once.
            send(server, org, device_id, range(sent, sent + 100))
            assert eventually(lambda sent=sent: len(source.seen) >= sent + 100)
            if sent != 150:  # the other two end by a kill
                server.kill()
    source.close()
    source.join()
    assert source.seen == list(range(350))
    assert source.refused is None
    assert source.retry_ms > 0
    assert source.opened >= 4
