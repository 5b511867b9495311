"""Commands as LoRaWAN downlinks, from asking for them to what the network server tells: real servers on both sides."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest

from penstock.core.commands.models import Transport
from tests.support.network_servers import ChirpStack, ThingsStack, chirpstack, chirpstack_v3, things_stack
from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited, eventually

API_KEY = "NNSXS.A-KEY-OF-THE-THINGS-STACK"
CODEC = """
function encodeDownlink(input) {
  if (input.data.minutes === undefined) return {errors: ['minutes are missing']};
  return {fPort: 3, bytes: [input.data.minutes]};
}
"""
RAW = [{"name": "f_port", "type": "integer", "required": True}, {"name": "payload_hex", "type": "string", "required": True}]
MINUTES = [{"name": "minutes", "type": "integer"}]
SENT = {"f_port": 10, "payload_hex": "0aFF"}


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may call this machine, and that tries again soon."""
    folder = tmp_path_factory.mktemp("downlinks")
    config = folder / "penstock.toml"
    config.write_text(
        '[outbound]\nallowed_targets = ["127.0.0.0/8", "localhost"]\n[downlinks]\nretry_s = 0.2\nlook_interval_s = 0.2\n'
    )
    with running_server(folder / "data", args=("--config", str(config))) as running:
        yield running


@pytest.fixture
def api(own_server: RunningServer) -> Iterator[httpx.Client]:
    with own_server.client(own_server.orgs["Acme"]) as client:
        yield client


@pytest.fixture(scope="module")
def own_chirpstack() -> Iterator[ChirpStack]:
    with chirpstack() as running:
        yield running


@pytest.fixture(scope="module")
def own_things_stack() -> Iterator[ThingsStack]:
    with things_stack() as running:
        yield running


@pytest.fixture
def chirp(own_chirpstack: ChirpStack) -> ChirpStack:
    own_chirpstack.items, own_chirpstack.ids, own_chirpstack.fails = [], [], None
    own_chirpstack.on_enqueue = lambda _: None
    return own_chirpstack


@pytest.fixture
def things(own_things_stack: ThingsStack) -> ThingsStack:
    own_things_stack.calls, own_things_stack.answers = [], []
    return own_things_stack


