"""The console: how long the server takes for a page, what a browser has to load, and what browsers that watch cost."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec

from bench.context import Bench
from bench.figures.live import messages, stream
from bench.loadgen import percentile, run, send_all
from bench.server import Server
from bench.sse import Pace, watch
from bench.table import Must, Row
from tests.security.console import routes
from tests.support.chromium import FLAGS

DEVICES, MANY_DEVICES = 10_000, 100_000
QUICK_DEVICES, QUICK_MANY_DEVICES = 1_000, 3_000
BROWSERS, PER_SECOND = 50, 100
POINTS = 10_000
LOADS, AT_ONCE = 5, 500
SETTINGS = {"PENSTOCK_LIMITS_CONSOLE_CALLS_PER_MINUTE": "1000000", "PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed"}
"""No person opens pages as fast as they are opened here, and writing is not measured."""
OF_MANY = (
    "/console/devices",
    "/console/devices?sort=name",
    "/console/devices?q=7",
    "/console/devices?q=unknown",
    "/console/devices?connectivity=never&sort=last_seen_at",
    "/console",
)
"""Pages at the largest number of devices: the first one has a limit."""
FACES = ("", "/history", "/messages", "/commands", "/alerts", "/events", "/settings")
"""The pages of one device."""
READINGS = b'[{"data": {"temperature": 21.5, "humidity": 40.2}}, {"data": {"temperature": 21.6, "humidity": 40.1}}]'
LARGEST = "/devices/{device}/history"
DRAW = """(points) => new Promise((done, fail) => {
    const chart = document.createElement("ps-chart");
    const rows = Array.from({length: points}, (_, at) => [1.7e9 + at * 60, Math.sin(at / 50) + Math.random()]);
    chart.setAttribute("series", JSON.stringify([{label: "temperature", points: rows}]));
    chart.setAttribute("height", "240");
    const begun = performance.now();
    const look = () => chart.querySelector("canvas") ? done(performance.now() - begun) : setTimeout(look, 0);
    setTimeout(() => fail(new Error("the chart is not drawn")), 20000);
    document.querySelector("main").prepend(chart);
    look();
})"""


def measure(bench: Bench) -> list[Row]:
    return [*_pages(bench), *_many(bench), *_wall(bench)]


def _pages(bench: Bench) -> list[Row]:
    count = QUICK_DEVICES if bench.quick else DEVICES
    with bench.server("console", environment=SETTINGS) as server:
        device = _devices(server, count)
        run(send_all(server.port, [server.post(f"/api/v2/devices/{device}/telemetry", READINGS)]))
        server.wait_until_idle()
        session = _session(server)
        with _browser(server, session) as client:
            times = {path: _times(client, path, bench) for path in _paths(device)}
        worst = max(times, key=lambda path: percentile(times[path], 50))
        latest = max(times, key=lambda path: percentile(times[path], 99))
        rows = [
            Row(
                figure=f"slowest page of the console at {count:,} devices: p50",
                value=percentile(times[worst], 50) * 1000,
                unit="ms",
                must=Must(at_most=30),
                note=f"{_named(worst)}; p50 in ms: {_medians(times)}",
            ),
            Row(
                figure=f"slowest page of the console at {count:,} devices: p99",
                value=percentile(times[latest], 99) * 1000,
                unit="ms",
                must=Must(at_most=200),
                note=_named(latest),
            ),
        ]
        return rows + _in_browser(server, session, device)


def _many(bench: Bench) -> list[Row]:
    count = QUICK_MANY_DEVICES if bench.quick else MANY_DEVICES
    with bench.server("console-many", environment=SETTINGS) as server:
        _devices(server, count)
        server.wait_until_idle()
        with _browser(server, _session(server)) as client:
            times = {path: _times(client, path, bench) for path in OF_MANY}
    first = times[OF_MANY[0]]
    note = f"p99 {percentile(first, 99) * 1000:.1f} ms; p50 in ms: {_medians(times)}"
    name = f"first page of {count:,} devices: p50"
    return [Row(figure=name, value=percentile(first, 50) * 1000, unit="ms", must=Must(at_most=50), note=note)]


def _wall(bench: Bench) -> list[Row]:
    with bench.server("console-wall") as server:
        pace = Pace(server.port, messages(server), 4)
        found = run(watch(pace, server.process, stream(server), BROWSERS, PER_SECOND, bench.seconds(15, 4)))
        with bench.server("console-no-wall") as other:
            alone = run(
                watch(Pace(other.port, messages(other), 4), other.process, stream(other), 0, PER_SECOND, bench.seconds(15, 4))
            )
    return [
        Row(
            figure=f"{BROWSERS} browsers on a live wall, {PER_SECOND} readings/s: their share of a core",
            value=(found.server_cpu - alone.server_cpu) * 100,
            unit="%",
            must=Must(at_most=20),
            note=f"server {found.server_cpu:.0%} with them, {alone.server_cpu:.0%} without; {found.missing} events missing",
        )
    ]


def _in_browser(server: Server, session: str, device: str) -> list[Row]:
    """What a browser measures, if there is one: the bytes that it loads, when it is ready, and how fast it draws."""
    figures = {
        "scripts and styles of the largest page": ("kB", Must(at_most=250)),
        "largest page, nothing cached: until it is ready to use": ("ms", Must(at_most=1000)),
        f"a chart of {POINTS:,} points is drawn": ("ms", Must(at_most=100)),
    }
    found: tuple[float | None, ...] = (None, None, None)
    note = ""
    try:
        found = _loaded(server, session, f"/console{LARGEST.format(device=device)}")
    except (ImportError, FileNotFoundError) as error:
        note = f"no browser: {error}"
    rows = zip(figures.items(), found, strict=True)
    return [Row(figure=name, value=value, unit=unit, must=must, note=note) for (name, (unit, must)), value in rows]


class _Wire:
    """What a page loads, as the browser's own tools count it: bytes as they were sent, by request."""

    def __init__(self, session: Any) -> None:
        self._kinds: dict[str, str] = {}
        self._bytes: dict[str, float] = {}
        session.on("Network.responseReceived", lambda event: self._kinds.update({event["requestId"]: event["type"]}))
        session.on("Network.loadingFinished", lambda event: self._bytes.update({event["requestId"]: event["encodedDataLength"]}))
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def size(self) -> float:
        return sum(size for name, size in self._bytes.items() if self._kinds.get(name) in ("Script", "Stylesheet"))


