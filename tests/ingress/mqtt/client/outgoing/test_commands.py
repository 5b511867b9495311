"""Commands to devices at others' brokers: published there, and told of honestly."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ingress.mqtt.client.conftest import ALLOWED, PATIENCE_S, Shown, Site, needs, running, site_of
from tests.ingress.mqtt.client.intake.test_kills import kill
from tests.support.brokers import Mosquitto, Nats, Publisher, Withholding
from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import eventually

LEVEL = [{"name": "level", "type": "integer"}]


@dataclass
class Valve:
    """A device at a broker, registered here, and what it hears there."""

    site: Site
    id: str
    ears: Publisher

    def report(self) -> None:
        """Let it send a reading, by which its way is known."""
        before = len(self.site.rows(self.id))
        self.site.publisher.publish(f"{self.site.topic}/{self.site.name}/t", "1")
        assert eventually(lambda: len(self.site.rows(self.id)) > before, PATIENCE_S)

    def ask(
        self,
        parameters: dict[str, Any] | None = None,
        wanted: list[dict[str, Any]] | None = None,
        *,
        name: str = "",
        expires_in_s: int = 600,
        **fields: Any,
    ) -> str:
        path = f"/api/v2/devices/{self.id}/commands"
        body = {"name": name or f"set_{secrets.token_hex(3)}", "parameters": wanted or []} | fields
        definition = self.site.api.post(path, json=body).raise_for_status().json()["id"]
        asked = {"parameters": parameters or {}, "expires_in_s": expires_in_s}
        return str(self.site.api.post(f"{path}/{definition}/execute", json=asked).raise_for_status().json()["id"])

    def look(self, execution: str) -> dict[str, Any]:
        found: dict[str, Any] = self.site.api.get(f"/api/v2/command-executions/{execution}").raise_for_status().json()
        return found

    def comes_to(self, execution: str, state: str) -> dict[str, Any]:
        assert eventually(lambda: self.look(execution)["state"] == state, PATIENCE_S), self.look(execution)
        return self.look(execution)

    def states(self, execution: str) -> list[str]:
        return [row["state"] for row in self.look(execution)["history"]]

    def until_heard(self, count: int) -> list[dict[str, Any]]:
        assert eventually(lambda: len(self.ears.heard) >= count, PATIENCE_S), self.ears.heard
        return [json.loads(payload) for _, payload in self.ears.heard]

    def says(self, **said: Any) -> None:
        self.site.publisher.publish(f"{self.site.topic}/said/{self.site.name}", json.dumps(said))


def settings(site: Site, topic: str = "cmd/{{deviceId}}", **more: Any) -> dict[str, Any]:
    said = {"topic": f"{site.topic}/said/{{{{deviceId}}}}", "payload": "acknowledgement"}
    reports = {"topic": f"{site.topic}/{{{{deviceId}}}}/{{{{key}}}}"}
    return site.settings(said, reports, command_topic=f"c{site.topic}/{topic}", **more)


def valve(site: Site, *, listens: bool = True) -> Valve:
    ears = Publisher(site.broker)
    if listens:
        ears.listen(f"c{site.topic}/cmd/#")
    return Valve(site, site.device(), ears)


@pytest.fixture
def it(site: Site) -> Iterator[Valve]:
    """A valve with a connection that stands, through which it has reported."""
    site.make(settings(site)).until("connected")
    found = valve(site)
    found.report()
    yield found
    found.ears.close()


def test_a_command_goes_down_and_the_device_answers(it: Valve, site: Site) -> None:
    readings = it.site.values(it.id)
    asked = it.ask({"level": 3}, LEVEL, name="open", verification="acknowledgement")
    assert it.until_heard(1) == [{"command": "open", "params": {"level": 3}, "id": asked}]
    assert it.ears.heard[0][0] == f"c{site.topic}/cmd/{site.name}"
    sent = it.comes_to(asked, "sent")
    assert (sent["reason"], sent["sent_by"], sent["hand_outs"]) == ("the broker has it", "mqtt", 1)
    it.says(id=asked, progress=50)
    it.comes_to(asked, "received")
    it.says(id=asked, ok=True, result={"level": 3})
    assert it.comes_to(asked, "done")["result"] == {"level": 3}
    assert it.states(asked) == ["queued", "sent", "received", "done"]
    failing = it.ask(verification="acknowledgement")
    it.until_heard(2)
    it.says(id=failing, ok=False, error="the valve is stuck")
    assert it.comes_to(failing, "failed")["error"] == "the valve is stuck"
    assert it.site.values(it.id) == readings


def test_a_command_that_comes_back_by_a_subscription_is_no_reading(site: Site) -> None:
    """Topics of readings and commands may overlap; a device that says the same afterwards is heard."""
    reports = {"topic": f"{site.topic}/{{{{deviceId}}}}/{{{{key}}}}"}
    topic = f"{site.topic}/{{{{deviceId}}}}/{{{{command}}}}"
    for version in site.broker.versions:
        connection = site.make(site.settings(reports, command_topic=topic, command_payload="value", protocol=version))
        connection.until("connected")
        it = Valve(site, site.device(f"{site.name}-{version}"), Publisher(site.broker).listen(f"{site.topic}/+/level"))
        site.publisher.publish(f"{site.topic}/{site.name}-{version}/level", "1")
        site.until_values(it.id, {"level": 1})
        verified = it.ask({"level": 3}, LEVEL, name="level", verification="next_reading")
        assert eventually(lambda heard=it.ears.heard: len(heard) == 2, PATIENCE_S)
        it.comes_to(verified, "received")
        site.publisher.publish(f"{site.topic}/{site.name}-{version}/level", "3")
        site.until_values(it.id, {"level": 1}, {"level": 3})
        it.comes_to(verified, "done")
        it.ears.close()
        site.api.delete(connection.path)


def test_of_a_command_that_nobody_answers_the_brokers_word_is_all(it: Valve) -> None:
    done = it.comes_to(it.ask(verification="none"), "done")
    assert [row["state"] for row in done["history"]] == ["queued", "sent", "received", "done"]
    verified = it.ask(verification="next_reading")
    it.comes_to(verified, "received")
    it.report()
    assert it.comes_to(verified, "done")["reason"].startswith("verified by the reading")


ONLY_NATS = pytest.mark.parametrize("broker", [Nats], indirect=True)
"""For what is not the broker's affair, the one that is always there."""