class Meter:
    """A device behind a network server, with the connection it reports by."""

    def __init__(self, api: httpx.Client, kind: str, downlink: dict[str, Any] | None, codec: bool = False) -> None:
        self.api, self.kind, self.eui = api, kind, secrets.token_hex(8)
        fields: dict[str, Any] = {}
        if codec:
            profile = made(api, "/api/v2/profiles", name=f"Meter {self.eui}")
            made(api, f"/api/v2/profiles/{profile['id']}/codec-versions", script=CODEC)
            fields["profile_id"] = profile["id"]
        identifiers = [{"kind": "eui", "value": self.eui}]
        self.id: str = made(api, "/api/v2/devices", name=self.eui, identifiers=identifiers, **fields)["device"]["id"]
        kind = kind.removesuffix("_v3")
        found = made(api, "/api/v2/connections", type=kind, name=kind, settings={"downlink": downlink} if downlink else {})
        self.connection, self.secret = found["connection"]["id"], found["secret"]

    @property
    def about(self) -> dict[str, Any]:
        """How its server names it."""
        if self.kind == "chirpstack_v3":
            return {"applicationID": "7", "deviceName": "Flat 12", "devEUI": self.eui, "tags": {}}
        if self.kind in ("chirpstack", "lorawan_http"):
            return {"deviceInfo": {"devEui": self.eui, "deviceName": "Flat 12"}}
        ids = {"device_id": f"d-{self.eui}", "application_ids": {"application_id": "riverside"}, "dev_eui": self.eui.upper()}
        return {"end_device_ids": ids}

    def tell(self, event: str | None, connection: str | None = None, secret: str | None = None, **fields: Any) -> str:
        """What its server tells of it, through the door; what became of that."""
        headers = {"X-Connection-Secret": secret or self.secret}
        query = {"event": event} if event else {}
        path = f"/api/v2/ingest/{connection or self.connection}"
        answer = self.api.post(path, params=query, json=self.about | fields, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["status"])

    def report(self) -> Meter:
        """Let it send a reading, by which its way is known."""
        if self.kind.startswith(("chirpstack", "lorawan")):
            self.tell("up", deduplicationId=secrets.token_hex(8), object={"flow": 1})
        else:
            self.tell(None, uplink_message={"session_key_id": secrets.token_hex(8), "decoded_payload": {"flow": 1}})
        return self

    def ask(self, parameters: dict[str, Any], wanted: list[dict[str, Any]] = RAW, **fields: Any) -> str:
        """Ask it to do something; the execution."""
        path = f"/api/v2/devices/{self.id}/commands"
        definition = made(self.api, path, name=f"do {secrets.token_hex(3)}", parameters=wanted, **fields)
        answer = self.api.post(f"{path}/{definition['id']}/execute", json={"parameters": parameters})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def look(self, execution: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/api/v2/command-executions/{execution}").json()
        return found

    def comes_to(self, execution: str, state: str) -> dict[str, Any]:
        """Wait for a state."""
        assert eventually(lambda: self.look(execution)["state"] == state), self.look(execution)
        return self.look(execution)

    def states(self, execution: str) -> list[str]:
        return [row["state"] for row in self.look(execution)["history"]]


def made(api: httpx.Client, path: str, **fields: Any) -> dict[str, Any]:
    answer = api.post(path, json=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_api(chirp: ChirpStack, token: str = ChirpStack.TOKEN) -> dict[str, Any]:
    return {"by": "api", "url": chirp.url, "token": token}


def webhook(things: ThingsStack) -> dict[str, Any]:
    return {"url": things.url, "application_id": "riverside", "webhook_id": "penstock", "api_key": API_KEY}


def test_chirpstack_sends_a_confirmed_downlink_and_the_device_acknowledges(api: httpx.Client, chirp: ChirpStack) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp), codec=True).report()
    asked = meter.ask({"minutes": 7}, MINUTES, transport="lorawan")
    sent = meter.comes_to(asked, "sent")
    assert eventually(lambda: chirp.ids)
    (item,) = chirp.items
    assert (item.dev_eui, item.f_port, item.data, item.confirmed) == (meter.eui, 3, b"\x07", True)
    assert sent["sent_by"] == "lorawan"
    assert item.expires_at.ToJsonString()[:19] == sent["expires_at"][:19], "of no use later, so not sent later"
    assert meter.tell("txack", downlinkId=1, queueItemId=chirp.ids[0]) == "event"
    assert meter.tell("ack", deduplicationId="a", queueItemId=chirp.ids[0], acknowledged=True) == "event"
    done = meter.comes_to(asked, "done")
    assert done["reason"] == "the device acknowledged the downlink"
    assert meter.states(asked) == ["queued", "sent", "received", "done"], "a gateway's word did not count"
    meter.tell("ack", deduplicationId="b", queueItemId=chirp.ids[0], acknowledged=False)
    meter.report()
    assert meter.look(asked)["state"] == "done", "an end is an end"


def test_the_things_stack_gets_raw_bytes_and_tells_of_them_by_our_name(api: httpx.Client, things: ThingsStack) -> None:
    meter = Meter(api, "things_stack", webhook(things)).report()
    asked = meter.ask(SENT)
    meter.comes_to(asked, "sent")
    assert eventually(lambda: things.calls)
    (call,) = things.calls
    path, headers, body = call
    assert path == f"/api/v3/as/applications/riverside/webhooks/penstock/devices/d-{meter.eui}/down/push"
    assert headers["Authorization"] == f"Bearer {API_KEY}"
    (downlink,) = body["downlinks"]
    name = f"penstock:{asked}"
    assert (downlink["f_port"], base64.b64decode(downlink["frm_payload"])) == (10, b"\x0a\xff")
    assert (downlink["confirmed"], downlink["correlation_ids"]) == (True, [name])
    assert downlink["confirmed_retry"] == {"max_attempts": 1}, "at most once behind the server too"
    names = ["as:downlink:01", name]
    meter.tell(None, downlink_queued={"f_port": 10, "confirmed": True, "correlation_ids": names})
    meter.tell(None, downlink_sent={"f_port": 10, "confirmed": True, "correlation_ids": names})
    meter.tell(None, downlink_ack={"f_port": 10, "confirmed": True, "correlation_ids": names})
    meter.comes_to(asked, "done")


