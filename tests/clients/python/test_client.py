"""The client against the real server: resources, pages, versions, files, errors."""

from __future__ import annotations

import datetime
import logging
from pathlib import Path

import httpx
import pytest

import penstock_client
from penstock_client import UNSET, AsyncClient, Client, etag_of, request_id_of
from tests.clients.python.scripted import Scripted, said
from tests.support.server import Org, RunningServer


def test_a_device_from_its_creation_to_its_end(client: Client) -> None:
    made = client.devices.create(
        name="Client pump", labels={"site": "harbour"}, identifiers=[{"kind": "serial", "value": "cl-1"}]
    )
    device_id = made["device"]["id"]
    assert made["access_token"].startswith("tok_")
    assert client.devices.get(device_id)["labels"] == {"site": "harbour"}
    assert client.devices.get_by_identifier("serial", "cl-1")["id"] == device_id
    changed = client.devices.update(device_id, expected_interval_s=60, description="new")
    assert changed["expected_interval_s"] == 60
    changed = client.devices.update(device_id, expected_interval_s=None, description=UNSET)
    assert (changed["expected_interval_s"], changed["description"]) == (None, "new")
    assert client.devices.pause(device_id)["status"] == "paused"
    client.devices.delete(device_id)
    with pytest.raises(penstock_client.NotFound) as missing:
        client.devices.get(device_id)
    assert missing.value.code == "devices.not_found"
    assert missing.value.request_id
    assert missing.value.request_id in str(missing.value)


def test_lists_come_whole_or_by_page(client: Client) -> None:
    names = [f"Paged {number}" for number in range(5)]
    for name in names:
        client.devices.create(name=name)
    found = client.devices.list(q="Paged", sort="name", limit=2)
    assert [one["name"] for one in found] == names
    assert [one["name"] for one in found] == names, "it can be iterated again"
    assert [len(page.data) for page in found.pages()] == [2, 2, 1]
    first = found.page()
    assert first.next_cursor is not None
    rest = client.devices.list(q="Paged", sort="name", limit=2, cursor=first.next_cursor)
    assert [one["name"] for one in rest] == names[2:]
    assert [one["name"] for one in client.devices.list(q="Paged", label=["site:none"])] == []
    assert len(list(client.keys.list_scopes())) > 10


def test_versions_protect_changes(client: Client) -> None:
    device_id = client.devices.create(name="Versioned")["device"]["id"]
    read = client.devices.get(device_id)
    etag = etag_of(read)
    assert etag
    client.devices.update(device_id, name="Versioned once", if_match=etag)
    with pytest.raises(penstock_client.PreconditionFailed):
        client.devices.update(device_id, name="Versioned twice", if_match=etag)
    assert request_id_of(read)
    assert etag_of({}) is None


def test_errors_are_classes(client: Client, server: RunningServer) -> None:
    with pytest.raises(penstock_client.ValidationFailed) as invalid:
        client.devices.create(name="")
    assert [one.field for one in invalid.value.errors] == ["name"]
    client.devices.create(name="Twin", identifiers=[{"kind": "serial", "value": "cl-twin"}])
    with pytest.raises(penstock_client.Conflict) as twin:
        client.devices.create(name="Twin", identifiers=[{"kind": "serial", "value": "cl-twin"}])
    assert twin.value.code == "devices.identifier_taken"
    client.devices.create(name="Same", idempotency_key="cl-same")
    with pytest.raises(penstock_client.IdempotencyMismatch):
        client.devices.create(name="Other", idempotency_key="cl-same")
    limited = client.keys.create(name="Reader", scopes=["devices:read"])
    with httpx.Client() as http:
        reader = Client(server.base_url, limited["value"], http_client=http)
        with pytest.raises(penstock_client.Forbidden):
            reader.devices.create(name="No")
        with pytest.raises(penstock_client.Unauthenticated):
            next(iter(Client(server.base_url, "psk_unknown", http_client=http).devices.list()))


def test_readings_in_and_out(client: Client, tmp_path: Path) -> None:
    device_id = client.devices.create(name="Measuring")["device"]["id"]
    assert client.telemetry.latest(device_id)["data"] is None
    at = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    stored = client.telemetry.send([{"device_id": device_id, "data": {"temperature": 21.5}, "time": at}])
    assert stored["accepted"] == 1
    latest = client.telemetry.latest(device_id)["data"]
    assert latest is not None
    assert latest["data"] == {"temperature": 21.5}
    assert latest["time"] == at.isoformat().replace("+00:00", "Z")
    assert [one["id"] for one in client.telemetry.latest_of_many(devices=[device_id])["data"]] == [latest["id"]]
    buckets = client.telemetry.aggregate(device_id, range="2h", bucket="1h", functions=["max", "count"])
    assert [one["values"]["temperature"]["max"] for one in buckets["data"]] == [21.5]
    exported = client.telemetry.export(device_id, format="csv", from_=at, range=None)
    assert exported.media_type == "text/csv"
    assert exported.headers["x-range-from"]
    assert list(exported.lines())[1].endswith(",21.5")
    target = tmp_path / "readings.csv"
    assert client.telemetry.export(device_id).save(target) == len(target.read_bytes())
    assert [one.name for one in tmp_path.iterdir()] == ["readings.csv"]
    with pytest.raises(penstock_client.NotFound):
        client.telemetry.export("dev_0000000000000")
    with client.telemetry.export(device_id) as unread:
        assert unread.media_type == "text/csv"