@ONLY_NATS
@pytest.mark.parametrize(
    ("form", "topic", "parameters", "heard"),
    [
        ("value", "cmd/{{deviceId}}/{{command}}", {"level": 3}, ("POWER", b"3")),
        ("parameters", "cmd/{{deviceId}}/set", {"level": 3}, ("set", b'{"level":3}')),
        ("value", "cmd/{{deviceId}}/{{value}}", {"mode": "eco"}, ("eco", b"eco")),
    ],
)
def test_forms_of_topics_and_payloads(site: Site, form: str, topic: str, parameters: dict[str, Any], heard: Any) -> None:
    site.make(settings(site, topic, command_payload=form)).until("connected")
    it = valve(site)
    it.report()
    asked = it.ask(parameters, [*LEVEL, {"name": "mode", "type": "string"}], name="POWER", verification="none")
    it.comes_to(asked, "done")
    assert eventually(lambda: it.ears.heard, PATIENCE_S)
    assert it.ears.heard == [(f"c{site.topic}/cmd/{site.name}/{heard[0]}", heard[1])]
    it.ears.close()


@ONLY_NATS
def test_a_name_or_a_value_makes_no_other_topic(site: Site) -> None:
    """Names come from payloads too, and values from people: neither adds a level or a wildcard."""
    by_path = {"topic": f"{site.topic}/up", "device_id_path": "id"}
    topic = f"c{site.topic}/cmd/{{{{deviceId}}}}/{{{{value}}}}"
    connection = site.make(site.settings(by_path, command_topic=topic, command_payload="value"))
    connection.until("connected")
    wanted = [{"name": "mode", "type": "string"}]
    names = [f"{site.name}/../x", f"{site.name}+", f"#{site.name}", f"a\x01{site.name}"]
    for name in names:
        it = Valve(site, site.device(name), site.publisher)
        site.publisher.publish(f"{site.topic}/up", json.dumps({"id": name, "t": 1}))
        failed = it.comes_to(it.ask({"mode": "eco"}, wanted, verification="none"), "failed")
        assert "cannot replace {{deviceId}} in a topic" in failed["reason"]
        assert [row["state"] for row in failed["history"]] == ["queued", "failed"]
    it = valve(site)
    site.publisher.publish(f"{site.topic}/up", json.dumps({"id": site.name, "t": 1}))
    failed = it.comes_to(it.ask({"mode": "a/b"}, wanted, verification="none"), "failed")
    assert "{{value}}" in failed["reason"]
    several = it.ask({"mode": "a", "level": 1}, [*wanted, *LEVEL], verification="none")
    assert "is required for {{value}}" in it.comes_to(several, "failed")["reason"]
    it.comes_to(it.ask({"mode": "eco"}, wanted, verification="none"), "done")
    assert eventually(lambda: it.ears.heard, PATIENCE_S)
    assert it.ears.heard == [(f"c{site.topic}/cmd/{site.name}/eco", b"eco")]
    it.ears.close()


