"""Lists of devices by label and in an order, page by page."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.support.cases import for_each
from tests.support.waiting import eventually

DEVICES = "/api/v2/devices"
NAMES = ["pump 2", "Pump 1", "ärger", "pump 1", "pump 1", "Zeta", "alpha", "_x", "pump 10"]


def labelled(api: httpx.Client, names: list[str], **labels: str) -> tuple[str, list[dict[str, Any]]]:
    """Devices that no other test has, and the label by which they are found."""
    run = uuid.uuid4().hex
    made = [api.post(DEVICES, json={"name": name, "labels": {"run": run} | labels}).json() for name in names]
    return f"run:{run}", made


def pages(api: httpx.Client, limit: int, params: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get(DEVICES, params=params | {"limit": limit} | cursor).json()
        found += page["data"]
        assert len(page["data"]) <= limit
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def test_a_label_is_found_by_its_key_and_value(api: httpx.Client) -> None:
    label, _ = labelled(api, ["a", "b"], site="harbour: east", floor="2")
    _, (other,) = labelled(api, ["c"], site="harbour: west", floor="2")

    def found(*labels: str) -> list[str]:
        return [one["name"] for one in api.get(DEVICES, params={"label": [label, *labels]}).json()["data"]]

    assert found() == found("site:harbour: east") == found("site:harbour: east", "floor:2", "floor:2") == ["b", "a"]
    assert found("site:harbour: west") == found("site:harbour: east", "floor:3") == found("site:") == []
    path = f"{DEVICES}/{other['device']['id']}"
    assert api.patch(path, json={"labels": {"run": label[4:], "empty": ""}}).status_code == 200
    assert found() == ["c", "b", "a"]
    assert found("empty:") == ["c"]
    assert found("floor:2") == ["b", "a"]
    assert api.delete(path).status_code == 204
    assert found() == ["b", "a"]


@for_each([("site", "site"), (":x", ":x"), (f"{'k' * 65}:x", "long"), ("", "empty")], lambda case: case[1])
def test_what_is_no_label_is_refused(case: tuple[str, str], api: httpx.Client) -> None:
    refused = api.get(DEVICES, params={"label": ["a:b", case[0]]})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] in ("label", "label[1]")
    assert "must be key:value" in refused.text or "must not be empty" in refused.text


def test_one_key_has_one_value(api: httpx.Client) -> None:
    refused = api.get(DEVICES, params={"label": ["a:b", "a:c"]})
    assert (refused.status_code, refused.json()["detail"]) == (400, "label[1]: must not give a a second value")


def test_every_order_is_complete_and_stable(api: httpx.Client) -> None:
    label, made = labelled(api, NAMES)
    seen = [made[number] for number in (3, 0, 6)]
    for one in seen:
        path = f"{DEVICES}/{one['device']['id']}/telemetry"
        sent = api.post(path, json={"data": {"t": 1}})
        assert sent.status_code == 201

    def last_seen(order: str) -> list[str]:
        return [one["id"] for one in pages(api, 100, {"label": label, "sort": order})]

    ids = [one["device"]["id"] for one in made]
    heard = [one["device"]["id"] for one in seen]
    unheard = [one for one in ids if one not in heard]
    # The stored time follows the readings a moment later.
    eventually(lambda: last_seen("last_seen_at") == unheard + heard)
    by_name = [one for _, one in sorted(zip(NAMES, ids, strict=True), key=lambda pair: (_folded(pair[0]), pair[1]))]
    orders = {"name": by_name, "created_at": ids, "last_seen_at": unheard + heard}
    for order, expected in orders.items():
        for limit in (1, 2, 4, 9):
            assert [one["id"] for one in pages(api, limit, {"label": label, "sort": order})] == expected, (order, limit)
            back = [one["id"] for one in pages(api, limit, {"label": label, "sort": f"-{order}"})]
            assert back == expected[::-1], (order, limit)
    assert [one["id"] for one in pages(api, 4, {"label": label})] == ids[::-1], "newest first without an order"


def _folded(name: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in name)


def test_a_cursor_belongs_to_its_order(api: httpx.Client) -> None:
    label, _ = labelled(api, ["a", "b", "c"])
    cursor = api.get(DEVICES, params={"label": label, "limit": 1, "sort": "name"}).json()["next_cursor"]
    for order in ("-name", "created_at", "-created_at", "last_seen_at", "-last_seen_at"):
        refused = api.get(DEVICES, params={"label": label, "sort": order, "cursor": cursor})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "cursor"), order


@pytest.mark.parametrize("order", ["size", "null", "", "name,created_at", "+name", "last_seen"])
def test_an_unknown_order_is_refused(api: httpx.Client, order: str) -> None:
    refused = api.get(DEVICES, params={"sort": order})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "sort")
