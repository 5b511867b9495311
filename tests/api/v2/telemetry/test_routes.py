"""Readings in and out over the native API."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.api.v2.devices.test_routes import eui, make
from tests.api.v2.telemetry.posted import device, put
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import awaited


def ago(**amount: float) -> str:
    return (datetime.now(UTC) - timedelta(**amount)).isoformat()


def test_a_payload_is_kept_byte_for_byte(api: httpx.Client) -> None:
    path = device(api)
    payload = b'{"b": 1.50, "a": 1e3, "text": "\\u00e9", "nested": {"x": [1, null]}}'
    answer = api.post(f"{path}/telemetry", content=b'{"data": %b}' % payload)
    assert answer.status_code == 201
    assert payload in api.get(f"{path}/telemetry/latest").content
    assert payload in api.get(f"{path}/telemetry").content


def test_latest_by_event_and_by_arrival(api: httpx.Client) -> None:
    path = device(api)
    assert api.get(f"{path}/telemetry/latest").json() == {"data": None}
    newest = put(api, path, {"data": {"n": 1}})
    late = put(api, path, {"data": {"n": 2}, "time": ago(hours=1)})
    assert api.get(f"{path}/telemetry/latest").json()["data"]["seq"] == newest["seq"]
    assert api.get(f"{path}/telemetry/latest?by=arrival").json()["data"]["seq"] == late["seq"]


def test_future_is_set_aside_and_old_is_marked(api: httpx.Client) -> None:
    path = device(api)
    future = put(api, path, {"data": {"n": 1}, "time": ago(minutes=-11)})
    soon = put(api, path, {"data": {"n": 2}, "time": ago(minutes=-9)})
    old = put(api, path, {"data": {"n": 3}, "time": int(time.time()) - 100_000})
    assert [one["status"] for one in (future, soon, old)] == ["quarantined", "stored", "stored"]
    assert [one["backfill"] for one in (soon, old)] == [False, True]
    assert [one["seq"] for one in api.get(f"{path}/telemetry/quarantined").json()["data"]] == [future["seq"]]
    history = api.get(f"{path}/telemetry", params={"from": ago(days=3), "to": ago(days=-1)}).json()["data"]
    assert [one["seq"] for one in history] == [soon["seq"], old["seq"]]


def test_what_was_set_aside_of_a_deleted_device_is_gone_at_once(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        gone, stays = device(api), device(api)
        body = [{"data": {"n": n}, "time": ago(hours=-1)} for n in range(2000)]
        put(api, gone, body)
        kept = put(api, stays, {"data": {"n": 1}, "time": ago(hours=-1)})
        assert api.delete(gone).status_code == 204
        page = api.get("/api/v2/telemetry/quarantined?limit=10").json()
        assert [one["seq"] for one in page["data"]] == [kept["seq"]]
        assert page["next_cursor"] is None


def test_a_batch_reports_each_bad_row_and_stores_the_rest(api: httpx.Client) -> None:
    value = eui()
    path = device(api, identifiers=[{"kind": "eui", "value": value}])
    name = path.rsplit("/", 1)[1]
    rows = [
        {"device_id": name, "data": {"n": 1}, "dedupe_key": "one"},
        {"device": value.upper(), "data": {"n": 2}},
        {"device_id": "dev_0000000000001", "data": {"n": 3}},
        {"device_id": name, "data": {}},
        {"device_id": name, "data": {"n": 5}, "time": "yesterday"},
        {"device_id": name, "data": {"n": 1}, "dedupe_key": "one"},
    ]
    for send in (
        {"content": json.dumps(rows)},
        {"content": "\n".join(map(json.dumps, rows)), "headers": {"content-type": "application/x-ndjson"}},
    ):
        answer = api.post("/api/v2/telemetry", **send)  # type: ignore[arg-type]
        assert answer.status_code == 207
        found = answer.json()
        assert [(error["row"], error["field"]) for error in found["errors"]] == [(2, ""), (3, "data"), (4, "time")]
        assert [seq is None for seq in found["seqs"]] == [False, False, True, True, True, False]
        assert found["seqs"][0] == found["seqs"][5]
    assert len(api.get(f"{path}/telemetry").json()["data"]) == 3
    assert api.post("/api/v2/telemetry", json=rows[2:5]).status_code == 400
    assert api.post("/api/v2/telemetry", json=[rows[1]] * 10_001).status_code == 400
    assert len(api.post("/api/v2/telemetry", json=[rows[1]] * 10_000).json()["seqs"]) == 10_000
    assert api.post("/api/v2/telemetry", content=b" " * 8_388_609).status_code == 413


def test_a_repeated_delivery_answers_like_the_first(api: httpx.Client) -> None:
    made = make(api)
    path = f"/api/v2/devices/{made['device']['id']}"
    first = put(api, path, {"data": {"n": 1}, "dedupe_key": "k"})
    again = put(api, path, {"data": {"n": 1}, "dedupe_key": "k"}, status=200)
    assert (again["seq"], again["status"]) == (first["seq"], "duplicate")
    assert len(api.get(f"{path}/telemetry").json()["data"]) == 1


def test_a_device_token_speaks_for_its_device_only(api: httpx.Client, server: RunningServer) -> None:
    mine, other = make(api), make(api)
    with server.client() as bare:
        headers = {"Authorization": f"Bearer {mine['access_token']}"}
        path = "/api/v2/devices/{}/telemetry"
        assert bare.post(path.format(mine["device"]["id"]), json={"data": {"n": 1}}, headers=headers).status_code == 201
        assert bare.post(path.format(other["device"]["id"]), json={"data": {"n": 1}}, headers=headers).status_code == 404
        assert bare.get(path.format(mine["device"]["id"]), headers=headers).status_code == 401


def test_history_pages_both_ways_without_loss(api: httpx.Client) -> None:
    path = device(api)
    times = [int(time.time()) - 5000 + 7 * (n * 37 % 100) for n in range(100)] * 2
    put(api, path, [{"data": {"n": n}, "time": at} for n, at in enumerate(times)])
    for order in ("asc", "desc"):
        seen: list[tuple[str, int]] = []
        cursor = None
        while True:
            query = {"range": "3h", "order": order, "limit": 33, **({"cursor": cursor} if cursor else {})}
            page = api.get(f"{path}/telemetry", params=query).json()
            seen += [(one["time"], one["seq"]) for one in page["data"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 200
        assert seen == sorted(seen, reverse=order == "desc")
    picked = api.get(f"{path}/telemetry", params={"range": "3h", "fields": "n,nope", "limit": 1}).json()["data"][0]["data"]
    assert list(picked) == ["n"]


def test_local_days_of_23_and_25_hours(api: httpx.Client) -> None:
    path = device(api)
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight in Brussels, the day the clock goes forward
    rows = [{"data": {"v": n}, "time": (start + timedelta(hours=n)).isoformat()} for n in range(47)]
    put(api, path, rows)
    query = {
        "from": start.isoformat(),
        "to": (start + timedelta(hours=47)).isoformat(),
        "bucket": "day",
        "timezone": "Europe/Brussels",
        "fields": "v",
        "functions": "count,min,max,sum,avg,first,last",
    }
    found = api.get(f"{path}/telemetry/aggregate", params=query).json()["data"]
    assert [one["values"]["v"]["count"] for one in found] == [23, 24]
    assert found[0]["values"]["v"] == {"count": 23, "min": 0, "max": 22, "sum": 253, "avg": 11.0, "first": 0, "last": 22}
    autumn = query | {"from": "2026-10-24T22:00:00Z", "to": "2026-10-25T23:00:00Z", "empty": "true"}
    (only,) = api.get(f"{path}/telemetry/aggregate", params=autumn).json()["data"]
    assert (only["start"], only["end"]) == ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
    assert only["values"]["v"]["count"] == 0


def test_thinned_points_are_measured_ones(api: httpx.Client) -> None:
    path = device(api)
    now = int(time.time())
    values = {now - 1000 + n: float((n * n) % 97) for n in range(1000)}
    put(api, path, [{"data": {"v": value}, "time": at} for at, value in values.items()])
    points = api.get(f"{path}/telemetry/thin", params={"range": "1h", "field": "v", "points": 50}).json()["data"]
    assert len(points) == 50
    assert all(values[int(datetime.fromisoformat(one["time"]).timestamp())] == one["value"] for one in points)


def test_exports_equal_the_history(api: httpx.Client) -> None:
    path = device(api)
    put(api, path, [{"data": {"a": n, "b": {"c": "=1+1"}}, "time": ago(minutes=30 - n)} for n in range(20)])
    history = api.get(f"{path}/telemetry", params={"order": "asc", "limit": 1000}).json()["data"]
    lines = api.get(f"{path}/telemetry/export", params={"format": "ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == history
    rows = list(csv.DictReader(io.StringIO(api.get(f"{path}/telemetry/export", params={"fields": "a,b.c"}).text)))
    assert [(int(row["seq"]), int(row["a"]), row["b.c"]) for row in rows] == [
        (one["seq"], one["data"]["a"], "'=1+1") for one in history
    ]


def test_a_field_named_like_a_column_keeps_its_value_and_the_column_its_own(api: httpx.Client) -> None:
    path = device(api)
    put(api, path, [{"data": {"time": "noon", "seq": 7, "data.seq": 8, "v": 1}, "time": ago(minutes=1)}])
    (row,) = columns_of(api, path)
    (stored,) = api.get(f"{path}/telemetry").json()["data"]
    assert row == {
        "time": stored["time"],
        "seq": str(stored["seq"]),
        "v": "1",
        "data.time": "noon",
        "data.seq": "8",
        "data.data.seq": "7",
    }
    (named,) = columns_of(api, path, fields="time")
    assert (named["time"], named["data.time"]) == (stored["time"], "noon")


def test_a_quote_mark_can_be_taken_back(api: httpx.Client) -> None:
    path = device(api)
    values = ["=1", "'=1", "'x", "\n=1", "\uff1d1", "a'b", "plain", ""]
    put(api, path, [{"data": {"v": value}, "time": ago(minutes=30 - n)} for n, value in enumerate(values)])
    cells = [row["v"] for row in csv.DictReader(io.StringIO(api.get(f"{path}/telemetry/export").text, newline=""))]
    assert [one.removeprefix("'") for one in cells] == values
    assert [one for one in cells if one.startswith(("=", "\n", "\uff1d"))] == []


def test_retention_caps_queries_and_tells(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("retention")
    config = folder / "settings.toml"
    config.write_text("[plans.enterprise]\nretention_days = 7\n")
    with running_server(folder / "data", args=("--config", str(config))) as server:
        org: Org = server.orgs["Acme"]
        with server.client(org) as api:
            path = device(api)
            put(api, path, [{"data": {"n": n}, "time": ago(days=n)} for n in range(1, 12)])
            found = api.get(f"{path}/telemetry", params={"range": "30d"}).json()
            assert [one["data"]["n"] for one in found["data"]] == list(range(1, 7))
            assert found["query"]["retention_days"] == 7
            assert found["query"]["from"] > found["query"]["requested_from"]
            fault = awaited(lambda: api.get(path).json()["malformed"])
            assert fault["messages"] == 5
            assert "older than the 7 days" in fault["last_reason"]
            for form in ("csv", "ndjson"):
                answer = api.get(f"{path}/telemetry/export", params={"range": "30d", "format": form})
                assert answer.headers["x-range-from"] >= found["query"]["from"] > found["query"]["requested_from"]
                assert answer.headers["x-range-to"] >= found["query"]["to"]


def columns_of(api: httpx.Client, path: str, **params: str) -> list[dict[str, str]]:
    """The rows of a device's export, each by its columns."""
    answer = api.get(f"{path}/telemetry/export", params=params)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_an_export_has_every_value_of_every_reading_at_once(api: httpx.Client) -> None:
    path = device(api)
    wide = {f"k{number}": number for number in range(1_500)}
    put(api, path, {"data": wide})
    row = columns_of(api, path)[0]
    assert {name: int(row[name]) for name in wide} == wide
    # An array and a name that is too long to be a sensor are columns as well.
    put(api, path, {"data": {"list": [1, {"a": None}], "n" * 300: 1, "in": {"the": {"depth": "x"}}, "none": None}})
    row = columns_of(api, path)[1]
    assert (row["list"], row["n" * 300], row["in.the.depth"]) == ('[1,{"a":null}]', "1", "x")
    assert row["k7"] == ""
    assert columns_of(api, path, fields="list")[1]["list"] == '[1,{"a":null}]'