@ONLY_NATS
def test_a_device_that_never_reports_is_said_to_be_there(site: Site) -> None:
    connection = site.make(settings(site))
    connection.until("connected")
    it = valve(site)
    asked = it.ask(verification="none")
    path = f"/api/v2/devices/{it.id}/connection"
    wanted = {"connection_id": connection.id, "device_name": "lamp-7"}
    assert site.api.put(path, json=wanted).json() == wanted | {"application_id": None}
    it.comes_to(asked, "done")
    # The broker confirms before, or after, it hands the message on to who subscribes.
    assert eventually(lambda: [topic for topic, _ in it.ears.heard] == [f"c{site.topic}/cmd/lamp-7"])
    site.api.put(path, json={"connection_id": connection.id, "device_name": "lamp-8"}).raise_for_status()
    it.comes_to(it.ask(verification="none"), "done")
    assert eventually(lambda: it.ears.heard[-1][0] == f"c{site.topic}/cmd/lamp-8")
    assert site.api.put(path, json={"connection_id": "con_0000000000000"}).status_code in (400, 404)
    project = site.api.post("/api/v2/projects", json={"name": site.topic}).raise_for_status().json()["id"]
    other = site.make(settings(site), project)
    refused = site.api.put(path, json={"connection_id": other.id})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "connection_id")
    it.ears.close()


def test_while_the_broker_is_away_commands_wait_until_they_expire(it: Valve, site: Site) -> None:
    (connection,) = [Shown(site.api, one["id"]) for one in site.api.get("/api/v2/connections").json()["data"]]
    site.broker.stop()
    connection.until("waiting")
    late, later = it.ask(expires_in_s=1, verification="none"), it.ask(verification="none")
    assert it.comes_to(late, "expired")["reason"] == "it expired in the queue"
    taken_back = it.ask(verification="none")
    assert site.api.post(f"/api/v2/command-executions/{taken_back}/cancel").status_code == 200
    assert it.states(later) == ["queued"]
    site.broker.start()
    again = Publisher(site.broker).listen(f"c{site.topic}/cmd/#")
    it.comes_to(later, "done")
    again.close()
    assert it.states(late) == ["queued", "expired"]


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    needs(Mosquitto)
    with running(Mosquitto(tmp_path_factory.mktemp("mosquitto"))) as found:
        assert isinstance(found, Mosquitto)
        yield found


@pytest.fixture
def far(own_server: RunningServer, mosquitto: Mosquitto) -> Iterator[Site]:
    """A site at mosquitto, which speaks MQTT 5."""
    with own_server.client(own_server.orgs["Acme"]) as api, site_of(mosquitto, api) as found:
        yield found


def test_a_broker_that_says_that_nobody_listens_has_not_got_it(far: Site) -> None:
    connection = far.make(settings(far))
    connection.until("connected")
    it = valve(far, listens=False)
    it.report()
    asked = it.ask(verification="none")
    assert eventually(lambda: it.look(asked)["reason"] == "no client is subscribed to the topic at the broker", PATIENCE_S)
    assert it.states(asked) == ["queued"]
    assert eventually(lambda: "no client is subscribed" in (connection.now()["last_error"] or ""), PATIENCE_S)
    it.ears.listen(f"c{far.topic}/cmd/#")
    it.comes_to(asked, "done")
    assert it.look(asked)["hand_outs"] == 1
    it.ears.close()


def test_it_is_sent_when_the_broker_has_said_so_and_not_before(far: Site) -> None:
    relay = Withholding(far.broker.port)
    connection = far.make(settings(far, port=relay.port))
    connection.until("connected")
    it = valve(far)
    it.report()
    relay.withholds = True
    asked = it.ask(verification="acknowledgement")
    it.until_heard(1)
    assert eventually(lambda: relay.kept, PATIENCE_S)
    assert it.states(asked) == ["queued"]
    answer = far.api.post(f"/api/v2/command-executions/{asked}/cancel")
    assert answer.status_code == 409, "it has left"
    relay.withholds = False
    far.publisher.publish(f"{far.topic}/{far.name}/t", "2")  # the next packet takes it along
    it.comes_to(asked, "sent")
    relay.withholds = True
    answered = it.ask(verification="acknowledgement")
    it.until_heard(2)
    it.says(id=answered, ok=True)
    it.comes_to(answered, "done")  # the device was faster than its broker's word
    assert it.states(answered) == ["queued", "sent", "received", "done"]
    relay.close()
    it.ears.close()


