"""`penstock serve --demo`: after the very first start there is something to look at, within ten seconds where that is measured,
and nothing it does can end the server."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import httpx
import pytest

from tests.support.pace import in_time
from tests.support.server import PENSTOCK, clean_environment, run_cli
from tests.support.waiting import CEILING_S, eventually

STATIONS = 27
EXPORT = re.compile(r"export KEY=(?P<key>psk_\w+) ORG=(?P<org>org_\w+)")
CURL = re.compile(r'curl (?P<stream>-N )?(?P<url>\S+) -H "X-API-Key: \$KEY" -H "X-Organization-Id: \$ORG"')


class Demo:
    """A server started with `--demo` and what it prints, line by line."""

    def __init__(self, data_dir: Path) -> None:
        self.started = time.monotonic()
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*PENSTOCK, "serve", "--data-dir", str(data_dir), "--http", "127.0.0.1:0", "--demo"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=clean_environment(),
            )
        self._coming: Queue[str] = Queue()
        self.lines: list[str] = []
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._coming.put(line.rstrip("\n"))

    def until(self, text: str) -> str:
        """The first line that holds a text."""
        while True:
            for line in self.lines:
                if text in line:
                    return line
            self.lines.append(self._coming.get(timeout=CEILING_S))

    def address(self) -> str:
        return self.until("is listening on").split()[-1]

    def stop(self) -> tuple[int, float]:
        """Exit status, and how long it took."""
        start = time.monotonic()
        self.process.terminate()
        status = self.process.wait(timeout=CEILING_S)
        took_s = time.monotonic() - start
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        while not self._coming.empty():
            self.lines.append(self._coming.get())
        return status, took_s


@contextmanager
def demo_on(data_dir: Path) -> Iterator[Demo]:
    demo = Demo(data_dir)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()


def printed_client(demo: Demo) -> httpx.Client:
    """What somebody has who pastes the printed lines."""
    match, call = EXPORT.search(demo.until("export KEY=")), CURL.search(demo.until("/api/v2/devices"))
    assert match is not None
    assert call is not None
    assert call["url"] == f"{demo.address()}/api/v2/devices"
    return httpx.Client(base_url=demo.address(), headers={"X-API-Key": match["key"], "X-Organization-Id": match["org"]})


def devices(api: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = api.get("/api/v2/devices?limit=100").json()["data"]
    return found


def heard(api: httpx.Client, at_least: int) -> bool:
    latest = [api.get(f"/api/v2/devices/{one['id']}/telemetry/latest").json()["data"] for one in devices(api)]
    return sum(one is not None for one in latest) >= at_least


def history(api: httpx.Client, device: object, to: str = "") -> int:
    """How many readings a device has of the last day, or of the time before."""
    range_ = {"from": "2026-01-01T00:00:00Z", "to": to} if to else {"range": "26h"}
    answer = api.get(f"/api/v2/devices/{device}/telemetry", params=range_ | {"limit": "10000"})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["data"])


def hours_ago() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 4 * 3600))


def has_past(api: httpx.Client, at_least: int) -> bool:
    """Whether so many devices have readings dated hours ago."""
    return sum(history(api, one["id"], hours_ago()) > 0 for one in devices(api)) >= at_least


def streams(api: httpx.Client) -> bool:
    """Whether the live stream brings a reading."""
    with api.stream("GET", "/api/v2/streams/sse", timeout=CEILING_S) as answer:
        assert answer.status_code == 200
        return any(line == "event: reading" for line in answer.iter_lines())


def test_the_first_start_is_alive_and_the_second_goes_on(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with demo_on(data_dir) as demo, printed_client(demo) as api:
        assert eventually(lambda: heard(api, STATIONS))
        assert eventually(lambda: has_past(api, 5))
        assert streams(api)
        found = devices(api)
        assert_is_the_fleet(api, found)
        stream = CURL.search(demo.until("curl -N"))
        assert stream is not None
        assert (stream["url"], stream["stream"]) == (f"{demo.address()}/api/v2/streams/sse", "-N ")
        link, _, token = demo.until("/console/welcome#token=").strip().partition("#token=")
        assert link == f"{demo.address()}/console/welcome"
        signed_in = [api.post("/api/v2/auth/link", json={"token": token}) for _ in range(2)]
        assert [answer.status_code for answer in signed_in] == [200, 400]
        assert signed_in[0].json()["role"] == "owner"
        key = api.headers["X-API-Key"]
        deleted, paused, kept = (str(one["id"]) for one in found[:3])
        assert api.delete(f"/api/v2/devices/{deleted}").status_code == 204
        assert api.post(f"/api/v2/devices/{paused}/pause").status_code == 200
        assert demo.stop()[0] == 0, "while it is still filling history, but on the slowest of testing machines"
        listening = [line for line in demo.lines if "is listening on" in line]
        assert len(listening) == 1
        assert sum(key in line for line in demo.lines) == 1
        assert "demo_server_unreachable" not in demo.log.read_text()
        assert "Traceback" not in demo.log.read_text()

    with demo_on(data_dir) as demo, httpx.Client(base_url=demo.address(), headers=api.headers) as again:
        demo.until("its key was shown at the first start")
        offered = demo.until("penstock key create")
        assert "psk_" not in "".join(demo.lines)
        long_ago = hours_ago()
        past, before = history(again, kept, long_ago), history(again, kept)
        assert eventually(lambda: history(again, kept) > before + 1)
        assert history(again, kept, long_ago) == past, "no second history"
        now = {str(one["id"]): one for one in devices(again)}
        assert len(now) == STATIONS, "the deleted one is made again"
        assert now.keys() & {one["id"] for one in found} == {one["id"] for one in found} - {deleted}
        assert now[paused]["status"] == "paused"
        assert eventually(lambda: heard(again, STATIONS))
        another = run_cli("key", *offered.partition("penstock key ")[2].replace("NAME", "mine").split())
        value = next(line.split()[1] for line in another.stdout.splitlines() if line.startswith("api_key"))
        assert again.get("/api/v2/devices", headers={"X-API-Key": value}).status_code == 200
        assert demo.stop()[0] == 0
    for path in [*data_dir.rglob("*.db"), *data_dir.rglob("*-wal")]:
        assert key.encode() not in path.read_bytes()
        assert not re.search(rb"tok_[0-9A-Za-z]{36}", path.read_bytes()), "no token is stored in clear"


def assert_is_the_fleet(api: httpx.Client, found: list[dict[str, object]]) -> None:
    """All stations are there, each with its place, its name in the recording and its sensors."""
    assert len(found) == STATIONS
    for device in found:
        assert device["location"] is not None
        assert device["type"] == "weather_station"
        (identifier,) = device["identifiers"]  # type: ignore[misc]
        station = device["labels"]["demo"]  # type: ignore[index]
        assert identifier == {"kind": "external", "value": f"demo:{station}"}
    sensors = api.get(f"/api/v2/devices/{found[0]['id']}/sensors").json()["data"]
    declared = {one["key"]: one["unit"] for one in sensors if one["declared"]}
    assert declared["temperature"] == "°C"
    assert declared["pressure"] == "hPa"


def test_a_demo_that_fails_leaves_the_server_running(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "penstock.toml").write_text("[plans.enterprise]\ndevice_limit = 5\n")
    with demo_on(tmp_path / "data") as demo, printed_client(demo) as api:
        assert eventually(lambda: '"task_failed"' in demo.log.read_text())
        assert len(devices(api)) == 5
        assert api.get("/ready").status_code == 200
        assert demo.stop()[0] == 0


# How quick it is.


def within(seconds: float, start: float, is_so: Callable[[], bool]) -> float:
    """How long after the start something was so."""
    assert eventually(is_so), "never"
    took_s = time.monotonic() - start
    assert in_time(took_s, seconds), "not in time"
    return took_s


@pytest.mark.prove
def test_the_first_start_is_alive_within_ten_seconds(tmp_path: Path) -> None:
    with demo_on(tmp_path / "data") as demo, printed_client(demo) as api:
        alive_s = within(10, demo.started, lambda: heard(api, 20))
        past_s = within(10, demo.started, lambda: has_past(api, 5))
        sys.stderr.write(f"latest of 20 devices after {alive_s:.1f} s, history of 5 after {past_s:.1f} s\n")
        stream_s = within(10, demo.started, lambda: streams(api))
        sys.stderr.write(f"a live reading on the printed stream after {stream_s:.1f} s\n")
        within(30, demo.started, lambda: "demo_history_filled" in demo.log.read_text())
        assert all(90 <= history(api, one["id"]) <= 140 for one in devices(api))
        status, took_s = demo.stop()
        assert (status, in_time(took_s, 3)) == (0, True)


@pytest.mark.prove
def test_it_stops_at_once_while_it_is_still_filling_history(tmp_path: Path) -> None:
    with demo_on(tmp_path / "data") as demo, printed_client(demo) as api:
        within(10, demo.started, lambda: has_past(api, 1))
        status, took_s = demo.stop()
    assert status == 0
    assert in_time(took_s, 3)
    assert "demo_history_filled" not in demo.log.read_text()
    assert "Traceback" not in demo.log.read_text()


@pytest.mark.prove
def test_the_second_start_is_alive_within_ten_seconds(tmp_path: Path) -> None:
    with demo_on(tmp_path / "data") as demo, printed_client(demo) as api:
        demo.until("curl -N")
        assert demo.stop()[0] == 0
    with demo_on(tmp_path / "data") as demo, httpx.Client(base_url=demo.address(), headers=api.headers) as again:
        within(10, demo.started, lambda: heard(again, STATIONS))
