"""Preferences over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.people.somebody import Somebody, owner_of
from tests.support.server import Org, RunningServer

PATH = "/api/v2/profile/preferences"


@pytest.fixture(scope="module")
def ada(server: RunningServer, acme: Org) -> Somebody:
    return owner_of(server, acme)


def test_they_are_read_and_changed(ada: Somebody, server: RunningServer, acme: Org) -> None:
    before = ada.call("GET", PATH).json()
    assert (before["theme"], before["density"], before["locale"], before["lists"]) == ("system", "comfortable", None, {})
    change = {"theme": "dark", "locale": "de-AT", "time_zone": "Europe/Vienna", "start_page": "/devices", "density": "compact"}
    view = {"devices": {"columns": ["name"]}}
    answer = ada.call("PATCH", PATH, change | {"lists": view, "pinned": ["dev_0c2k9fq7w3m1x"]})
    assert answer.status_code == 200, answer.text
    assert answer.json() == before | change | {"lists": view, "pinned": ["dev_0c2k9fq7w3m1x"]}
    assert owner_of(server, acme).call("GET", PATH).json() == answer.json()
    cleared = ada.call("PATCH", PATH, {"locale": None, "time_zone": None, "lists": {"devices": None}}).json()
    assert (cleared["locale"], cleared["lists"], cleared["theme"]) == (None, {}, "dark")


@pytest.mark.parametrize(
    "change",
    [
        {"theme": "pink"},
        {"locale": "xx-klingon"},
        {"locale": "de\n"},
        {"time_zone": "Mars/Base"},
        {"start_page": "//evil.example"},
        {"start_page": "https://evil.example"},
        {"start_page": "/\\evil.example"},
        {"start_page": "javascript:alert(1)"},
        {"pinned": ["x"] * 51},
        {"lists": {"devices": {"filter": "x" * 17_000}}},
        {"lists": {"devices": []}},
        {"font": "big"},
    ],
)
def test_a_wrong_field_is_named(ada: Somebody, change: dict[str, Any]) -> None:
    answer = ada.call("PATCH", PATH, change)
    assert answer.status_code == 400, answer.text
    assert next(iter(change)) in answer.json()["errors"][0]["field"]


def test_a_key_has_none(api: httpx.Client) -> None:
    for answer in (api.get(PATH), api.patch(PATH, json={"theme": "dark"})):
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.session_required")
