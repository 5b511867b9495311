"""A plain reader of Server-Sent Events in a thread of its own, written against the standard, not against our code."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.waiting import CEILING_S


@dataclass
class Event:
    name: str
    id: str
    data: dict[str, Any]


class SseReader:
    """Opens a stream and puts its events on a queue."""

    def __init__(self, client: httpx.Client, query: str = "", last_event_id: int | None = None) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.comments = 0
        self._client = client
        headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
        request = client.build_request("GET", f"/api/v2/streams/sse{query}", headers=headers)
        self.response = client.send(request, stream=True)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        fields: dict[str, str] = {}
        try:
            for line in self.response.iter_lines():
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    self.events.put(Event(fields["event"], fields["id"], json.loads(fields["data"])))
                    fields = {}
        except (httpx.HTTPError, httpx.StreamError):
            return

    def next(self, name: str = "reading", timeout: float = CEILING_S) -> Event:
        """The next event of this name; others before it are skipped."""
        while True:
            event = self.events.get(timeout=timeout)
            if event.name == name:
                return event

    def take(self, count: int, timeout: float = CEILING_S) -> list[Event]:
        return [self.next(timeout=timeout) for _ in range(count)]

    def quiet(self, seconds: float = 0.4) -> bool:
        """Whether nothing more comes for a while; the word that the stream is ready does not count."""
        try:
            while self.events.get(timeout=seconds).name == "ready":
                continue
        except queue.Empty:
            return True
        return False

    def close(self) -> None:
        """Hang up. The socket is shut down first: closing it under a thread that reads it would not end the connection."""
        connection = self.response.extensions["network_stream"].get_extra_info("socket")
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(CEILING_S)
        self.response.close()