@pytest.mark.parametrize("verification", ["none", "next_reading"])
def test_of_an_unconfirmed_downlink_the_gateways_word_is_all(api: httpx.Client, chirp: ChirpStack, verification: str) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp)).report()
    asked = meter.ask(SENT, verification=verification)
    assert eventually(lambda: chirp.ids)
    assert chirp.items[0].confirmed is False
    meter.comes_to(asked, "sent")  # only then is it known which downlink the gateway's report is about
    meter.tell("txack", downlinkId=1, queueItemId=chirp.ids[0])
    if verification == "next_reading":
        assert meter.comes_to(asked, "received")["reason"].startswith("sent by a gateway")
        meter.report()
    meter.comes_to(asked, "done")


DROPPED = {"level": "ERROR", "code": "DOWNLINK_PAYLOAD_SIZE", "description": "exceeds the max. payload size"}


@pytest.mark.parametrize(
    ("event", "fields", "reason"),
    [
        ("ack", {"acknowledged": False}, "the device did not acknowledge"),
        ("log", DROPPED, "the network server did not send it: DOWNLINK_PAYLOAD_SIZE: exceeds"),
    ],
)
def test_what_chirpstack_gives_up_has_failed(
    api: httpx.Client, chirp: ChirpStack, event: str, fields: dict[str, Any], reason: str
) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp)).report()
    asked = meter.ask(SENT)
    assert eventually(lambda: chirp.ids)
    item = chirp.ids[0]
    named = {"context": {"queue_item_id": item}} if event == "log" else {"queueItemId": item}
    meter.tell(event, deduplicationId="x", **fields, **named)
    assert meter.comes_to(asked, "failed")["reason"].startswith(reason)


@pytest.mark.parametrize("key", ["downlink_nack", "downlink_failed"])
def test_what_the_things_stack_gives_up_has_failed(api: httpx.Client, things: ThingsStack, key: str) -> None:
    meter = Meter(api, "things_stack", webhook(things)).report()
    asked = meter.ask(SENT)
    meter.comes_to(asked, "sent")
    downlink = {"f_port": 10, "correlation_ids": [f"penstock:{asked}"]}
    error = {"namespace": "pkg/networkserver", "name": "application_downlink_too_long", "message_format": "too long"}
    meter.tell(None, **{key: {"downlink": downlink, "error": error} if key == "downlink_failed" else downlink})
    failed = meter.comes_to(asked, "failed")
    assert key == "downlink_nack" or "application_downlink_too_long: too long" in failed["reason"]


def test_an_event_that_overtakes_the_answer_is_not_lost(api: httpx.Client, chirp: ChirpStack) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp)).report()

    def acknowledge(item: str) -> None:
        meter.tell("ack", deduplicationId=item, queueItemId=item, acknowledged=True)
        # long enough that the outbox hands the event out before the answer is there
        eventually(lambda: False, 1.2)

    chirp.on_enqueue = acknowledge
    meter.comes_to(meter.ask(SENT), "done")


def test_events_of_others_move_nothing(api: httpx.Client, chirp: ChirpStack) -> None:
    meter, stranger = (Meter(api, "chirpstack", by_api(chirp)).report() for _ in range(2))
    asked = meter.ask(SENT)
    assert eventually(lambda: chirp.ids)
    item = chirp.ids[0]
    stranger.tell("ack", deduplicationId="1", queueItemId=item, acknowledged=True)
    meter.tell("ack", deduplicationId="2", queueItemId="another", acknowledged=True)
    meter.tell("ack", stranger.connection, stranger.secret, deduplicationId="3", queueItemId=item, acknowledged=True)
    follow_up = stranger.ask(SENT)
    assert eventually(lambda: len(chirp.ids) == 2)
    stranger.tell("ack", deduplicationId="4", queueItemId=chirp.ids[1], acknowledged=True)
    stranger.comes_to(follow_up, "done")  # events are heard in order, so those before were
    assert meter.look(asked)["state"] == "sent"


@pytest.mark.parametrize(
    ("codec", "wanted", "parameters", "reason"),
    [
        (False, MINUTES, {"minutes": 7}, "no codec is available"),
        (True, MINUTES, {}, "minutes are missing"),
        (
            False,
            RAW,
            {"f_port": 224, "payload_hex": "00"},
            "f_port is required with a payload and must be an integer between 1 and 223",
        ),
        (False, RAW, {"f_port": 1, "payload_hex": "0g"}, "payload_hex is malformed"),
        (False, RAW, {"f_port": 1, "payload_hex": "00" * 243}, "at most 242 bytes, not 243"),
    ],
)
def test_what_can_be_no_downlink_fails_with_its_reason(
    api: httpx.Client, chirp: ChirpStack, codec: bool, wanted: list[dict[str, Any]], parameters: dict[str, Any], reason: str
) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp), codec=codec).report()
    assert reason in meter.comes_to(meter.ask(parameters, wanted), "failed")["reason"]
    assert not chirp.items


