"""Pictures of the console for the guide: `make screenshots` starts the demo, opens its pages in a browser, and writes them.

Each picture is drawn with few colours, and must not be larger than `MAX_BYTES`.
"""

from __future__ import annotations

import io
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from tests.support.chromium import WIDTHS, chromium
from tests.support.server import RunningServer, start_server

FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "images"
MAX_BYTES = 150_000
COLOURS = (256, 128, 64, 32)
PAGES = {
    "devices": ("/console/devices", "desk", "light"),
    "device": ("/console/devices/{device}", "desk", "light"),
    "history": ("/console/devices/{device}/history?range=24h", "desk", "dark"),
    "map": ("/console/devices/map", "desk", "light"),
    "alerts": ("/console/alerts", "desk", "light"),
    "rule": ("/console/rules/{rule}", "desk", "dark"),
    "connect": ("/console/connect", "desk", "light"),
    "key": ("/console/keys/new", "desk", "light"),
    "device-phone": ("/console/devices/{device}", "phone", "light"),
    "alerts-phone": ("/console/alerts", "phone", "dark"),
}
"""By name: the page, the width of the window, and the theme."""
SETTLED = "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"
HISTORY_S = 120.0
"""How long the demo may take to load its day of readings."""


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder) / "data", args=("--demo",))
        try:
            key, org, link = _welcome(server)
            headers = {"X-API-Key": key, "X-Organization-Id": org}
            with httpx.Client(base_url=server.base_url, headers=headers, timeout=60) as api:
                ids = _fill(api)
            with chromium() as browser:
                _take(browser, server, link, ids)
        finally:
            server.stop()


def _welcome(server: RunningServer) -> tuple[str, str, str]:
    """The key, the organisation and the link that signs in, which the demo prints at its first start."""
    found, stdout = "", server.process.stdout
    assert stdout is not None
    while "/welcome" not in found:
        line = stdout.readline()
        assert line, found
        found += line
    key, org, link = (re.search(one, found) for one in (r"KEY=(\S+)", r"ORG=(\S+)", r"http\S+/welcome\S*"))
    assert key is not None, found
    assert org is not None, found
    assert link is not None, found
    return key[1], org[1], link[0]


def _fill(api: httpx.Client) -> dict[str, str]:
    """Alerts and a rule on the fleet, once it has a history; the ids that addresses name."""
    until = time.monotonic() + HISTORY_S
    devices: list[dict[str, Any]] = []
    while time.monotonic() < until:
        devices = api.get("/api/v2/devices", params={"limit": "20"}).json()["data"]
        if devices and len(_readings(api, devices[0]["id"])) > 500:
            break
        time.sleep(1)
    values = _readings(api, devices[0]["id"])[0]["data"]
    field = next(name for name, value in values.items() if "temp" in name and isinstance(value, int | float))
    for name, severity, operator, value in (
        ("Cooler than usual", "warning", "<", 100),
        ("Sensor to be checked", "critical", ">", -50),
        ("Heat", "info", ">", 45),
    ):
        condition = {"type": "threshold", "field": field, "operator": operator, "value": value}
        wanted = {"name": name, "severity": severity, "target": {"devices": [devices[0]["id"]]}, "condition": condition}
        api.post("/api/v2/alerts", json=wanted).raise_for_status()
    definition = {
        "trigger": {"type": "reading", "sensors": [field]},
        "condition": f"reading.values.{field} > 30.0",
        "actions": [{"type": "label", "key": "weather", "value": "hot"}],
    }
    rule = api.post("/api/v2/rules", json={"name": "Mark hot stations", "definition": definition}).raise_for_status().json()
    api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
    while time.monotonic() < until and not api.get("/api/v2/alert-events").json()["data"]:
        time.sleep(1)
    return {"device": devices[0]["id"], "rule": rule["id"]}


def _readings(api: httpx.Client, device: str) -> list[dict[str, Any]]:
    return list(api.get(f"/api/v2/devices/{device}/telemetry", params={"limit": "1000"}).json()["data"])


def _take(browser: Any, server: RunningServer, link: str, ids: dict[str, str]) -> None:
    first = browser.new_context()
    page = first.new_page()
    page.goto(link)
    page.click("form button[type=submit], form button:not([type])")
    page.wait_for_load_state("networkidle")
    kept = first.storage_state()
    for name, (path, width, theme) in PAGES.items():
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        context = browser.new_context(
            storage_state=kept, viewport=size, color_scheme=theme, reduced_motion="reduce", base_url=server.base_url
        )
        page = context.new_page()
        page.goto(path.format(**ids), wait_until="load")
        page.wait_for_function("() => !document.body.innerText.includes('Loading …')")
        page.evaluate(SETTLED)
        (FOLDER / f"{name}.png").write_bytes(_small(page.screenshot()))
        context.close()


def _small(picture: bytes) -> bytes:
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        few = whole.quantize(colours, Image.Quantize.MAXCOVERAGE)  # keeps colours that are rare
        few.save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            return out.getvalue()
    raise SystemExit(f"a picture is larger than {MAX_BYTES} bytes")


if __name__ == "__main__":
    main()