def test_an_export_has_the_values_of_deleted_sensors(api: httpx.Client) -> None:
    path = device(api)
    put(api, path, {"data": {"a": 1, "b": 2}})
    awaited(lambda: len(api.get(f"{path}/sensors").json()["data"]) == 2)
    assert api.delete(f"{path}/sensors/b").status_code == 204
    row = columns_of(api, path)[0]
    assert (row["a"], row["b"]) == ("1", "2")
    aggregated = api.get(f"{path}/telemetry/aggregate").json()
    assert set(aggregated["data"][0]["values"]) == {"a", "b"}


def test_an_export_that_cannot_be_whole_is_refused(api: httpx.Client) -> None:
    path = device(api)
    for start in (0, 4_000, 8_000):
        put(api, path, {"data": {f"k{number}": 1 for number in range(start, start + 4_000)}})
    for call in ("export", "aggregate"):
        answer = api.get(f"{path}/telemetry/{call}")
        assert (answer.status_code, answer.json()["code"]) == (400, "telemetry.too_many_fields"), answer.text
        assert "10000" in answer.json()["detail"]
    assert columns_of(api, path, fields="k11999")[2]["k11999"] == "1"
    lines = api.get(f"{path}/telemetry/export", params={"format": "ndjson"}).text.splitlines()
    assert sum(len(json.loads(line)["data"]) for line in lines) == 12_000