def answered(meter: Meter, parameters: dict[str, Any], wanted: list[dict[str, Any]] = RAW, **fields: Any) -> tuple[str, str]:
    """State and reason in the answer to a request."""
    path = f"/api/v2/devices/{meter.id}/commands"
    definition = made(meter.api, path, name=f"do {secrets.token_hex(3)}", parameters=wanted, **fields)
    answer = meter.api.post(f"{path}/{definition['id']}/execute", json={"parameters": parameters})
    assert answer.status_code == 202, answer.text
    return answer.json()["state"], answer.json()["reason"]


TOKENLESS: dict[str, tuple[str, dict[str, Any] | None, str]] = {
    "no settings": ("chirpstack", None, "has no settings for downlinks"),
    "no settings, things": ("things_stack", None, "has no settings for downlinks"),
    "any network server": ("lorawan_http", None, "has no settings for downlinks"),
    "no token": ("chirpstack", {"by": "api", "url": "https://chirpstack.example.org"}, "has no ChirpStack API token"),
    "no token, rest": ("chirpstack_v3", {"by": "rest", "url": "https://lora.example.org"}, "has no ChirpStack API token"),
    "no key": (
        "things_stack",
        {"url": "https://eu1.example.org", "application_id": "a", "webhook_id": "w"},
        "has no API key of The Things Stack",
    ),
}


@pytest.mark.parametrize("lack", sorted(TOKENLESS))
def test_a_command_whose_connection_cannot_send_says_so_in_the_answer(api: httpx.Client, lack: str) -> None:
    kind, downlink, reason = TOKENLESS[lack]
    meter = Meter(api, kind, downlink).report()
    state, said = answered(meter, SENT, transport="lorawan")
    assert (state, reason in said) == ("failed", True), said
    state, said = answered(meter, SENT)
    # Without settings for downlinks the device may still poll, or connect over MQTT.
    assert (state, reason in said) == ("queued" if downlink is None else "failed", True), said


@pytest.mark.parametrize("transport", ["any", "lorawan"])
def test_a_command_that_no_codec_encodes_fails_in_the_answer_and_was_never_sent(
    api: httpx.Client, chirp: ChirpStack, transport: str
) -> None:
    for codec, parameters, reason in ((False, {"minutes": 7}, "no codec is available"), (True, {}, "minutes are missing")):
        meter = Meter(api, "chirpstack", by_api(chirp), codec=codec).report()
        state, said = answered(meter, parameters, MINUTES, transport=transport)
        assert (state, reason in said) == ("failed", True), said
        path = "/api/v2/command-executions"
        (found,) = api.get(path, params={"device_id": meter.id}).json()["data"]
        assert meter.states(found["id"]) == ["queued", "failed"]
    assert not chirp.items


def test_a_command_that_waits_says_what_for(api: httpx.Client, chirp: ChirpStack) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp))
    assert answered(meter, SENT, transport="lorawan") == (
        "queued",
        "it waits: the device has not reported through a connection yet",
    )
    meter.report()
    api.post(f"/api/v2/connections/{meter.connection}/pause")
    for transport in ("any", "lorawan"):
        assert answered(meter, SENT, transport=transport) == ("queued", "it waits: the device's connection is paused")
    assert answered(meter, SENT, transport="agent") == ("queued", "it waits: no agent is paired with the device yet")
    for transport in ("mqtt", "http"):
        assert answered(meter, SENT, transport=transport) == ("queued", "requested"), "a device that is merely away"


def test_a_rule_says_that_its_command_cannot_be_sent(api: httpx.Client) -> None:
    meter = Meter(api, "chirpstack", None)
    made(api, f"/api/v2/devices/{meter.id}/commands", name="valve", parameters=[], transport="lorawan")
    trigger = {"type": "reading", "sensors": ["flow"], "device_ids": [meter.id]}
    definition = {"trigger": trigger, "actions": [{"type": "command", "command": "valve"}]}
    rule = made(api, "/api/v2/rules", name=f"Rule {meter.eui}", definition=definition)
    api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
    meter.report()
    path = f"/api/v2/rules/{rule['id']}/executions"
    runs = awaited(lambda: [one for one in api.get(path).json()["data"] if one["outcome"] != "pending"])
    assert (runs[0]["outcome"], "has no settings for downlinks" in runs[0]["results"][0]["detail"]) == ("failed", True), runs


