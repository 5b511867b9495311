"""The fleet against a real HTTP server on a real socket."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
import structlog

from penstock.demo import Fleet, FleetDevice, Station, load
from penstock.demo.fleet import own_client
from penstock.kit.clock import DAY_US, HOUR_US, format_seconds, parse_time
from penstock.kit.secret import Secret
from tests.support.simulated_time import SimulatedTimeLoop
from tests.support.waiting import CEILING_S

from .listener import serving

NOW_US = parse_time("2026-05-02T14:00:00Z")
STATIONS = load()
IDS = sorted(f"dev_{station.key}" for station in STATIONS)


class StillClock:
    def now_us(self) -> int:
        return NOW_US

    def monotonic(self) -> float:
        return 0.0


def fine(device_id: str, nth: int) -> tuple[int, dict[str, str]]:
    return 200, {}


def fleet_of(
    url: str, stations: list[Station], rate_s: float = 1.0, client_factory: Callable[[], httpx.AsyncClient] = own_client
) -> Fleet:
    devices = [FleetDevice(device_id=f"dev_{s.key}", access_token=Secret(f"tok_{s.key}"), station=s) for s in stations]
    return Fleet(url, devices, rate_s, client_factory, StillClock())


async def replay(fleet: Fleet, until: Callable[[], object]) -> None:
    """Run a fleet until something has come about, and stop it."""
    stop = asyncio.Event()
    task = asyncio.create_task(fleet.run(stop))
    async with asyncio.timeout(CEILING_S):
        while not until():
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(task, CEILING_S)


def simulated(rate_s: float, for_s: float) -> dict[str, list[float]]:
    """When each device posts, on a clock that stands still while anything runs: in seconds from the start."""
    heard: dict[str, list[float]] = {device_id: [] for device_id in IDS}

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def answer(request: httpx.Request) -> httpx.Response:
            heard[request.url.path.split("/")[4]].append(loop.time())
            return httpx.Response(200, json={"success": True})

        transport = httpx.MockTransport(answer)
        fleet = fleet_of("http://door.test", STATIONS, rate_s, lambda: httpx.AsyncClient(transport=transport))
        stop = asyncio.Event()
        loop.call_later(for_s, stop.set)
        await fleet.run(stop)

    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        runner.run(run())
    return heard


def test_every_device_is_heard_at_once_and_evenly() -> None:
    heard = simulated(rate_s=0.8, for_s=1.59)
    assert all(len(times) == 2 for times in heard.values())
    every = sorted(at for times in heard.values() for at in times)
    gaps = [later - earlier for earlier, later in pairwise(every)]
    assert gaps == pytest.approx([0.8 / 27] * 53, abs=1e-6)


def test_a_long_interval_still_starts_within_two_seconds() -> None:
    heard = simulated(rate_s=60, for_s=119)
    assert all(times[0] < 1.5 for times in heard.values())
    assert [times[1] for times in heard.values()] == pytest.approx([60 + 60 * n / 27 for n in range(27)], abs=1e-6)


async def test_every_device_speaks_through_the_ingest_door() -> None:
    async with serving(fine) as server:
        fleet = fleet_of(server.url + "/", STATIONS, rate_s=0.8)
        await replay(fleet, lambda: {message["device_id"] for _, _, message in server.heard} == set(IDS))
    assert server.paths == {("POST", f"/api/v2/devices/{device_id}/telemetry") for device_id in IDS}
    for _, headers, message in server.heard:
        assert headers["authorization"] == "Bearer " + message["device_id"].replace("dev_", "tok_")
        assert headers["content-type"] == "application/json"
        assert message.keys() == {"device_id", "data"}


async def test_readings_are_the_recorded_ones_in_order_from_this_time_of_day() -> None:
    station = STATIONS[0]
    async with serving(fine) as server:
        await replay(fleet_of(server.url, [station], rate_s=0.02), lambda: len(server.heard) > 5)
    by_time = {format_seconds(reading.recorded_us): reading.values for reading in station.series}
    sent = [message["data"] for message in server.of("dev_vlinder01")]
    assert len(sent) > 5
    assert sent[0]["recorded_at"] == "2022-09-05T14:00:00Z"
    assert sent[1]["recorded_at"] == "2022-09-05T14:05:00Z"
    for data in sent:
        assert data == {"recorded_at": data["recorded_at"], **by_time[data["recorded_at"]]}


async def test_at_the_end_of_the_recording_it_begins_again() -> None:
    series = STATIONS[0].series[:3]
    short = Station(**{name: getattr(STATIONS[0], name) for name in Station.__struct_fields__} | {"series": series})
    async with serving(fine) as server:
        await replay(fleet_of(server.url, [short], rate_s=0.02), lambda: len(server.heard) > 6)
    sent = [parse_time(message["data"]["recorded_at"]) for message in server.of("dev_vlinder01")]
    times = [reading.recorded_us for reading in series]
    start = times.index(sent[0])
    assert len(sent) > 6
    assert sent == [times[(start + n) % 3] for n in range(len(sent))]


async def test_history_is_dated_and_meets_the_live_readings() -> None:
    async with serving(fine) as server:
        fleet = fleet_of(server.url, STATIONS[:10])
        await fleet.backfill(hours=24, step=timedelta(hours=1))
        assert server.most_under_way <= 8
        assert {len(server.of(f"dev_{s.key}")) for s in STATIONS[:10]} == {24}
        history = server.of("dev_vlinder02")
        await replay(fleet, lambda: len(server.of("dev_vlinder02")) > len(history))
        live = server.of("dev_vlinder02")[len(history)]
    times = [parse_time(message["time"]) for message in history]
    assert times == list(range(NOW_US - DAY_US, NOW_US, HOUR_US))
    recorded = [parse_time(message["data"]["recorded_at"]) for message in history]
    shift = {at - then for at, then in zip(times, recorded, strict=True)}
    assert len(shift) == 1, "history is the recording moved by whole days"
    assert shift.pop() % DAY_US == 0
    assert "time" not in live
    assert parse_time(live["data"]["recorded_at"]) == recorded[-1] + HOUR_US


async def test_long_history_goes_round_the_recording() -> None:
    async with serving(fine) as server:
        await fleet_of(server.url, STATIONS[:1]).backfill(hours=96, step=timedelta(hours=6))
    for message in server.of("dev_vlinder01"):
        at, recorded = parse_time(message["time"]), parse_time(message["data"]["recorded_at"])
        assert (at - recorded) % DAY_US == 0


async def test_a_busy_server_is_left_alone_for_as_long_as_it_says() -> None:
    def busy_once(device_id: str, nth: int) -> tuple[int, dict[str, str]]:
        return (429 if device_id == IDS[0] else 503, {"Retry-After": "1"}) if nth == 1 else (200, {})

    async with serving(busy_once) as server:
        fleet = fleet_of(server.url, STATIONS[:2], rate_s=0.1)
        await replay(fleet, lambda: all(len(server.of(device_id)) > 2 for device_id in IDS[:2]))
    for device_id in IDS[:2]:
        first, second, *_ = server.times(device_id)
        assert second - first >= 0.99
        messages = server.of(device_id)
        assert messages[0] == messages[1], "the reading that was not taken is sent again"
        assert messages[2] != messages[1]


async def test_history_is_cut_short_where_the_wait_would_be_long() -> None:
    def spent(device_id: str, nth: int) -> tuple[int, dict[str, str]]:
        return (429, {"Retry-After": "3600"}) if device_id == "dev_vlinder01" else (200, {})

    async with serving(spent) as server:
        fleet = fleet_of(server.url, STATIONS[:2])
        await asyncio.wait_for(fleet.backfill(hours=2, step=timedelta(minutes=30)), CEILING_S)
    assert len(server.of("dev_vlinder01")) == 1
    assert len(server.of("dev_vlinder02")) == 4


async def test_devices_turned_away_stay_silent_and_the_others_go_on() -> None:
    statuses = dict(zip(IDS, (401, 403, 404), strict=False))

    def some_refused(device_id: str, nth: int) -> tuple[int, dict[str, str]]:
        return (statuses.get(device_id, 200) if nth == 2 else 200), {}

    with structlog.testing.capture_logs() as logs:
        async with serving(some_refused) as server:
            fleet = fleet_of(server.url, STATIONS[:4], rate_s=0.05)
            await replay(fleet, lambda: len(server.of(IDS[3])) > 8 and all(len(server.of(one)) == 2 for one in statuses))
            await replay(fleet, lambda: len(server.of(IDS[3])) > 12)
            await fleet.backfill(hours=1)
    assert [len(server.of(device_id)) for device_id in statuses] == [2, 2, 2]
    silenced = {e["device_id"]: e["status"] for e in logs if e["event"] == "demo_device_silenced"}
    assert silenced == statuses
    assert [e["event"] for e in logs].count("demo_device_silenced") == 3


async def test_a_fleet_that_is_turned_away_whole_ends_by_itself() -> None:
    async with serving(lambda device_id, nth: (403, {})) as server:
        await asyncio.wait_for(fleet_of(server.url, STATIONS[:3], rate_s=0.1).run(asyncio.Event()), CEILING_S)
    assert len(server.heard) == 3


async def test_a_reading_the_server_does_not_want_is_passed_over() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(lambda device_id, nth: (500 if nth < 4 else 200, {})) as server:
            await replay(fleet_of(server.url, STATIONS[:1], rate_s=0.05), lambda: len(server.heard) > 8)
    sent = [message["data"]["recorded_at"] for message in server.of("dev_vlinder01")]
    assert len(sent) == len(set(sent)) > 5
    assert [entry["event"] for entry in logs].count("demo_reading_rejected") == 1


async def test_it_waits_for_a_server_that_is_not_there_yet() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as logs:
        task = asyncio.create_task(fleet_of(f"http://127.0.0.1:{port}", STATIONS[:3]).run(stop))
        while not logs or logs[-1]["event"] != "demo_server_unreachable":
            await asyncio.sleep(0.01)
        async with serving(fine, port) as server, asyncio.timeout(60):
            while {message["device_id"] for _, _, message in server.heard} != {f"dev_{s.key}" for s in STATIONS[:3]}:
                await asyncio.sleep(0.01)
            stop.set()
            await asyncio.wait_for(task, CEILING_S)
    events = [entry["event"] for entry in logs]
    assert events.count("demo_server_unreachable") == events.count("demo_server_reachable") == 1


async def test_stop_is_prompt_even_while_an_answer_is_outstanding() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.setblocking(False)
        endless = functools.partial(httpx.AsyncClient, timeout=None, trust_env=False)
        fleet = fleet_of(f"http://127.0.0.1:{silent.getsockname()[1]}", STATIONS[:3], client_factory=endless)
        stop = asyncio.Event()
        task = asyncio.create_task(fleet.run(stop))
        calling, _ = await asyncio.get_running_loop().sock_accept(silent)
        with calling:
            stop.set()
            await asyncio.wait_for(task, CEILING_S)


async def test_history_stops_when_told() -> None:
    stop = asyncio.Event()
    async with serving(fine) as server:
        task = asyncio.create_task(fleet_of(server.url, STATIONS).backfill(step=timedelta(minutes=5), stop=stop))
        while not server.heard:
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(task, CEILING_S)
    assert 0 < len(server.heard) < 27 * 288


async def test_tokens_show_neither_in_logs_nor_in_repr() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(lambda device_id, nth: (500 if nth == 1 else 403, {})) as server:
            await fleet_of(server.url, STATIONS[:1], rate_s=0.05).run(asyncio.Event())
    assert [entry["event"] for entry in logs][1:] == ["demo_reading_rejected", "demo_device_silenced"]
    assert "tok_" not in repr(logs)
    assert "tok_" not in repr(FleetDevice(device_id="dev_1", access_token=Secret("tok_1"), station=STATIONS[0]))


async def test_a_fleet_of_none_ends_at_once() -> None:
    fleet = fleet_of("http://127.0.0.1:9", [])
    await asyncio.wait_for(fleet.run(asyncio.Event()), CEILING_S)
    await asyncio.wait_for(fleet.backfill(), CEILING_S)
