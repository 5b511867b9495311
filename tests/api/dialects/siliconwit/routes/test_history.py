"""The history of an alert as SiliconWit's clients see it."""

from __future__ import annotations

import httpx

from tests.support.waiting import eventually


def test_it_shows_that_it_fires_again_after_each_cooldown(api: httpx.Client) -> None:
    """The native API shows one event from when it was raised until it is cleared; the vendor's a line for each time."""
    device_id = api.post("/api/v2/devices", json={"name": "Boiler"}).json()["device"]["id"]
    condition = {"type": "threshold", "field": "t", "operator": ">", "value": 6}
    body = {"name": "Again", "target": {"devices": [device_id]}, "condition": condition, "cooldown_s": 1}
    alert = api.post("/api/v2/alerts", json=body).json()
    path = f"/v1/alerts/{alert['id']}"

    def fired_thrice() -> bool:
        api.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"t": 7}})
        return len(api.get(f"{path}/history").json()["data"]) >= 3

    assert eventually(fired_thrice)
    history = api.get(f"{path}/history").json()["data"]
    times = [one["triggered_at"] for one in history]
    assert times == sorted(set(times), reverse=True)
    assert len({one["id"] for one in history}) == len(history)
    assert all(one["condition_value"] == 7 and one["device_id"] == device_id for one in history)
    assert api.get(path).json()["data"]["last_triggered"] >= times[0]
    native = api.get("/api/v2/alert-events", params={"alert_id": alert["id"]}).json()["data"]
    assert len(native) == 1
    assert native[0]["id"] == history[-1]["id"]
    api.delete(f"/api/v2/alerts/{alert['id']}")
