"""Messages in SiliconWit's form, as they arrive."""

from __future__ import annotations

import hmac
import json
from pathlib import Path

from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.devices.connectivity import Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.models import Connectivity
from penstock.kit.clock import SECOND_US, format_seconds
from penstock.kit.ids import Prefix, encode
from tests.support.days import HeldClock
from tests.support.receivers import receiving
from tests.support.webhooks import open_hooks
from tests.workers.test_webhook_sources import judge

SECRET = "whk_secret_demo_1"


async def test_a_device_that_went_offline(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.subscribe(receiver.url("/sw"), "device.offline", format="siliconwit", secret=SECRET)
        device_id = await site.add_device("Cold room")
        await site.report(device_id, 7)
        notes = ConnectivityRecorder(site.server.ids)
        now_us = site.server.clock.now_us()
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await notes.note(tx, Connectivity.ONLINE, {device_id: (now_us, Reason.READING)})
            await notes.note(tx, Connectivity.OFFLINE, {device_id: (now_us + 1, Reason.SILENT)})
        await site.match()
        await site.deliver()
        [offline] = [json.loads(one.body) for one in receiver.delivered]
        assert (offline["event"], offline["device_name"], offline["severity"]) == ("device_offline", "Cold room", "warning")
        assert set(offline["metadata"]) == {"last_seen", "expected_interval_s"}


async def test_an_alert_that_is_raised_and_repeated(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url("/sw"), "alert.raised", "alert.repeated", format="siliconwit", secret=SECRET)
        device_id = await site.add_device("Cold room 2")
        condition = Threshold("v", ">", 6)
        wanted = NewAlert(name="Too warm", target=Target(devices=(device_id,)), condition=condition, cooldown_us=100 * SECOND_US)
        alert = await site.server.parts.alerts.definitions.create(site.actor, wanted)
        await judge(site, clock, device_id, 5, 7.4, 8, 9, 5)
        await site.match()
        await site.deliver()
        raw = receiver.delivered
        assert all(one.headers["x-webhook-signature"] == f"sha256={signature(one.body)}" for one in raw)
        vendors = sorted((json.loads(one.body) for one in raw), key=lambda one: str(one["timestamp"]))
        first = {
            "event": "threshold_exceeded",
            "device_name": "Cold room 2",
            "device_id": encode(Prefix.DEVICE, device_id),
            "alert_id": encode(Prefix.ALERT, alert.id),
            "timestamp": format_seconds(clock.us - 3 * 60 * SECOND_US),
            "condition": "v > 6",
            "current_value": 7.4,
            "threshold": 6,
            "severity": "warning",
            "metadata": {"unit": None, "duration_above_s": 0},
        }
        assert vendors[0] == first
        assert (vendors[1]["event"], vendors[1]["current_value"]) == ("threshold_exceeded", 9)
        assert vendors[1]["metadata"] == {"unit": None, "duration_above_s": 120}


def signature(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, "sha256").hexdigest()
