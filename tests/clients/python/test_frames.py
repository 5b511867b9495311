"""Frames of pandas and polars as readings, and readings as frames."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import penstock_client
from penstock_client import AsyncClient, Client
from penstock_client.frames import rows_of

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
TIMES = [NOW - datetime.timedelta(minutes=minutes) for minutes in (3, 2, 1)]
COLUMNS = {
    "temperature": [20.5, None, 21.5],
    "vibration.rms": [0.1, None, 0.3],
    "state": ["on", None, "off"],
    "count": [1, None, 3],
}
VALUES = [
    {"temperature": 20.5, "vibration": {"rms": 0.1}, "state": "on", "count": 1},
    {"temperature": 21.5, "vibration": {"rms": 0.3}, "state": "off", "count": 3},
]


def _frame(library: str, **more: Any) -> Any:
    found = pytest.importorskip(library)
    return found.DataFrame({"time": TIMES, **COLUMNS, **more})


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_uploaded_and_downloaded(client: Client, library: str) -> None:
    frame = _frame(library)
    device_id = client.devices.create(name=f"Framed by {library}")["device"]["id"]
    sent = client.telemetry.upload_frame(frame, device_id=device_id)
    assert (sent.accepted, sent.rejected_count) == (2, 0)
    readings = client.telemetry.download_history(device_id, TIMES[0], NOW)
    assert [one["data"] for one in readings] == VALUES
    found = client.telemetry.download_history(device_id, TIMES[0], NOW, as_=library)
    assert list(found.columns) == ["time", "seq", "kind", "channel", "temperature", "vibration.rms", "state", "count"]
    times = found["time"].to_list()
    assert [one.timestamp() for one in times] == [TIMES[0].timestamp(), TIMES[2].timestamp()]
    assert found["vibration.rms"].to_list() == [0.1, 0.3]
    again = client.telemetry.upload_frame(found, device_id=device_id, columns=["temperature"], channel="copy")
    assert again.accepted == 2
    empty = client.telemetry.download_history(device_id, "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", as_=library)
    assert (len(empty), list(empty.columns)) == (0, ["time", "seq", "kind", "channel"])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_rows_name_their_devices(client: Client, library: str) -> None:
    ids = [client.devices.create(name=f"Row {number}")["device"]["id"] for number in range(3)]
    sent = client.telemetry.upload_frame(_frame(library, device=ids), device_column="device", columns=["count"])
    assert sent.accepted == 2
    latest = client.telemetry.latest_of_many(devices=ids)["data"]
    assert sorted((one["device_id"], one["data"]["count"]) for one in latest) == sorted([(ids[0], 1), (ids[2], 3)])


def test_the_index_can_be_the_time() -> None:
    frame = _frame("pandas").set_index("time")
    for name in ("time", "at"):
        rows = list(rows_of(frame, time=name, device_column=None, columns=None, nested=False))
        assert [one.time.timestamp() for one in rows] == [TIMES[0].timestamp(), TIMES[2].timestamp()]
        assert rows[0].data == {"temperature": 20.5, "vibration.rms": 0.1, "state": "on", "count": 1}


def test_what_is_missing_is_left_out() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": pandas.array([1, None], dtype="Int64"), "b": [pandas.NaT, TIMES[0]], "c": [[1], {"x": 1}]})
    rows = list(rows_of(frame, time=None, device_column=None, columns=None, nested=True))
    assert [one.data for one in rows] == [{"a": 1, "c": [1]}, {"b": TIMES[0], "c": {"x": 1}}]
    assert rows[0].time is None


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([{"a": 1}], {"time": "time"}, "row 0 has no value in the column 'time'"),
        ([{"a": 1, "time": NOW.replace(tzinfo=None)}], {"time": "time"}, "has no offset from UTC"),
        ([{"a": 1}], {"time": None, "columns": ["b"]}, "there is no column 'b'"),
        ([{"a": 1, "a.b": 2}], {"time": None}, "inside another column"),
        (5, {"time": None}, "must be one of pandas or polars"),
    ],
)
def test_what_cannot_be_read_is_said(client: Client, rows: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(penstock_client.ConfigurationInvalid, match=said):
        client.telemetry.upload_frame(rows, device_id="dev_1", **options)
    with pytest.raises(penstock_client.ConfigurationInvalid, match="name the device"):
        client.telemetry.upload_frame(rows, **options)


def test_an_unknown_form_is_found_before_anything_is_fetched(client: Client) -> None:
    with pytest.raises(penstock_client.ConfigurationInvalid, match="dicts, pandas, polars"):
        client.telemetry.download_history("dev_1", as_="excel")


async def test_an_event_loop_has_frames_too(async_client: AsyncClient) -> None:
    device_id = (await async_client.devices.create(name="Looped frame"))["device"]["id"]
    sent = await async_client.telemetry.upload_frame([{"time": one, "n": 1} for one in TIMES], device_id=device_id, batch_rows=2)
    assert sent.accepted == 3
    assert len(await async_client.telemetry.download_history(device_id, TIMES[0])) == 3
