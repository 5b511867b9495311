"""A device that flushes its buffer over MQTT is held back by TCP, loses nothing, and slows nobody else."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.ingress.mqtt.conftest import Device, make_device
from tests.support.leaving import leave
from tests.support.server import running_server
from tests.support.waiting import CEILING_S

OLD, PER_SECOND, BURST, AT_ONCE = 200, 100, 50, 10
SLOW = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": str(PER_SECOND), "PENSTOCK_LIMITS_BACKFILL_BURST": str(BURST)}


def connected(device: Device) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(device.id, device.token)
    client.max_inflight_messages_set(0)
    client.connect("127.0.0.1", device.port)
    client.loop_start()
    return client


def send_one_by_one(client: paho.Client, device: Device, rows: list[dict[str, object]]) -> None:
    for at in range(0, len(rows), AT_ONCE):
        client.publish(f"d/{device.id}/t", json.dumps(rows[at : at + AT_ONCE]), qos=1).wait_for_publish(CEILING_S)


def latest(device: Device) -> int:
    """The value of the newest reading: more of them may have been sent than one page holds."""
    found: int = device.api.get(f"{device.path}/telemetry/latest").raise_for_status().json()["data"]["data"]["n"]
    return found


def test_old_readings_are_paced_and_live_ones_of_others_are_not(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", environment=SLOW) as server, server.client(server.orgs["Acme"]) as api:
        flushing, live = make_device(server, api, "flushing"), make_device(server, api, "live")
        sender, other = connected(flushing), connected(live)
        begun, now_s = time.monotonic(), int(time.time())
        rows = [{"ts": now_s - 90_000 + number, "n": number} for number in range(OLD)]
        flush = threading.Thread(target=send_one_by_one, args=(sender, flushing, rows))
        flush.start()
        reported = 0
        while flush.is_alive():
            other.publish(f"d/{live.id}/t", json.dumps({"n": reported}), qos=1).wait_for_publish(CEILING_S)
            reported += 1
        took_s = time.monotonic() - begun
        for client in (sender, other):
            leave(client)
        assert sorted(row["n"] for row in flushing.values()) == list(range(OLD))
        assert latest(live) == reported - 1
        least_s = (OLD - BURST) / PER_SECOND
        assert took_s > least_s * 0.5, "it was not held back"
        assert reported > OLD // AT_ONCE, "the other was held back too"