def _loaded(server: Server, session: str, path: str) -> tuple[float, float, float]:
    """kB of scripts and styles, ms until the page is ready, and ms until a chart is drawn: medians of a few times."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium")
    sizes, ready, drawn = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(base_url=server.running.base_url)
        context.add_cookies([{"name": "penstock_session", "value": session, "url": server.running.base_url}])
        for _ in range(LOADS):
            page = context.new_page()
            wire = _Wire(context.new_cdp_session(page))
            page.goto(path, wait_until="load")
            ready.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
            page.wait_for_function("() => customElements.get('ps-chart') !== undefined")
            page.evaluate(DRAW, 100)  # loads what draws
            drawn.append(page.evaluate(DRAW, POINTS))
            sizes.append(wire.size() / 1000)
            page.close()
        browser.close()
    return percentile(sizes, 50), percentile(ready, 50), percentile(drawn, 50)


def _devices(server: Server, count: int) -> str:
    """Create devices, a part at a time, as the load generator does not wait for long. Returns the last one's id."""
    made = [server.create_devices(min(AT_ONCE, count - begin))[-1] for begin in range(0, count, AT_ONCE)]
    return made[-1].id


def _session(server: Server) -> str:
    """A session of the owner, as the cookie holds it."""
    credentials = msgspec.json.encode({"email": server.org.user_email, "password": server.org.user_password})
    url, headers = f"{server.running.base_url}/api/v2/auth/sign-in", {"content-type": "application/json"}
    answer = httpx.post(url, content=credentials, headers=headers, timeout=30).raise_for_status()
    return str(answer.json()["refresh_token"])


@contextmanager
def _browser(server: Server, session: str) -> Iterator[httpx.Client]:
    headers = {"cookie": f"penstock_session={session}", "sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=server.running.base_url, headers=headers, timeout=60) as client:
        yield client


def _times(client: httpx.Client, path: str, bench: Bench) -> list[float]:
    """How long the page takes, from the request to its last byte; the first few times are not counted."""
    took_s = []
    for number in range(15 if bench.quick else 110):
        begun = time.perf_counter()
        answer: Any = client.get(path)
        passed = time.perf_counter() - begun
        assert answer.status_code == 200, (path, answer.status_code)
        if number >= 5:
            took_s.append(passed)
    return took_s


def _paths(device: str) -> list[str]:
    """All pages that a person can open without the id of a thing, and those of a device."""
    opened = [route.path for route in routes() if route.method == "GET" and not route.public and "{" not in route.path]
    return opened + [f"/console/devices/{device}{face}" for face in FACES]


def _medians(times: dict[str, list[float]]) -> str:
    return ", ".join(f"{_named(path)} {percentile(found, 50) * 1000:.1f}" for path, found in times.items())


def _named(path: str) -> str:
    return re.sub(r"dev_\w+", "…", path.removeprefix("/console") or "/")
