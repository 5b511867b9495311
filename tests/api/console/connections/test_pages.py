"""The pages of connections, as somebody uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.agents import until
from tests.support.console import Browser, browser_of
from tests.support.console_people import HOSTILE, harmless, viewer_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOME = "/console/connections"
EUI = "70b3d57ed0061f2a"
BROKER = {
    "name": "Broker",
    "settings.host": "broker.invalid",
    "settings.password": "s3cret",
    "settings.tls": "true",
    "settings.subscriptions[1].topic": "plant/{{deviceId}}/{{key}}",
}


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


def made(browser: Browser, kind: str, form: dict[str, str]) -> str:
    """The page of a new connection."""
    answer = browser.post(f"{HOME}/new/{kind}", form)
    assert answer.status_code == 200, answer.text
    found = re.search(rf'href="({HOME}/con_\w+)"', answer.text)
    assert found
    return found[1]


def test_an_empty_list_says_what_to_do(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        assert "No connections yet" in browser.get(HOME).text
        assert "Nothing matches" in browser.get(f"{HOME}?type=mqtt").text


def test_every_type_can_be_chosen(browser: Browser) -> None:
    page = browser.get(f"{HOME}/new").text
    for kind in ("chirpstack", "things_stack", "lorawan_http", "custom", "mqtt"):
        assert f'href="{HOME}/new/{kind}"' in page
        assert browser.get(f"{HOME}/new/{kind}").status_code == 200
    assert "zigbee2mqtt/{{deviceId}}" in browser.get(f"{HOME}/new/mqtt?preset=zigbee2mqtt").text
    assert browser.get(f"{HOME}/new/odd").status_code == 404


def test_set_up_shows_the_secret_once_and_then_what_arrives(browser: Browser, in_process: InProcessServer, org: Org) -> None:
    home = made(browser, "custom", {"name": HOSTILE})
    secret = re.search(r"pcs_\w+", browser.page)
    path = re.search(r"/api/v2/ingest/con_\w+", browser.page)
    assert secret
    assert path
    assert harmless(browser.page)
    assert "No message has arrived yet" in browser.get(home).text
    assert secret[0] not in browser.page
    with in_process.client(org) as api:
        device = {"name": HOSTILE, "identifiers": [{"kind": "eui", "value": EUI}]}
        device_id = api.post("/api/v2/devices", json=device).raise_for_status().json()["device"]["id"]
    with in_process.client() as sender:
        headers = {"X-Connection-Secret": secret[0]}
        sender.post(path[0], headers=headers, json={"dev_eui": EUI, "brine": 4.25}).raise_for_status()
        assert sender.post(path[0], headers=headers, json={"x": 1}).status_code == 400
    until(lambda: device_id in browser.get(home).text and "Last error" in browser.page)
    assert "4.25" in browser.page
    assert harmless(browser.page)
    assert harmless(browser.get(HOME).text)


def test_errors_are_beside_their_fields(browser: Browser) -> None:
    answer = browser.post(f"{HOME}/new/mqtt", BROKER | {"settings.subscriptions[1].topic": "plant/#/x"})
    assert answer.status_code == 400
    assert 'id="f-settings-subscriptions-1-topic-error"' in answer.text
    answer = browser.post(f"{HOME}/new/chirpstack", {"name": "x", "settings.downlink.by": "api", "settings.downlink.url": "x"})
    assert answer.status_code == 400
    assert 'id="f-settings-downlink-url-error"' in answer.text


def test_a_broker_is_changed_without_its_password(browser: Browser, in_process: InProcessServer, org: Org) -> None:
    home = made(browser, "mqtt", BROKER)
    assert "s3cret" not in browser.get(f"{home}/edit").text
    form = {**BROKER, "settings.password": "", "name": "Renamed", "settings.username": "ada"}
    browser.follow(browser.post(f"{home}/edit", form))
    assert "Connection saved" in browser.page
    with in_process.client(org) as api:
        settings = api.get(home.replace("/console", "/api/v2")).json()["settings"]
    assert (settings["password_set"], settings["username"]) == (True, "ada")


def test_it_is_paused_resumed_rotated_and_deleted(browser: Browser) -> None:
    home = made(browser, "things_stack", {"name": "Meters"})
    assert "Paused: requests are rejected" in browser.follow(browser.post(f"{home}/pause")).text
    assert "Paused: requests are rejected" not in browser.follow(browser.post(f"{home}/resume")).text
    assert "The old secret works until" in browser.post(f"{home}/rotate", {"overlap_s": "3600"}).text
    assert "Connection deleted" in browser.follow(browser.post(f"{home}/delete")).text
    assert browser.get(home).status_code == 404


def test_a_viewer_reads_and_no_more(browser: Browser, in_process: InProcessServer, org: Org) -> None:
    home = made(browser, "custom", {"name": "Seen"})
    with viewer_of(in_process, org, "connections") as viewer:
        assert viewer.get(HOME).status_code == 200
        assert f"{HOME}/new" not in viewer.page
        assert viewer.get(home).status_code == 200
        assert f"{home}/delete" not in viewer.page
        assert viewer.post(f"{HOME}/new/custom", {"name": "x"}).status_code == 403
        viewer.follow(viewer.post(f"{home}/pause"))
        assert "Paused" not in viewer.page
