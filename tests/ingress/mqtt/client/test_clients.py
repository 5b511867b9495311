"""A server as a client of real brokers: what is published there becomes readings here."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.authority import Authority
from tests.support.bad_rows import ROWS
from tests.support.brokers import PASSWORD, Broker, Mosquitto, Nats, Publisher
from tests.support.server import RunningServer
from tests.support.waiting import eventually

from .conftest import PATIENCE_S, Site, needs, running


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_messages_of_every_qos_become_readings(site: Site, qos: int) -> None:
    device_id = site.device()
    connection = site.connect({"topic": f"{site.topic}/{{{{deviceId}}}}/{{{{key}}}}", "qos": qos})
    for number in range(5):
        site.publisher.publish(f"{site.topic}/{site.name}/temperature", str(number), qos)
    site.until_values(device_id, *[{"temperature": number} for number in range(5)])
    connection.until_counted(messages=5, errors=0, devices=1)
    assert connection.now()["link"]["reason"] is None
    assert connection.now()["last_error"] is None


def test_forms_of_payloads_and_names_of_devices(site: Site) -> None:
    by_eui, by_mac, by_path = site.eui, site.mac, f"gw-{site.name}"
    devices = [site.device(by_eui, "eui"), site.device(by_mac, "mac"), site.device(by_path, "serial"), site.device()]
    connection = site.connect(
        {"topic": f"{site.topic}/v/{{{{deviceId}}}}/humidity/{{{{value}}}}"},
        {"topic": f"{site.topic}/j/{{{{deviceId}}}}", "time_path": "at"},
        {"topic": f"{site.topic}/gateway", "device_id_path": "node.id"},
    )
    site.publisher.publish(f"{site.topic}/v/{by_eui.upper()}/humidity/41.5", "")
    site.publisher.publish(f"{site.topic}/j/{by_mac.replace(':', '-')}", '{"at": 1700000000, "x": {"y": 1}}')
    site.publisher.publish(f"{site.topic}/j/{devices[3]}", '[{"x": 1}, {"x": 2}]')
    site.publisher.publish(f"{site.topic}/gateway", f'{{"node": {{"id": "{by_path}"}}, "x": 3}}')
    connection.until_counted(messages=4, errors=0)
    assert site.values(devices[0]) == [{"humidity": 41.5}]
    assert [(row["time"], row["data"]["x"]) for row in site.rows(devices[1])] == [("2023-11-14T22:13:20Z", {"y": 1})]
    assert site.values(devices[2]) == [{"node": {"id": by_path}, "x": 3}]
    assert site.values(devices[3]) == [{"x": 1}, {"x": 2}]


def test_what_nobody_can_take_is_counted_and_said_and_holds_nothing_up(site: Site) -> None:
    device_id = site.device()
    connection = site.connect({"topic": f"{site.topic}/{{{{deviceId}}}}/t"})
    site.publisher.publish(f"{site.topic}/nobody/t", "1")
    connection.until_counted(errors=1)
    assert connection.now()["last_error"].endswith("device nobody was not found for this connection")
    hostile = [
        b"\xff\xfe",
        b"{" * 30_000,
        b'{"x":' + b"[" * 60 + b"]" * 60 + b"}",
        b"",
        b'{"x":NaN}',
        b"[" * 60_000,
        b"\x00",
        b'{"a":1,"a":2}',
    ]
    for payload in [*hostile, b"x" * 200_000]:
        site.publisher.publish(f"{site.topic}/{site.name}/t", payload)
    site.publisher.publish(f"{site.topic}/{site.name}/t", "7")
    site.until_values(device_id, {"t": 7})
    # MQTT 5 has brokers withhold what is too large; of 3.1.1 it comes, and is passed over.
    too_large = site.broker.versions[0] == "3.1.1"
    connection.until_counted(messages=1, errors=1 + len(hostile) + too_large)
    kept = site.api.get(f"/api/v2/devices/{device_id}/telemetry/quarantined").json()["data"]
    assert len(kept) == len(hostile) + too_large
    assert connection.state() == "connected"


def test_an_element_of_an_array_that_is_no_reading_leaves_the_others(site: Site) -> None:
    device_id, rows = site.device(), {name: row for name, row in ROWS.items() if len(row) < 60_000}
    connection = site.connect({"topic": f"{site.topic}/{{{{deviceId}}}}/t", "qos": 1})
    for row in rows.values():
        site.publisher.publish(f"{site.topic}/{site.name}/t", b'[{"v": 1}, ' + row + b', {"v": 2}]', 1)
    site.until_values(device_id, *([{"v": 1}, {"v": 2}] * len(rows)))
    connection.until_counted(messages=len(rows), errors=len(rows))
    assert "[1]: " in connection.now()["last_error"]
    kept = site.api.get(f"/api/v2/devices/{device_id}/telemetry/quarantined").json()["data"]
    assert len(kept) == len(rows)
    shown = f"/api/v2/devices/{device_id}"
    assert eventually(lambda: (site.api.get(shown).json()["malformed"] or {}).get("messages") == len(rows), PATIENCE_S)


def test_an_element_of_an_array_that_names_no_device_leaves_the_others(site: Site) -> None:
    device_id = site.device()
    connection = site.connect({"topic": f"{site.topic}/gateway", "device_id_path": "id", "qos": 1})
    rows = [{"id": site.name, "v": 1}, {"v": 9}, {"id": "nobody"}, {"id": site.name, "v": 2}]
    site.publisher.publish(f"{site.topic}/gateway", json.dumps(rows), 1)
    assert eventually(lambda: [row["v"] for row in site.values(device_id)] == [1, 2], PATIENCE_S)
    connection.until_counted(messages=1, errors=2)


def test_an_eui_that_is_not_registered_waits_for_its_device(site: Site) -> None:
    eui = site.eui
    connection = site.connect()
    site.publisher.publish(f"{site.topic}/{eui.upper()}/t", "1")
    site.publisher.publish(f"{site.topic}/{eui}/t", "2")
    connection.until_counted(messages=2, errors=0)
    device_id = site.device(eui, "eui")
    site.publisher.publish(f"{site.topic}/{eui}/t", "3")
    assert eventually(lambda: len(site.values(device_id)) == 3, PATIENCE_S)
    assert sorted(row["t"] for row in site.values(device_id)) == [1, 2, 3]


def test_events_of_a_network_server_by_its_broker(site: Site) -> None:
    eui = site.eui
    device_id = site.device(eui, "eui")
    connection = site.connect({"topic": f"{site.topic}/application/+/device/+/event/+", "payload": "lorawan"})
    info = {"devEui": eui, "applicationId": "a"}
    body = json.dumps({"deduplicationId": "d1", "deviceInfo": info, "fCnt": 7, "fPort": 2, "object": {"level": 4}})
    for _ in range(2):
        site.publisher.publish(f"{site.topic}/application/a/device/{eui}/event/up", body)
    unnamed = {"time": "2026-11-21T10:00:00Z", "deviceInfo": info, "fCnt": 8, "fPort": 2, "object": {"level": 5}}
    for _ in range(2):
        site.publisher.publish(f"{site.topic}/application/a/device/{eui}/event/up", json.dumps(unnamed))
    connection.until_counted(messages=4, errors=0, devices=1)
    row, other = sorted(site.values(device_id), key=lambda found: int(found["level"]))
    assert other["level"] == 5
    assert (row["level"], row["lorawan"]["f_cnt"]) == (4, 7)


def test_many_readings_in_a_message_of_a_broker(site: Site) -> None:
    device_id, meter_id = site.device(), site.device(site.eui, "eui")
    plain = {"topic": f"{site.topic}/gateway", "device_id_path": "id"}
    connection = site.connect(plain, {"topic": f"{site.topic}/application/+/device/+/event/+", "payload": "lorawan"})
    rows: list[object] = [{"time": 1777706104, "data": {"v": 1}}, {"ts": "noon", "v": 2}, 7, {"v": 3}]
    message = {"id": site.name, "time": "2026-05-02T09:15:04Z", "data": rows}
    for _ in range(2):
        site.publisher.publish(f"{site.topic}/gateway", json.dumps(message), 1)
    history = {"level": 3, "history": [{"timestamp": 1777706104, "level": 1}, {"timestamp": 1777709704, "level": 2}]}
    body = {"deduplicationId": "d1", "deviceInfo": {"devEui": site.eui}, "time": "2026-05-02T09:15:04Z", "object": history}
    for _ in range(2):
        site.publisher.publish(f"{site.topic}/application/a/device/{site.eui}/event/up", json.dumps(body))
    connection.until_counted(messages=4, errors=4, devices=2)
    assert [(row["time"], row["data"]) for row in site.rows(device_id)] == [
        ("2026-05-02T07:15:04Z", {"v": 1}),
        ("2026-05-02T09:15:04Z", {"v": 3}),
    ] * 2, "two messages are two messages, as for one reading"
    assert [row["level"] for row in site.values(meter_id)] == [1, 2, 3]


def test_two_organisations_with_the_same_topics_stay_apart(site: Site, own_server: RunningServer) -> None:
    mine = site.device()
    connection = site.connect()
    with own_server.client(own_server.orgs["Other"]) as other_api:
        theirs = Site(site.broker, other_api, site.publisher, site.topic, site.name)
        other_id = theirs.device()
        other = theirs.connect()
        site.publisher.publish(f"{site.topic}/{site.name}/t", "1")
        site.publisher.publish(f"{site.topic}/{mine}/t", "2")  # an id of the one is nobody's to the other
        site.until_values(mine, {"t": 1}, {"t": 2})
        theirs.until_values(other_id, {"t": 1})
        other.until_counted(messages=1, errors=1)
        connection.until_counted(messages=2, errors=0)
        assert other_api.get(connection.path).status_code == 404
        other_api.delete(other.path)


def test_a_connection_of_a_project_reaches_no_other_project(site: Site) -> None:
    project = site.api.post("/api/v2/projects", json={"name": site.topic}).raise_for_status().json()["id"]
    inside, outside = site.device(project_id=project), site.device(f"{site.name}-out")
    connection = site.connect(project_id=project)
    for name in (site.name, f"{site.name}-out"):
        site.publisher.publish(f"{site.topic}/{name}/t", "1")
    connection.until_counted(messages=1, errors=1)
    assert (site.values(inside), site.values(outside)) == ([{"t": 1}], [])


def test_what_comes_while_paused_is_kept_by_the_broker_and_stored_once(site: Site) -> None:
    device_id = site.device()
    connection = site.connect()
    site.publisher.publish(f"{site.topic}/{site.name}/t", "1", retain=True)
    site.until_values(device_id, {"t": 1})
    assert site.api.post(f"{connection.path}/pause").status_code == 200
    connection.until(None)
    site.publisher.publish(f"{site.topic}/{site.name}/t", "2")
    assert site.values(device_id) == [{"t": 1}]
    assert site.api.post(f"{connection.path}/resume").status_code == 200
    site.until_values(device_id, {"t": 1}, {"t": 2})
    connection.until_counted(messages=2, errors=0)


def test_a_broker_that_is_restarted_is_found_again(site: Site) -> None:
    device_id = site.device()
    connection = site.connect()
    site.broker.stop()
    connection.until("waiting")
    link = connection.now()["link"]
    assert link["reason"]
    assert link["retry_at"]
    site.broker.start()
    connection.until("connected")
    assert connection.now()["link"]["reason"] is None
    again = Publisher(site.broker)
    again.publish(f"{site.topic}/{site.name}/t", "1")
    again.close()
    site.until_values(device_id, {"t": 1})


def test_changed_settings_take_effect_and_a_deleted_connection_hears_nothing(site: Site) -> None:
    device_id = site.device()
    connection = site.connect({"topic": f"{site.topic}/a/{{{{deviceId}}}}"})
    since = connection.now()["link"]["since"]
    site.api.patch(connection.path, json={"name": "Renamed"}).raise_for_status()
    changed = {"settings": {"subscriptions": [{"topic": f"{site.topic}/b/{{{{deviceId}}}}"}]}}
    site.api.patch(connection.path, json=changed).raise_for_status()
    assert eventually(
        lambda: (connection.now()["link"] or {}).get("since", since) != since and connection.state() == "connected", PATIENCE_S
    )
    site.publisher.publish(f"{site.topic}/a/{site.name}", "1")
    site.publisher.publish(f"{site.topic}/b/{site.name}", "2")
    site.until_values(device_id, {"value": 2})
    connection.until_counted(messages=1, errors=0)  # the broker was told that the topic before is no longer wanted
    site.api.delete(connection.path).raise_for_status()
    site.publisher.publish(f"{site.topic}/b/{site.name}", "3")
    assert site.values(device_id) == [{"value": 2}]


def test_a_wrong_password_is_said_and_a_right_one_heals(site: Site, own_server: RunningServer) -> None:
    connection = site.make(site.settings(password="Wrong-Password-1"))
    connection.until("waiting")
    said = connection.now()["link"]["reason"]
    assert said in {"the user name or password is wrong", "the broker does not authorise this user"}
    assert connection.now()["errors"] >= 0
    site.api.patch(connection.path, json={"settings": {"password": PASSWORD}}).raise_for_status()
    connection.until("connected")
    for secret in (PASSWORD, "Wrong-Password-1"):
        assert secret not in own_server.log()
        assert secret not in site.api.get(connection.path).text


def test_a_new_version_of_its_secret_connects_it(site: Site) -> None:
    wanted = {"name": f"broker-{site.topic}", "value": "Wrong-Password-2"}
    secret_id = site.api.post("/api/v2/secrets", json=wanted).raise_for_status().json()["id"]
    connection = site.make(site.settings(password=f"secret://{wanted['name']}"))
    connection.until("waiting")
    site.api.post(f"/api/v2/secrets/{secret_id}/versions", json={"value": PASSWORD}).raise_for_status()
    connection.until("connected")
    assert PASSWORD not in site.api.get(connection.path).text
    site.api.delete(connection.path)


def test_what_cannot_be_reached_says_why(site: Site) -> None:
    for host, port, words in (
        ("127.0.0.1", 1, "refused"),
        ("10.1.2.3", site.broker.port, "not public"),
        ("169.254.169.254", 80, "not public"),
        ("nowhere.invalid", 1883, "no address"),
    ):
        connection = site.make(site.settings(host=host, port=port))
        assert eventually(lambda found=connection, said=words: said in str(found.now()["link"]), PATIENCE_S), connection.now()
        site.api.delete(connection.path)


@pytest.mark.parametrize("kind", [Nats, Mosquitto])
def test_tls_believes_the_authority_that_was_given_and_no_other(
    kind: type[Broker], own_server: RunningServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    needs(kind)
    folder = tmp_path_factory.mktemp("tls")
    authority, stranger = Authority(folder), Authority(folder)
    with running(kind(folder, authority.pair())) as broker, own_server.client(own_server.orgs["Acme"]) as api:
        site = Site(broker, api, None)  # type: ignore[arg-type]
        good = site.connect(tls=True, ca_certificate=authority.certificate.decode())
        for bad, words in (
            ({"ca_certificate": stranger.certificate.decode()}, "certificate is not valid"),
            ({}, "certificate is not valid"),
            ({"ca_certificate": "-----BEGIN NOTHING-----"}, "CA certificate cannot be read"),
            ({"client_certificate": "x", "client_key": "y"}, "certificate and key cannot be used"),
        ):
            connection = site.make(site.settings(tls=True, **bad))
            assert eventually(lambda found=connection, said=words: said in str(found.now()["link"]), PATIENCE_S), connection.now()
            api.delete(connection.path)
        plain = site.make(site.settings())
        plain.until("waiting")
        for connection in (good, plain):
            api.delete(connection.path)


def test_a_retained_message_is_stored_once(site: Site) -> None:
    site.publisher.publish(f"{site.topic}/{site.name}/t", "1", retain=True)
    device_id = site.device()
    connection = site.connect()
    site.until_values(device_id, {"t": 1})
    for _ in range(2):
        site.api.post(f"{connection.path}/pause").raise_for_status()
        connection.until(None)
        site.api.post(f"{connection.path}/resume").raise_for_status()
        connection.until("connected")
    site.publisher.publish(f"{site.topic}/{site.name}/t", "2")
    site.until_values(device_id, {"t": 1}, {"t": 2})


def test_both_versions_of_the_protocol(site: Site) -> None:
    device_id = site.device()
    wanted = [{"x": number} for number, _ in enumerate(site.broker.versions)]
    for number, version in enumerate(site.broker.versions):
        connection = site.connect({"topic": f"{site.topic}/{{{{deviceId}}}}/x"}, protocol=version)
        site.publisher.publish(f"{site.topic}/{site.name}/x", str(number))
        site.until_values(device_id, *wanted[: number + 1])
        site.api.delete(connection.path)
    if "5" not in site.broker.versions:
        connection = site.make(site.settings(protocol="5"))
        connection.until("waiting")


def test_settings_are_refused_by_field(own_server: RunningServer) -> None:
    with own_server.client(own_server.orgs["Acme"]) as api:
        body = {"type": "mqtt", "name": "x", "settings": {"host": "b.example.org", "subscriptions": [{"topic": "a/{{device}}"}]}}
        answer: httpx.Response = api.post("/api/v2/connections", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "settings.subscriptions[0].topic")