def test_every_transport_that_can_be_disabled_fails_in_the_answer(tmp_path: Path) -> None:
    """The sweep over the transports: one that is added either says what prevents it, or is listed as always possible."""
    environment = {"PENSTOCK_MQTT_ENABLED": "false", "PENSTOCK_AGENTS_ENABLED": "false"}
    with running_server(tmp_path / "data", environment=environment) as server, server.client(server.orgs["Acme"]) as client:
        meter = Meter(client, "chirpstack", None).report()
        found = {transport.value: answered(meter, SENT, transport=transport.value)[0] for transport in Transport}
    polled = {"any": "queued", "http": "queued"}
    assert found == dict.fromkeys((one.value for one in Transport), "failed") | polled


def test_what_the_server_refuses_fails_and_is_shown_at_the_connection(
    api: httpx.Client, chirp: ChirpStack, things: ThingsStack
) -> None:
    things.answers = [403]
    meters = Meter(api, "chirpstack", by_api(chirp, "wrong")), Meter(api, "things_stack", webhook(things))
    words = "UNAUTHENTICATED: authentication failed: invalid token", "responded 403: error:pkg/as:no_403 (told)"
    for meter, word in zip(meters, words, strict=True):
        asked = meter.report().ask(SENT)
        assert word in meter.comes_to(asked, "failed")["reason"]

        def shown(meter: Meter = meter, word: str = word) -> bool:
            return word in (api.get(f"/api/v2/connections/{meter.connection}").json()["last_error"] or "")

        assert eventually(shown)


def test_the_things_stack_is_asked_again_when_it_was_in_trouble(api: httpx.Client, things: ThingsStack) -> None:
    things.answers = [429, 503]
    meter = Meter(api, "things_stack", webhook(things)).report()
    asked = meter.ask(SENT)
    assert eventually(lambda: len(things.calls) == 3)
    sent = meter.comes_to(asked, "sent")
    assert sent["hand_outs"] == 1, "as if the others had never been"
    assert all(f"responded {status}" in str(sent["history"]) for status in (429, 503))


def test_chirpstack_is_asked_again_when_it_was_in_trouble_or_away(api: httpx.Client, chirp: ChirpStack) -> None:
    chirp.fails = (grpc.StatusCode.RESOURCE_EXHAUSTED, "later")
    meter = Meter(api, "chirpstack", by_api(chirp)).report()
    asked = meter.ask(SENT)
    assert eventually(lambda: "RESOURCE_EXHAUSTED: later" in str(meter.look(asked)["history"]))
    chirp.fails = None
    meter.comes_to(asked, "sent")
    assert eventually(lambda: len(chirp.items) == 1)
    away = Meter(api, "chirpstack", {"by": "api", "url": "http://127.0.0.1:1", "token": "t"}).report()
    asked = away.ask(SENT)
    assert eventually(lambda: "the connection failed" in str(away.look(asked)["history"]))
    api.patch(f"/api/v2/connections/{away.connection}", json={"settings": {"downlink": by_api(chirp)}})
    away.comes_to(asked, "sent")
    assert eventually(lambda: len(chirp.items) == 2)


def test_in_doubt_it_goes_once_unless_it_is_repeatable(api: httpx.Client, things: ThingsStack) -> None:
    things.answers = [None]
    meter = Meter(api, "things_stack", webhook(things)).report()
    once = meter.ask(SENT)
    assert eventually(lambda: things.calls)
    again = meter.ask(SENT, repeatable=True)
    things.answers = [None]
    assert eventually(lambda: len(things.calls) == 3)
    meter.comes_to(again, "sent")
    names = [call[2]["downlinks"][0]["correlation_ids"] for call in things.calls]
    assert names == [[f"penstock:{once}"], [f"penstock:{again}"], [f"penstock:{again}"]]
    assert meter.states(once) == ["queued", "sent"]
    meter.tell(None, downlink_ack={"correlation_ids": names[0]})
    meter.comes_to(once, "done")


