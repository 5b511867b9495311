"""Chat channels over HTTP: one of a name, in pages, and refused by the name of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer

CHANNELS = "/api/v2/notification-channels"
TOKEN = "123456:" + "Az09_-" * 6
SLACK = {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/abcdefghijklmnop"}


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def test_a_channel_is_made_changed_and_deleted_and_never_shows_its_url(api: httpx.Client) -> None:
    made = api.post(CHANNELS, json={"name": "ops"} | SLACK)
    assert made.status_code == 201, made.text
    assert "abcdefghijkl" not in made.text
    again = api.post(CHANNELS, json={"name": "ops"} | SLACK)
    assert (again.status_code, again.json()["code"]) == (409, "notifications.channel_exists")
    path = f"{CHANNELS}/{made.json()['id']}"
    changed = api.patch(path, json={"url": "https://hooks.slack.com/services/T0/B0/qrstuvwxyz"}).json()
    assert changed["target"] != made.json()["target"]
    assert api.get(path).json() == changed
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, api.delete(path).status_code) == (404, 404)


def test_channels_come_by_pages_newest_first(api: httpx.Client) -> None:
    ids = [api.post(CHANNELS, json={"name": f"c{number}"} | SLACK).json()["id"] for number in range(3)]
    first = api.get(CHANNELS, params={"limit": "2"}).json()
    rest = api.get(CHANNELS, params={"limit": "2", "cursor": first["next_cursor"]}).json()
    assert sorted(one["id"] for one in (*first["data"], *rest["data"])) == sorted(ids)
    assert (len(first["data"]), rest["next_cursor"]) == (2, None)


def test_strangers_see_none(in_process: InProcessServer, api: httpx.Client) -> None:
    path = f"{CHANNELS}/{api.post(CHANNELS, json={'name': 'ops'} | SLACK).json()['id']}"
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for answer in (stranger.get(path), stranger.patch(path, json={}), stranger.post(f"{path}/test"), stranger.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (404, "notifications.channel_not_found")


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"url": "https://10.0.0.1/x"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "http://hooks.slack.com/x"}, "url"),
        ({}, "url"),
        ({"url": "https://hooks.slack.com/x", "token": TOKEN}, "token"),
        ({"kind": "telegram", "token": TOKEN}, "chat"),
        ({"kind": "telegram", "token": TOKEN, "chat": "../../x"}, "chat"),
        ({"kind": "telegram", "token": "x/../y", "chat": "1"}, "token"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, about: dict[str, Any], field: str) -> None:
    refused = api.post(CHANNELS, json={"name": "odd", "kind": "slack"} | about)
    assert refused.status_code == 400, refused.text
    assert refused.json()["errors"][0]["field"] == field
