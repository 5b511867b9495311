"""Messages over Iottly's API: both spellings of their times, order, filters and pages."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.api.dialects.iottly.conftest import MESSAGES, World

OID = re.compile(r"[0-9a-f]{24}")


def latest(world: World, **query: Any) -> httpx.Response:
    if "queryJson" in query and not isinstance(query["queryJson"], str):
        query["queryJson"] = json.dumps(query["queryJson"])
    return world.iottly.get(f"{world.project}/messages/{world.uuid}", params=query)


def page(world: World, **query: Any) -> httpx.Response:
    return world.iottly.get(f"{world.device}/messages/paginated", params=query)


def numbers(answer: httpx.Response) -> list[int]:
    """Which of the messages an answer holds."""
    assert answer.status_code == 200, answer.text
    payloads = [one["data"] for one in MESSAGES]
    return [payloads.index(message["payload"]) for message in answer.json()["messages"]]


def test_the_latest_messages_are_extended_json(world: World) -> None:
    answer = latest(world)
    assert list(answer.json()) == ["status", "messages"]
    assert answer.json()["status"] == 200
    assert numbers(answer) == [3, 2, 1, 0]
    message = answer.json()["messages"][2]
    assert OID.fullmatch(message["_id"]["$oid"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", message["timestamp"]["$date"])
    assert message | {"_id": 0, "timestamp": 0} == {
        "_id": 0,
        "from": world.uuid,
        "to": world.alias,
        "type": "userdefined",
        "timestamp": 0,
        "devicetimestamp": {"$date": "2026-04-14T06:12:30.000Z"},
        "payload": MESSAGES[1]["data"],
    }
    assert answer.json()["messages"][3]["type"] == "iottlyagent"
    assert answer.json()["messages"][1]["channel"] == "alarms"


def test_a_page_has_times_without_a_zone(world: World) -> None:
    answer = page(world, l=1, p=3)
    [message] = answer.json()["messages"]
    assert list(answer.json()) == ["messages"]
    assert list(message) == ["from", "to", "type", "timestamp", "devicetimestamp", "payload"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", message["timestamp"])
    assert message["devicetimestamp"] == "2026-04-14T06:12:30"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [3, 2, 1, 0]),
        ({"payload.sensor_data_reading.temperature": 21.4}, [1]),
        ({"payload.sensor_data_reading.temperature": {"$gt": 21, "$lt": 22}}, [1]),
        ({"payload.sensor_data_reading.temperature": {"$gt": "21"}}, []),
        ({"payload.sensor_data_reading": {"temperature": 21.4, "site": "north"}}, [1]),
        ({"payload.CSQ.signal": 22}, [3]),
        ({"payload.CSQ.0.signal": {"$lte": 17}}, [3]),
        ({"payload.CSQ.0.signal": {"$gte": 18}}, []),
        ({"payload.last_reading": None, "payload.CSQ": {"$exists": True}}, [3]),
        ({"payload.ALARM": {"$exists": False}, "type": "userdefined"}, [3, 1]),
        ({"type": {"$ne": "userdefined"}}, [0]),
        ({"type": {"$in": ["iottlyagent", "nonsense"]}}, [0]),
        ({"channel": {"$nin": ["alarms"]}}, [3, 1, 0]),
        ({"$or": [{"channel": "alarms"}, {"payload.connectionstatus": "connected"}]}, [2, 0]),
        ({"$and": [{"type": "userdefined"}, {"payload.ALARM.value": {"$eq": 1.1}}]}, [2]),
        ({"devicetimestamp": {"$gte": {"$date": "2026-04-14T06:12:31Z"}}}, [3, 2]),
        ({"devicetimestamp": {"$date": "2026-04-14T06:12:30Z"}}, [1]),
        ({"devicetimestamp": {"$lt": {"$date": 1776147150000}}}, [0]),
        ({"$or": [{"devicetimestamp": {"$lt": {"$date": 1776147150000}}}, {"channel": "alarms"}]}, [2, 0]),
        ({"timestamp": {"$gt": {"$date": "2026-04-14T06:12:31Z"}}}, [3, 2, 1, 0]),
        ({"from": "nobody"}, []),
    ],
)
def test_a_filter_finds_what_it_says(world: World, query: dict[str, Any], wanted: list[int]) -> None:
    assert numbers(latest(world, queryJson=query)) == wanted


def test_a_message_is_found_by_its_id(world: World) -> None:
    ids = [message["_id"] for message in latest(world).json()["messages"]]
    assert numbers(latest(world, queryJson={"_id": ids[1]})) == [2]
    assert numbers(latest(world, queryJson={"_id": {"$lt": ids[1]}})) == [1, 0]


def test_so_many_and_no_more(world: World) -> None:
    assert numbers(latest(world, numMessages=2)) == [3, 2]
    assert numbers(latest(world, numMessages=1, queryJson={"type": "userdefined"})) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{",
        '{"$where": "sleep(1000)"}',
        '{"a": {"$where": "1"}}',
        '{"a": {"$regex": "(a+)+$"}}',
        '{"a": {"$gt": 1, "b": 2}}',
        '{"a": {"b": {"$gt": 1}}}',
        '{"a": {"$gt": null}}',
        '{"a": {"$gt": {"$gt": 1}}}',
        '{"a": {"$in": 1}}',
        '{"a": {"$exists": 1}}',
        '{"a": {"$date": "yesterday"}}',
        '{"$and": []}',
        '{"$or": [1]}',
        '{"$nor": [{"a": 1}]}',
        '{"a": 1, "a": 2}',
        json.dumps({"$and": [{f"a{n}": n} for n in range(70)]}),
        json.dumps({"a": {"$in": list(range(300))}}),
        json.dumps({".".join("a" * 20): 1}),
        '{"a":' * 40 + "1" + "}" * 40,
    ],
)
def test_anything_else_is_refused_and_never_evaluated(world: World, text: str) -> None:
    answer = latest(world, queryJson=text)
    assert answer.status_code == (400 if text else 200), answer.text
    assert not text or list(answer.json()) == ["error"]


@pytest.mark.parametrize("query", [{"numMessages": 0}, {"numMessages": 101}, {"numMessages": "all"}])
def test_a_number_out_of_bounds_is_refused(world: World, query: dict[str, Any]) -> None:
    assert latest(world, **query).status_code == 400


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [3, 2, 1, 0]),
        ({"sort": "asc"}, [0, 1, 2, 3]),
        ({"l": 3}, [3, 2, 1]),
        ({"l": 3, "p": 2}, [0]),
        ({"l": 1, "p": 2, "sort": "asc", "type": "userdefined"}, [2]),
        ({"type": "iottlyagent"}, [0]),
        ({"type": "all", "from": "2026-04-14T06:12:31Z", "to": "2026-04-14T06:13:00Z"}, [2]),
        ({"from": "2026-04-14T06:12:31", "to": "2026-04-14T06:13:00.001"}, [3, 2]),
        ({"from": "1776147151"}, [3, 2]),
        ({"to": "2026-04-15"}, [3, 2, 1, 0]),
    ],
)
def test_pages(world: World, query: dict[str, Any], wanted: list[int]) -> None:
    assert numbers(page(world, **query)) == wanted


@pytest.mark.parametrize("query", [{"p": 2}, {"l": 3, "p": 3}, {"to": "2020-01-01"}, {"p": 1_000_000, "l": 100}])
def test_a_page_on_which_nothing_is_is_not_found(world: World, query: dict[str, Any]) -> None:
    answer = page(world, **query)
    assert (answer.status_code, answer.text) == (404, '{"error": "No message matches the filter"}')


@pytest.mark.parametrize(
    "query",
    [
        {"p": 0},
        {"l": 0},
        {"l": 101},
        {"type": "other"},
        {"sort": "up"},
        {"from": "soon"},
        {"from": "2026-04-15", "to": "2026-04-14"},
    ],
)
def test_a_page_that_cannot_be_is_refused(world: World, query: dict[str, Any]) -> None:
    assert page(world, **query).status_code == 400


def test_a_device_that_never_spoke_has_no_messages(world: World) -> None:
    path = f"{world.project}/messages/{world.other_uuid}"
    assert world.iottly.get(path).json() == {"status": 200, "messages": []}
    assert world.iottly.get(f"{world.project}/device/{world.other_uuid}/messages/paginated").status_code == 404