def test_a_sensor_whose_key_is_a_path(client: Client) -> None:
    device_id = client.devices.create(name="Sensing")["device"]["id"]
    client.sensors.declare(device_id, key="tank/1.level %", value_type="float")
    assert client.sensors.get(device_id, "tank/1.level %")["key"] == "tank/1.level %"
    with pytest.raises(penstock_client.ConfigurationInvalid):
        client.devices.delete("..")
    with pytest.raises(penstock_client.ConfigurationInvalid):
        client.devices.delete("")


async def test_an_event_loop_has_the_same(async_client: AsyncClient, tmp_path: Path) -> None:
    for number in range(3):
        made = await async_client.devices.create(name=f"Eventful {number}")
    device_id = made["device"]["id"]
    found = async_client.devices.list(q="Eventful", sort="name", limit=2)
    assert [one["name"] async for one in found] == ["Eventful 0", "Eventful 1", "Eventful 2"]
    assert [len(page.data) async for page in found.pages()] == [2, 1]
    assert len((await found.page()).data) == 2
    with pytest.raises(penstock_client.PreconditionFailed):
        await async_client.devices.update(device_id, name="x", if_match='"other"')
    await async_client.telemetry.send_for_device(device_id, {"data": {"t": 1}})
    exported = await async_client.telemetry.export(device_id, format="csv")
    assert len([line async for line in exported.lines()]) == 2
    assert b",1" in await (await async_client.telemetry.export(device_id, format="csv")).read()
    target = tmp_path / "readings.csv"
    assert await (await async_client.telemetry.export(device_id)).save(target) == len(target.read_bytes())
    await async_client.devices.delete(device_id)


BROKEN_OFF = said(200, b"half", connection="close").replace(b"length: 4", b"length: 9")


def test_a_file_that_breaks_off_leaves_what_was_there(scripted: Scripted, tmp_path: Path) -> None:
    target = tmp_path / "readings.csv"
    target.write_text("before")
    scripted.answers(BROKEN_OFF)
    download = scripted.client().telemetry.export("dev_1")
    with pytest.raises(penstock_client.ConnectionFailed):
        download.save(target)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("readings.csv", "before")]


async def test_in_an_event_loop_it_leaves_it_too(scripted: Scripted, tmp_path: Path) -> None:
    target = tmp_path / "readings.csv"
    target.write_text("before")
    scripted.answers(BROKEN_OFF)
    async with scripted.async_client() as client:
        download = await client.telemetry.export("dev_1")
        with pytest.raises(penstock_client.ConnectionFailed):
            await download.save(target)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("readings.csv", "before")]


async def test_secrets_are_never_shown(server: RunningServer, acme: Org, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Client(server.base_url, acme.api_key) as client:
        client.organization.caller()
        with pytest.raises(penstock_client.ApiError) as refused:
            client.devices.get("dev_1")
        shown = [repr(client), repr(vars(client)), str(refused.value), repr(refused.value), repr(client.devices)]
        shown += [repr(client._transport.http.headers)]
    async with AsyncClient(server.base_url, acme.api_key) as other:
        shown += [repr(other), repr(vars(other))]
    assert repr(client) == f"Client({server.base_url!r})"
    for text in (*shown, caplog.text):
        assert acme.api_key not in text


def test_the_environment_says_where_and_who(server: RunningServer, acme: Org) -> None:
    environment = {"PENSTOCK_URL": f"{server.base_url}/", "PENSTOCK_API_KEY": f"{acme.api_key}\n"}
    with Client.from_environment(environment) as client:
        assert client.base_url == server.base_url
        assert client.organization.get()["id"] == acme.organization_id
    with pytest.raises(penstock_client.ConfigurationInvalid, match="PENSTOCK_API_KEY must be set"):
        Client.from_environment({"PENSTOCK_URL": "http://localhost"})


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x", "https://", "http://user:pw@host", "http://host?key=1"])
def test_a_bad_address_is_found_at_once(url: str) -> None:
    with pytest.raises(penstock_client.ConfigurationInvalid, match="base_url"):
        Client(url, "psk_secret")


@pytest.mark.parametrize("key", ["", "psk secret", "psk_\n", "psk_é"])
def test_a_bad_key_is_found_at_once_and_not_shown(key: str) -> None:
    with pytest.raises(penstock_client.ConfigurationInvalid) as found:
        Client("http://localhost", key)
    assert str(found.value) == "api_key must be a key or token, without spaces"
