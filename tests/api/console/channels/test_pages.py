"""Chat channels, and one's own quiet hours."""

from __future__ import annotations

from tests.api.console.cold_store import ESCAPED, HOSTILE, ColdStore
from tests.support.console import Browser

HOME = "/console/channels"
SECRET = "https://hooks.slack.com/services/T0/B0/verysecretpart"


def test_a_channel_is_made_tried_and_deleted_and_its_address_stays_hidden(owner: Browser, store: ColdStore) -> None:
    assert owner.get(HOME).status_code == 200
    owner.get(f"{HOME}/new")
    owner.post(f"{HOME}/new", {"name": "x", "kind": "telegram", "do": "reshape"})
    assert 'name="token"' in owner.page
    assert owner.post(f"{HOME}/new", {"name": "x", "kind": "slack", "url": "nonsense"}).status_code == 400
    assert "nonsense" not in owner.page
    owner.follow(owner.post(f"{HOME}/new", {"name": HOSTILE, "kind": "slack", "url": SECRET}))
    assert ESCAPED in owner.page
    (channel,) = store.call("GET", "/api/v2/notification-channels")["data"]
    path = f"{HOME}/{channel['id']}"
    assert owner.get(path).status_code == 200
    assert "verysecretpart" not in owner.page
    assert owner.post(path, {"url": "nonsense"}).status_code == 400
    assert owner.post(path, {"url": SECRET}).status_code == 303
    owner.get(HOME)
    with store.viewer() as viewer:
        viewer.get(HOME)
        assert "New channel" not in viewer.page
        viewer.follow(viewer.post(f"{path}/delete"))
        assert "notifications:write" in viewer.page
    owner.post(f"{path}/delete")
    assert store.call("GET", "/api/v2/notification-channels")["data"] == []
    owner.follow(owner.post(f"{path}/test"))
    assert "toast bad" in owner.page


def test_quiet_hours_are_set_and_ended(owner: Browser) -> None:
    owner.get(HOME)
    form = {"enabled": "true", "time_zone": "Europe/Brussels", "from": "22:00", "to": "07:00", "days": "1", "breaks_through": ""}
    owner.follow(owner.post(f"{HOME}/quiet-hours", form))
    assert "Quiet hours are on" in owner.page
    assert 'value="Europe/Brussels"' in owner.page
    assert owner.post(f"{HOME}/quiet-hours", form | {"time_zone": "Mars"}).status_code == 400
    assert "f-time_zone-error" in owner.page
    owner.get(HOME)
    owner.follow(owner.post(f"{HOME}/quiet-hours", {"enabled": ""}))
    assert "Quiet hours are off" in owner.page