def test_what_waits_goes_when_the_device_reports_or_the_connection_is_resumed(api: httpx.Client, chirp: ChirpStack) -> None:
    meter = Meter(api, "chirpstack", by_api(chirp))
    first = meter.ask(SENT)
    assert meter.states(first) == ["queued"]
    meter.report()
    meter.comes_to(first, "sent")
    api.post(f"/api/v2/connections/{meter.connection}/pause")
    second, third = meter.ask(SENT), meter.ask({"f_port": 1, "payload_hex": "33"})
    other = Meter(api, "chirpstack", by_api(chirp)).report()
    other.comes_to(other.ask(SENT), "sent")
    assert meter.states(second) == ["queued"]
    api.post(f"/api/v2/connections/{meter.connection}/resume")
    meter.comes_to(third, "sent")
    assert eventually(lambda: len(chirp.items) == 4)
    assert [item.data for item in chirp.items[2:]] == [b"\x0a\xff", b"\x33"], "in the order of asking"


def test_chirpstack_3_is_asked_by_rest_and_names_downlinks_by_their_counter(api: httpx.Client) -> None:
    with chirpstack_v3() as third:
        meter = Meter(api, "chirpstack_v3", {"by": "rest", "url": third.url, "token": third.TOKEN}).report()
        confirmed, sent, dropped = (meter.ask(SENT, verification=how) for how in ("acknowledgement", "none", "none"))
        for asked in (confirmed, sent, dropped):
            meter.comes_to(asked, "sent")
        assert eventually(lambda: len(third.items) == 3)
        item = {"confirmed": True, "data": "Cv8=", "devEUI": meter.eui, "fPort": 10}
        assert third.items[0] == (f"/api/devices/{meter.eui}/queue", item)
        assert [row["confirmed"] for _, row in third.items] == [True, False, False]
        meter.tell("error", type="UPLINK_FCNT_RESET", error="frame-counter reset", fCnt=0)
        meter.tell("txack", fCnt=0)
        meter.tell("ack", acknowledged=True, fCnt=0)
        meter.comes_to(confirmed, "done")
        assert meter.states(confirmed) == ["queued", "sent", "received", "done"]
        meter.tell("txack", fCnt=1)
        meter.comes_to(sent, "done")
        meter.tell("error", type="DOWNLINK_PAYLOAD_SIZE", error="exceeds the max. payload size", fCnt=2)
        assert "DOWNLINK_PAYLOAD_SIZE: exceeds" in meter.comes_to(dropped, "failed")["reason"]
        third.counter = 0  # it has joined anew, and counters come again
        nack, later = meter.ask(SENT), meter.ask(SENT)
        assert eventually(lambda: len(third.items) == 5)
        meter.tell("ack", acknowledged=False, fCnt=0)
        meter.comes_to(nack, "failed")
        assert meter.look(later)["state"] == "sent"
        third.answers = [503]
        again = meter.ask(SENT)
        # It counts as sent from the moment of the call, and waits again when the server could not take it.
        assert eventually(lambda: "answers 503" in str(meter.look(again)["history"]))
        meter.comes_to(again, "sent")
        wrong = Meter(api, "chirpstack_v3", {"by": "rest", "url": third.url, "token": "wrong"}).report()
        assert "answers 401: authentication failed" in wrong.comes_to(wrong.ask(SENT), "failed")["reason"]
        assert len(third.items) == 6


def test_what_a_command_topic_needs_is_said(api: httpx.Client) -> None:
    broker = {"host": "broker.invalid", "subscriptions": [{"topic": "a/{{deviceId}}"}]}
    other = made(api, "/api/v2/connections", type="mqtt", name="Broker", settings=broker)["connection"]["id"]
    meter = Meter(api, "chirpstack", {"by": "mqtt", "connection_id": other}).report()
    asked = meter.ask(SENT)
    assert "is required for {{applicationId}}" in meter.comes_to(asked, "failed")["reason"]
    api.delete(f"/api/v2/connections/{other}")
    assert "was deleted or cannot be opened" in meter.comes_to(meter.ask(SENT), "failed")["reason"]


def test_an_address_that_may_not_be_called_is_not(api: httpx.Client, chirp: ChirpStack) -> None:
    for downlink, kind in (
        ({"by": "api", "url": "https://10.0.0.1", "token": "t"}, "chirpstack"),
        ({"url": "https://10.0.0.1", "application_id": "a", "webhook_id": "w", "api_key": "k"}, "things_stack"),
    ):
        meter = Meter(api, kind, downlink).report()
        assert "calls to this address are not allowed" in meter.comes_to(meter.ask(SENT), "failed")["reason"]
