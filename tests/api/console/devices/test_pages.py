"""The list of devices as a person sees it, the map, and new devices."""

from __future__ import annotations

import re

import httpx

from tests.api.console.devices.made import HOSTILE, browser_as, made, people_of, sent
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HERE = "/console/devices"


def test_an_empty_organisation_is_told_what_to_do(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert browser.get(HERE).status_code == 200
        assert "No device has been added yet" in browser.page
        assert "/console/connect" in browser.page
        assert browser.get(f"{HERE}/map").status_code == 200
        assert "once it has a location" in browser.page
        assert browser.get(f"{HERE}?q=nothing").status_code == 200
        assert "Nothing matches" in browser.page


def test_the_list_shows_state_values_and_labels(browser: Browser, api: httpx.Client) -> None:
    device = made(api, name="Pump room", labels={"site": "north"})
    sent(api, device, {"temperature": 4.25, "door": True, "lorawan": {"rssi_dbm": -90}})
    browser.get(f"{HERE}?q=Pump")
    assert f'data-live="{device["id"]}/temperature">4.25<' in browser.page
    assert "lorawan.rssi_dbm" not in browser.page
    assert "online" in browser.page
    assert "north" in browser.page


def test_hostile_names_are_text(browser: Browser, api: httpx.Client) -> None:
    device = made(api, name=HOSTILE, description=HOSTILE, labels={"<b>": HOSTILE}, location={"latitude": 1, "longitude": 2})
    sent(api, device, {"<script>alert(1)</script>": 1.5, "text": HOSTILE})
    faces = ("", "/history", "/messages", "/commands", "/events", "/alerts", "/settings")
    for path in (HERE, f"{HERE}/map", *(f"{HERE}/{device['id']}{face}" for face in faces)):
        assert browser.get(path).status_code == 200, path
        assert "<img src=x" not in browser.page, path
        assert "<script>alert" not in browser.page, path


def test_filters_and_pages_are_in_the_url(browser: Browser, api: httpx.Client) -> None:
    made(api, name="Filter a", labels={"kind": "a"})
    made(api, name="Filter b", labels={"kind": "b"})
    for label in ("kind:a", "kind=a"):
        browser.get(HERE, params={"label": label, "sort": "name"})
        assert "Filter a" in browser.page
        assert "Filter b" not in browser.page
    browser.get(f"{HERE}?has_alert=true")
    assert "Filter a" not in browser.page
    assert browser.get(f"{HERE}?sort=wrong").status_code == 400


def test_many_are_changed_at_once(browser: Browser, api: httpx.Client) -> None:
    ids = [made(api, name=f"Bulk {number}", labels={"old": "1"})["id"] for number in range(2)]
    browser.get(HERE)
    assert browser.post(f"{HERE}/bulk", {"ids": ids, "action": "label", "label": "site=north"}).headers["location"] == HERE
    assert browser.post(f"{HERE}/bulk", {"ids": ids, "action": "unlabel", "label": "old"}).status_code == 303
    assert browser.post(f"{HERE}/bulk", {"ids": ids[:1], "action": "pause"}).status_code == 303
    found = [api.get(f"/api/v2/devices/{one}").json() for one in ids]
    assert [one["labels"] for one in found] == [{"site": "north"}] * 2
    assert [one["status"] for one in found] == ["paused", "active"]
    browser.follow(browser.post(f"{HERE}/bulk", {"ids": [*ids, "dev_0c2k9fq7w3m1x"], "action": "delete"}))
    assert "2 of 3 devices changed" in browser.page
    assert [api.get(f"/api/v2/devices/{one}").status_code for one in ids] == [404, 404]


def test_a_device_is_created_and_its_token_shown_once(in_process: InProcessServer, browser: Browser, api: httpx.Client) -> None:
    browser.get(f"{HERE}/new")
    form = {"name": "Silo 7", "type": "silo", "labels": "site=north\nfloor=2", "identifiers": "70b3d57ed0061faa"}
    answer = browser.post(f"{HERE}/new", form | {"latitude": "51.5", "longitude": "4"})
    assert answer.status_code == 200
    token = re.search(r"tok_\w+", browser.page)
    assert token
    device = api.get("/api/v2/devices/by-identifier/eui/70b3d57ed0061faa").json()
    assert (device["name"], device["labels"], device["location"]["latitude"]) == ("Silo 7", {"site": "north", "floor": "2"}, 51.5)
    path, headers = f"/api/v2/devices/{device['id']}/telemetry", {"Authorization": f"Bearer {token[0]}"}
    with in_process.client() as client:
        assert client.post(path, json={"data": {"level": 3}}, headers=headers).status_code == 201
    browser.get(f"{HERE}/{device['id']}/settings")
    assert token[0] not in browser.page


def test_errors_are_beside_their_fields(browser: Browser) -> None:
    answer = browser.post(f"{HERE}/new", {"name": "", "latitude": "91", "longitude": "x", "expected_interval_s": "0"})
    assert answer.status_code == 400
    for field in ("name", "latitude", "expected_interval_s"):
        assert f'id="f-{field}-error"' in browser.page, field


def test_a_viewer_is_offered_nothing_and_refused(in_process: InProcessServer, org: Org, api: httpx.Client) -> None:
    device = made(api, name="Watched")
    [person] = people_of(in_process, org).members("watch", "viewer")
    with browser_as(in_process, person) as viewer:
        for path in (HERE, f"{HERE}/{device['id']}", f"{HERE}/{device['id']}/settings", f"{HERE}/{device['id']}/commands"):
            assert viewer.get(path).status_code == 200
            assert '"/console/connect"' not in viewer.page
            assert f"{HERE}/{device['id']}/delete" not in viewer.page
        assert viewer.post(f"{HERE}/new", {"name": "Mine"}).status_code == 403
        viewer.follow(viewer.post(f"{HERE}/bulk", {"ids": device["id"], "action": "delete"}))
        assert "0 of 1 devices changed" in viewer.page
    assert api.get(f"/api/v2/devices/{device['id']}").status_code == 200


def test_a_resident_sees_their_own_devices_and_no_other(in_process: InProcessServer, org: Org, api: httpx.Client) -> None:
    own, other = made(api, name="Own flat"), made(api, name="Next door")
    customer = {"name": "House", "admin_email": "house@example.org", "tenant_name": "house"}
    customer_id = api.post("/api/v2/customers", json=customer).json()["id"]
    path = f"/api/v2/customers/{customer_id}/residents"
    resident_id = api.post(path, json={"name": "Grace", "email": "grace.own@example.org"}).json()["id"]
    placed = api.put(f"/api/v2/devices/{own['id']}/placement", json={"resident_id": resident_id})
    assert placed.status_code == 200, placed.text
    sent(api, own, {"volume": 184.3})
    with browser_as(in_process, people_of(in_process, org).resident("grace-own", resident_id)) as browser:
        assert browser.get(HERE).status_code == 200, browser.page
        assert "Own flat" in browser.page
        assert "184.3" in browser.page
        assert "Next door" not in browser.page
        assert browser.get(f"{HERE}/{own['id']}").status_code == 200
        assert f"{HERE}/{own['id']}/settings" not in browser.page
        assert browser.get(f"{HERE}/{own['id']}/history").status_code == 200
        assert browser.get(f"{HERE}/{other['id']}").status_code in (403, 404)


def test_a_manager_sees_the_devices_of_the_customer(in_process: InProcessServer, org: Org, api: httpx.Client) -> None:
    own, other = made(api, name="Our flat"), made(api, name="Their flat")
    customer = {"name": "Yard", "admin_email": "yard@example.org", "tenant_name": "yard"}
    customer_id = api.post("/api/v2/customers", json=customer).json()["id"]
    assert api.put(f"/api/v2/devices/{own['id']}/placement", json={"customer_id": customer_id}).status_code == 200
    with browser_as(in_process, people_of(in_process, org).manager("yard-manager", customer_id)) as browser:
        assert browser.get(HERE).status_code == 200, browser.page
        assert "Our flat" in browser.page
        assert "Their flat" not in browser.page
        assert browser.get(f"{HERE}/{own['id']}").status_code == 200
        assert browser.get(f"{HERE}/{other['id']}").status_code in (403, 404)


def test_a_label_without_a_value_is_refused_by_its_key(browser: Browser, api: httpx.Client) -> None:
    browser.get(f"{HERE}/new")
    assert browser.post(f"{HERE}/new", {"name": "Silo 8", "type": "silo", "labels": "floor=2\nharbour"}).status_code == 400
    assert "labels.harbour: is required" in browser.page
    assert "floor=2\nharbour" in browser.page, "what was typed stays"
    assert api.get("/api/v2/devices", params={"q": "Silo 8"}).json()["data"] == []