@pytest.mark.parametrize("repeatable", [False, True])
def test_what_the_broker_never_confirmed_is_in_doubt(far: Site, repeatable: bool) -> None:
    relay = Withholding(far.broker.port)
    connection = far.make(settings(far, port=relay.port))
    connection.until("connected")
    it = valve(far)
    it.report()
    relay.withholds = True
    asked = it.ask(verification="acknowledgement", repeatable=repeatable)
    it.until_heard(1)
    assert eventually(lambda: relay.kept, PATIENCE_S)
    relay.withholds = False
    relay.cut()
    it.comes_to(asked, "sent")
    if repeatable:
        assert [one["id"] for one in it.until_heard(2)] == [asked, asked], "known again by its id"
        assert it.comes_to(asked, "sent")["hand_outs"] == 2
        assert it.states(asked) == ["queued", "sent", "queued", "sent"]
    else:
        after = it.ask(verification="none")
        it.comes_to(after, "done")
        assert "the outcome is unknown" in it.look(asked)["reason"]
        assert [one["id"] for one in it.until_heard(2)] == [asked, after]
    relay.close()
    it.ears.close()


@pytest.mark.prove
def test_a_server_killed_while_a_command_leaves_tells_the_truth_afterwards(mosquitto: Mosquitto, tmp_path: Path) -> None:
    data_dir, relay = tmp_path / "data", Withholding(mosquitto.port)
    org = bootstrap_org(data_dir)
    server = start_server(data_dir, environment=ALLOWED)
    publisher = Publisher(mosquitto)
    with server.client(org) as api:
        site = Site(mosquitto, api, publisher)
        site.make(settings(site, port=relay.port)).until("connected")
        it = valve(site)
        it.report()
        relay.withholds = True
        once = it.ask(verification="acknowledgement")
        it.until_heard(1)
        again = it.ask(verification="acknowledgement", repeatable=True)
        kill(server)
    relay.withholds = False
    relay.cut()
    server = start_server(data_dir, environment=ALLOWED)
    try:
        with server.client(org) as api:
            it.site.api = api
            told = it.comes_to(once, "sent")
            assert "the server stopped before the broker confirmed the message" in told["reason"]
            it.comes_to(again, "sent")
            assert [one["id"] for one in it.until_heard(2)].count(once) == 1, "what is not repeatable never goes twice"
            it.says(id=once, ok=True)
            it.comes_to(once, "done")
    finally:
        kill(server)
        relay.close()
        it.ears.close()
        publisher.close()


def test_settings_of_command_topics_are_refused_by_field(own_server: RunningServer) -> None:
    with own_server.client(own_server.orgs["Acme"]) as api:
        for more, field in (
            ({"command_topic": "cmd/all"}, "settings.command_topic"),
            ({"command_topic": "cmd/{{deviceId}}/#"}, "settings.command_topic"),
            ({"command_topic": "cmd/{{deviceId}}/{{key}}"}, "settings.command_topic"),
            ({"command_topic": "a/{{deviceId}}/{{command}}", "command_payload": "chirpstack"}, "settings.command_topic"),
            ({"command_payload": "xml"}, "settings.command_payload"),
        ):
            wanted = {"host": "b.example.org", "subscriptions": [{"topic": "a/{{deviceId}}"}]} | more
            answer: httpx.Response = api.post("/api/v2/connections", json={"type": "mqtt", "name": "x", "settings": wanted})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_command_that_its_connection_cannot_publish_says_so_in_the_answer(site: Site) -> None:
    reports = {"topic": f"{site.topic}/{{{{deviceId}}}}/{{{{key}}}}"}
    connection = site.make(site.settings(reports))
    connection.until("connected")
    found = valve(site, listens=False)
    found.report()
    for transport in ("any", "mqtt"):
        waiting = found.look(found.ask(transport=transport))
        assert (waiting["state"], "has no command_topic" in waiting["reason"]) == ("queued", True), waiting
    both = [*LEVEL, {"name": "mode", "type": "string"}]
    site.api.patch(connection.path, json={"settings": settings(site, command_payload="value")}).raise_for_status()
    refused = found.look(found.ask({"level": 3, "mode": "eco"}, both, transport="mqtt"))
    assert (refused["state"], [row["state"] for row in refused["history"]]) == ("failed", ["queued", "failed"]), refused
    found.ears.close()
