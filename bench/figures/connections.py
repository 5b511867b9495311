"""ChirpStack uplinks through the endpoint of network servers, as they are and through a codec. A 200 means on disk."""

from __future__ import annotations

import datetime
import itertools
import json
import random
import secrets
from collections.abc import Iterator
from typing import Any

import msgspec

from bench.compare import Side, by_turns, cost
from bench.context import SEED, Bench
from bench.figures.codecs import SHORT
from bench.http import request
from bench.loadgen import run, send_all
from bench.server import Server
from bench.table import Must, Row

CALLERS = 64
DEVICES = 1_000
NAME = "00000000-0000-4000-8000-000000000000"
"""The placeholder for an uplink's own id. With equal ids, all uplinks but the first would be duplicates."""


def measure(bench: Bench) -> list[Row]:
    plain = _uplinks(bench, codec=None, must=Must(at_least=4_000))
    return [plain, _uplinks(bench, codec=SHORT, must=Must(at_least=2_000))]


def _uplinks(bench: Bench, *, codec: str | None, must: Must) -> Row:
    chance = random.Random(SEED)
    with bench.server("connections" if codec is None else "codec") as server:
        euis = register(server, None if codec is None else profile_of(server, codec))
        path, secret = connect(server)
        templates = [template(path, secret, uplink_of(eui, chance)) for eui in euis]
        size = len(json.dumps(uplink_of(euis[0], chance)))
        requests = [_endless(templates[number::CALLERS], number) for number in range(CALLERS)]
        answer = run(send_all(server.port, [next(iter(requests[0]))]))[0]
        with bench.front_door("bare", len(answer)) as (port, process):
            limit = Side(port, process, requests)
            side = by_turns(bench, server, requests, limit)
    result = side.result
    through = "" if codec is None else ", each through a short codec"
    return Row(
        figure=f"ChirpStack uplinks of {size:,} bytes, durable{through} ({CALLERS} connections, {DEVICES:,} devices)",
        value=result.rate,
        unit="/s",
        must=must,
        limit=limit.result.rate,
        limit_name="bare ASGI, same front door",
        note=f"p50 {result.percentile_ms(50):.2f} ms, p99 {result.percentile_ms(99):.2f} ms; {cost(side, limit)}",
    )


def profile_of(server: Server, codec: str) -> str:
    """Create a device profile with a codec."""
    with server.running.client(server.org) as client:
        profile = str(client.post("/api/v2/profiles", json={"name": "Bench"}).json()["id"])
        client.post(f"/api/v2/profiles/{profile}/codec-versions", json={"script": codec}).raise_for_status()
    return profile


def register(server: Server, profile: str | None) -> list[str]:
    euis = [secrets.token_hex(8) for _ in range(DEVICES)]
    about = {} if profile is None else {"profile_id": profile}
    bodies = [about | {"name": eui, "identifiers": [{"kind": "eui", "value": eui}]} for eui in euis]
    run(send_all(server.port, [server.post("/api/v2/devices", msgspec.json.encode(body)) for body in bodies]))
    return euis


def connect(server: Server) -> tuple[str, str]:
    connection = msgspec.json.encode({"type": "chirpstack", "name": "Bench"})
    made = msgspec.json.decode(run(send_all(server.port, [server.post("/api/v2/connections", connection)]))[0])
    return f"{made['connection']['ingest_path']}?event=up", made["secret"]


def template(path: str, secret: str, uplink: dict[str, Any]) -> tuple[bytes, bytes]:
    """A request, split before and after the uplink's id."""
    head, _, tail = request("POST", path, {"x-connection-secret": secret}, json.dumps(uplink).encode()).partition(NAME.encode())
    return head, tail


def _endless(templates: list[tuple[bytes, bytes]], caller: int) -> Iterator[bytes]:
    for number, (head, tail) in enumerate(itertools.cycle(templates)):
        yield b"%b%08x-0000-4000-8000-%012x%b" % (head, caller, number, tail)


def uplink_of(eui: str, chance: random.Random) -> dict[str, Any]:
    """An uplink as ChirpStack 4 sends it. Source: surfaces/lorawan.md 1.5."""
    now = datetime.datetime.now(datetime.UTC).isoformat()
    return {
        "deduplicationId": NAME,
        "time": now,
        "deviceInfo": {
            "tenantId": "0f6d9b1e-3c55-4a47-9c8a-5f5f6d7a0b11",
            "tenantName": "riverside-hoa",
            "applicationId": "b1b0a3c2-77d1-4b0d-8f0e-2d3c4b5a6978",
            "applicationName": "cold-water",
            "deviceProfileId": "9a0d1c2b-3e4f-4a5b-8c7d-6e5f4a3b2c1d",
            "deviceProfileName": "ultrasonic-meter-eu868",
            "deviceName": f"Meter {eui}",
            "devEui": eui,
            "deviceClassEnabled": "CLASS_A",
            "tags": {"serial": "UW-204817"},
        },
        "devAddr": "01a4c37e",
        "adr": True,
        "dr": 3,
        "fCnt": chance.randrange(65_536),
        "fPort": 10,
        "confirmed": False,
        "data": "AALQBw4GAA==",
        "object": {"cumulativeFlowM3": round(chance.uniform(0, 500), 3), "battery": 3.59, "leak": False},
        "rxInfo": [
            {
                "gatewayId": "7276ff002e0621b4",
                "uplinkId": chance.randrange(65_536),
                "gwTime": now,
                "nsTime": now,
                "timeSinceGpsEpoch": "1460182369.482s",
                "rssi": -104,
                "snr": 4.8,
                "channel": 5,
                "rfChain": 1,
                "location": {"latitude": 40.4312, "longitude": -3.6785, "altitude": 688.0},
                "context": "b1xkPA==",
                "metadata": {"region_config_id": "eu868", "region_common_name": "EU868"},
                "crcStatus": "CRC_OK",
            }
        ],
        "txInfo": {
            "frequency": 867_500_000,
            "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 9, "codeRate": "CR_4_5"}},
        },
        "regionConfigId": "eu868",
    }