def test_an_aggregate_without_fields_tells_how_to_get_the_others(api: httpx.Client) -> None:
    path = device(api)
    names = [f"k{number}" for number in range(250)]
    put(api, path, {"data": dict.fromkeys(names, 1)})
    found: list[str] = []
    after: str | None = None
    for more in (True, True, False):
        params = {} if after is None else {"fields_after": after}
        answer = api.get(f"{path}/telemetry/aggregate", params=params).json()
        found += answer["data"][0]["values"]
        after = answer["next_fields_after"]
        assert (answer["truncated"], after is not None) == (more, more)
    assert found == sorted(names)
    refused = api.get(f"{path}/telemetry/aggregate", params={"fields": "k1", "fields_after": "k2"})
    assert refused.status_code == 400


def test_fields_that_are_not_listed_as_sensors_are_counted_once(api: httpx.Client) -> None:
    path = device(api)
    for _ in range(2):
        put(api, path, {"data": {f"k{number}": number for number in range(1_001)}})
    fault = awaited(lambda: api.get(path).json()["malformed"])
    assert "at most 1000 sensors; k1000 is stored" in fault["last_reason"]
    long = device(api)
    put(api, long, {"data": {"n" * 201: 1}})
    assert "1 to 200 characters" in awaited(lambda: api.get(long).json()["malformed"])["last_reason"]
    assert [one["messages"] for one in (api.get(path).json()["malformed"], api.get(long).json()["malformed"])] == [1, 1]


def test_the_latest_readings_of_several_devices(api: httpx.Client) -> None:
    first, silent, second = (device(api) for _ in range(3))
    put(api, first, {"data": {"n": 1}})
    put(api, second, {"data": {"n": 2}})
    ids = [path.rpartition("/")[2] for path in (second, silent, first)]
    path = "/api/v2/telemetry/latest"
    found = api.get(path, params={"devices": ",".join([*ids, "dev_0c2k9fq7w3m1x"])}).json()["data"]
    assert [(one["device_id"], one["data"]) for one in found] == [(ids[0], {"n": 2}), (ids[2], {"n": 1})]
    for wrong in ("", "pump", ",", ",".join(f"dev_{number}" for number in range(101))):
        answer = api.get(path, params={"devices": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "devices"), wrong
