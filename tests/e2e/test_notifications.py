"""Notifications over sockets: chats with a receiver of the test's, mails with a real SMTP server, SMS counted in usage."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import Org, RunningServer, run_cli, running_server
from tests.support.waiting import awaited

CHANNELS = "/api/v2/notification-channels"
QUIET = "/api/v2/profile/quiet-hours"
TOKEN = "123456:" + "Az09_-" * 6
PER_WINDOW = 3
SMS = {"type": "sms", "to": ["+4915112345678"]}


class Chats:
    """Stands for every chat service: (path, body) of what came; it answers with the first of `answers`, or 200."""

    def __init__(self) -> None:
        self.came: list[tuple[str, Any]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.wait_s: dict[str, str] = {}
        """The Retry-After of a path's next answer, which is then 429."""
        self.port = 0

    def at(self, path: str) -> list[Any]:
        return [body for came, body in self.came if came == path]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def receiving() -> Iterator[Chats]:
    chats = Chats()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = chats.answers.pop(0) if chats.answers else (200, b"ok")
            chats.came.append((self.path, json.loads(body)))
            wait_s = chats.wait_s.pop(self.path, None)
            self.send_response(status if wait_s is None else 429)
            if wait_s is not None:
                self.send_header("Retry-After", wait_s)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chats.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield chats
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chats() -> Iterator[Chats]:
    with receiving() as chats:
        yield chats


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox, chats: Chats) -> Iterator[RunningServer]:
    environment = {
        **mailbox.settings,
        "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.1",
        "PENSTOCK_NOTIFICATIONS_MAILS_PER_WINDOW": str(PER_WINDOW),
        "PENSTOCK_NOTIFICATIONS_CHATS_PER_WINDOW": str(PER_WINDOW),
        "PENSTOCK_NOTIFICATIONS_WINDOW_S": "4",
        "PENSTOCK_NOTIFICATIONS_TELEGRAM_URL": chats.url(""),
    }
    with running_server(tmp_path_factory.mktemp("notes") / "data", orgs=("North", "Free"), environment=environment) as running:
        yield running


@pytest.fixture
def north(house: RunningServer) -> Iterator[httpx.Client]:
    with house.client(house.orgs["North"]) as client:
        yield client


class Boiler:
    """A device with an alert that is raised above 6."""

    def __init__(self, api: httpx.Client, **about: Any) -> None:
        self.api = api
        self.id: str = api.post("/api/v2/devices", json={"name": "Boiler <1>"}).json()["device"]["id"]
        condition = {"type": "threshold", "field": "t", "operator": ">", "value": 6}
        body = {"name": "Too warm", "severity": "critical", "target": {"devices": [self.id]}, "condition": condition}
        answer = api.post("/api/v2/alerts", json=body | about)
        assert answer.status_code == 201, answer.text
        self.alert: str = answer.json()["id"]

    def say(self, *values: float) -> None:
        for value in values:
            self.api.post(f"/api/v2/devices/{self.id}/telemetry", json={"data": {"t": value}}).raise_for_status()


def make_channel(api: httpx.Client, **about: Any) -> dict[str, Any]:
    answer = api.post(CHANNELS, json={"name": f"channel {time.monotonic_ns()}", "kind": "slack"} | about)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_service_is_told_in_its_own_shape(north: httpx.Client, chats: Chats) -> None:
    made = [make_channel(north, kind=kind, url=chats.url(f"/{kind}/secret-part")) for kind in ("slack", "discord", "teams")]
    made.append(make_channel(north, kind="telegram", token=TOKEN, chat="@boilers"))
    here = Boiler(north, actions=[{"type": "chat", "channel": one["name"]} for one in made])
    here.say(7)
    title = "[CRITICAL] Too warm - Boiler <1>"
    (slack,) = awaited(lambda: chats.at("/slack/secret-part"))
    assert slack["blocks"][0]["text"]["text"] == title
    assert "Condition: t > 6" in slack["blocks"][1]["text"]["text"]
    (discord,) = awaited(lambda: chats.at("/discord/secret-part"))
    assert discord["allowed_mentions"] == {"parse": []}
    (teams,) = awaited(lambda: chats.at("/teams/secret-part"))
    assert teams["attachments"][0]["content"]["type"] == "AdaptiveCard"
    (telegram,) = awaited(lambda: chats.at(f"/bot{TOKEN}/sendMessage"))
    assert (telegram["chat_id"], telegram["text"].split("\n")[0]) == ("@boilers", title)
    shown = awaited(lambda: [one for one in [north.get(f"{CHANNELS}/{made[0]['id']}").json()] if one["last_sent_at"]])[0]
    assert (shown["failures"], shown["last_error"]) == (0, None)


def test_what_lets_us_write_is_never_shown(north: httpx.Client, house: RunningServer, chats: Chats) -> None:
    slack = make_channel(north, url=chats.url("/services/T0/B0/abcdefghijklmnop"))
    bot = make_channel(north, kind="telegram", token=TOKEN, chat="-100")
    assert (slack["target"], bot["target"]) == (f"http://127.0.0.1:{chats.port}/•••mnop", "123456:••• in -100")
    pages = [north.get(path).text for path in (CHANNELS, f"{CHANNELS}/{slack['id']}", f"{CHANNELS}/{bot['id']}", "/api/v2/audit")]
    north.patch(f"{CHANNELS}/{bot['id']}", json={"token": "x"})
    for text in (*pages, house.log()):
        assert "abcdefghijkl" not in text
        assert TOKEN not in text
    stored = b"".join(path.read_bytes() for path in house.data_dir.glob("penstock.db*"))
    assert b"abcdefghijkl" not in stored
    assert TOKEN.encode() not in stored


def test_a_failure_is_seen_and_tried_again(north: httpx.Client, chats: Chats) -> None:
    one = make_channel(north, url=chats.url("/late"))
    chats.answers = [(500, b"try <later>")]
    assert north.post(f"{CHANNELS}/{one['id']}/test").json() == {"delivered": False, "error": "answered 500 try <later>"}
    seen = north.get(f"{CHANNELS}/{one['id']}").json()
    assert (seen["failures"], seen["last_error"]) == (1, "answered 500 try <later>")
    chats.answers = [(429, b"slow down")]
    here = Boiler(north, actions=[{"type": "chat", "channel": one["name"], "text": "{{ alert.value }} in {{ device.name }}"}])
    here.say(7)
    told = awaited(lambda: chats.at("/late")[2:])
    assert told[0]["blocks"][1]["text"]["text"] == "7 in Boiler <1>"
    awaited(lambda: north.get(f"{CHANNELS}/{one['id']}").json()["failures"] == 0)
    moved = north.patch(f"{CHANNELS}/{one['id']}", json={"url": chats.url("/elsewhere")}).json()
    assert moved["last_error"] is None
    assert north.post(f"{CHANNELS}/{one['id']}/test").json() == {"delivered": True, "error": None}
    assert len(chats.at("/elsewhere")) == 1


def test_a_storm_in_a_chat_is_a_few_messages_and_one_more(north: httpx.Client, chats: Chats) -> None:
    one = make_channel(north, url=chats.url("/storm"))
    here = Boiler(north, actions=[{"type": "chat", "channel": one["name"]}], cooldown_s=0)
    here.say(*[7, 5] * (PER_WINDOW + 5))
    awaited(lambda: any("notifications" in body["text"] for body in chats.at("/storm")))
    titles = [body["text"] for body in chats.at("/storm")]
    assert len(titles) <= 2 * PER_WINDOW, "raised and cleared, one by one they would be many more"


def test_a_busy_service_is_left_alone_as_long_as_it_asks(north: httpx.Client, chats: Chats) -> None:
    busy, calm = make_channel(north, url=chats.url("/busy")), make_channel(north, url=chats.url("/calm"))
    here = Boiler(north, actions=[{"type": "chat", "channel": one["name"]} for one in (busy, calm)], cooldown_s=0)
    chats.wait_s["/busy"] = "3600"
    here.say(7)
    awaited(lambda: chats.at("/calm"))
    here.say(5, 7)
    awaited(lambda: chats.at("/calm")[1:])
    assert len(chats.at("/busy")) == 1
    assert north.get(f"{CHANNELS}/{busy['id']}").json()["last_error"] == "answered 429 ok"


def test_a_name_that_resolves_to_a_private_address_is_not_called(north: httpx.Client) -> None:
    one = make_channel(north, url="https://localhost.localdomain/x")
    said = north.post(f"{CHANNELS}/{one['id']}/test").json()
    assert said["delivered"] is False


def run_rule(api: httpx.Client, device_id: str, *actions: dict[str, Any]) -> dict[str, Any]:
    trigger = {"type": "reading", "sensors": ["t"], "device_ids": [device_id]}
    definition = {"trigger": trigger, "actions": list(actions)}
    rule = api.post("/api/v2/rules", json={"name": f"Rule {time.monotonic_ns()}", "definition": definition}).json()
    api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
    api.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"t": 5}}).raise_for_status()
    path = f"/api/v2/rules/{rule['id']}/executions"
    runs = awaited(lambda: [one for one in api.get(path).json()["data"] if one["outcome"] != "pending"])
    return dict(runs[0])


def test_a_rule_says_it_in_a_chat(north: httpx.Client, chats: Chats) -> None:
    one = make_channel(north, kind="discord", url=chats.url("/rules"))
    device = north.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
    action = {"type": "chat", "channel": one["name"], "text": "{{ device.name }} says {{ reading.values.t }}", "severity": "high"}
    run = run_rule(north, device, action)
    assert (run["outcome"], run["results"][0]["detail"]) == ("done", f"posted in {one['name']}")
    (told,) = chats.at("/rules")
    assert told["embeds"][0]["description"] == "Pump says 5"
    failed = run_rule(north, device, action | {"channel": "nobody"})
    assert (failed["outcome"], failed["reason"]) == ("failed", "chat: chat channel nobody was not found")


def test_sms_of_alerts_and_rules_are_counted(north: httpx.Client) -> None:
    def usage(by: str, **query: str) -> dict[str | None, int]:
        rows = north.get("/api/v2/usage", params={"by": by, "limit": "1000"} | query).json()["data"]
        return {row["id"]: row["sms"] for row in rows}

    customer = north.post(
        "/api/v2/customers", json={"name": "Harbour", "admin_email": "ada@example.org", "tenant_name": "harbour"}
    ).json()["id"]
    project = north.post("/api/v2/projects", json={"name": "Quay"}).json()["id"]
    here = Boiler(north, actions=[{"type": "sms", "to": ["+4915112345678", "+4915112345679"], "text": "{{ alert.name }}!"}])
    north.patch(f"/api/v2/devices/{here.id}", json={"project_id": project}).raise_for_status()
    placed = north.put(f"/api/v2/devices/{here.id}/placement", json={"customer_id": customer})
    assert placed.is_success, placed.text
    before = usage("organization")[None] if usage("organization") else 0
    here.say(7)
    awaited(lambda: usage("device").get(here.id) == 2)
    run = run_rule(north, here.id, {"type": "sms", "to": ["+4915112345678"], "text": "{{ reading.values.t }}"})
    assert run["results"][0]["detail"] == "1 sent", run
    for bucket in ("hour", "day"):
        assert usage("device", bucket=bucket)[here.id] == 3
        assert usage("project", bucket=bucket)[project] == 3
        assert usage("customer", bucket=bucket)[customer] == 3
        assert usage("organization", bucket=bucket)[None] == before + 3
    assert set(usage("key").values()) <= {0}


def test_mails_by_templates_and_by_default(north: httpx.Client, mailbox: Mailbox) -> None:
    subject = "{{ alert.event }}: {{ alert.name }}\r\nBcc: eve@example.org"
    text = "{{ device.name }} at {{ alert.value }}: {{ alert.state }}{{ alert.value.unknown }}"
    actions = [
        {"type": "email", "to": ["grace@example.org"], "subject": subject, "text": text, "on_clear": True},
        {"type": "email", "to": ["plain@example.org"], "on_clear": True},
    ]
    here = Boiler(north, actions=actions)
    here.say(7, 5)
    raised, cleared = (mailbox.wait_for("grace@example.org", number) for number in (1, 2))
    assert raised["Subject"] == "raised: Too warm Bcc: eve@example.org", "a line break does not begin a header"
    assert raised["Bcc"] is None
    text, _, origin = raised.get_content().replace("\r\n", "\n").partition("\n\n-- \n")
    assert (text, cleared["Subject"][:8]) == ("Boiler <1> at 7: raised", "cleared:")
    assert origin.startswith("Sent by Penstock for an organisation")
    subjects = [mailbox.wait_for("plain@example.org", number)["Subject"] for number in (1, 2)]
    assert subjects == ["[CRITICAL] Too warm - Boiler <1>", "[CRITICAL] Cleared: Too warm - Boiler <1>"]


def test_a_storm_becomes_a_digest(north: httpx.Client, mailbox: Mailbox) -> None:
    """Against a real SMTP server: as many as a window has come one by one, all others in digests, and none is lost."""
    here = Boiler(north, actions=[{"type": "email", "to": ["storm@example.org"], "on_clear": True}])
    here.say(*[value for _ in range(8) for value in (7, 5)])

    def told() -> int:
        subjects = [str(mail["Subject"]) for mail in mailbox.mails if mail["To"] == "storm@example.org"]
        return sum(int(one.split()[1]) if one.endswith("notifications") else 1 for one in subjects)

    awaited(lambda: told() == 16)
    mails = [mail for mail in mailbox.mails if mail["To"] == "storm@example.org"]
    digests = [mail for mail in mails if str(mail["Subject"]).endswith("notifications")]
    assert digests
    assert len(mails) < 16
    assert "x [CRITICAL] Too warm - Boiler <1>" in digests[0].get_content()


@contextmanager
def signed_in(house: RunningServer, org: Org) -> Iterator[httpx.Client]:
    with house.client() as client:
        body = {"email": org.user_email, "password": org.user_password}
        tokens = client.post("/api/v2/auth/sign-in", json=body).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        client.headers["X-Organization-Id"] = tokens["organization_id"]
        yield client


def test_quiet_hours_of_oneself(north: httpx.Client, house: RunningServer, mailbox: Mailbox) -> None:
    org = house.orgs["North"]
    with signed_in(house, org) as me:
        assert me.get(QUIET).json()["enabled"] is False
        now = time.gmtime()
        begin, end = f"{(now.tm_hour - 1) % 24:02d}:00", f"{(now.tm_hour + 2) % 24:02d}:00"
        wanted = {"time_zone": "UTC", "from": begin, "to": end, "breaks_through": "critical"}
        shown = {"enabled": True, "days": [1, 2, 3, 4, 5, 6, 7], **wanted}
        assert me.put(QUIET, json=wanted).json() == shown == me.get(QUIET).json()
        for odd, field in (({"time_zone": "Mars/Base"}, "time_zone"), ({"from": "00:00", "to": "24:00"}, "to")):
            refused = me.put(QUIET, json=wanted | odd)
            assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
        quiet = Boiler(north, severity="warning", actions=[{"type": "email", "to": [org.user_email]}])
        quiet.say(7)
        awaited(lambda: north.get("/api/v2/alert-events", params={"device_id": quiet.id}).json()["data"])
        Boiler(north, name="Burning", actions=[{"type": "email", "to": [org.user_email]}]).say(7)
        assert "Burning" in mailbox.wait_for(org.user_email)["Subject"], "critical breaks through"
        north.post(f"/api/v2/alerts/{quiet.alert}/test", json={"device_id": quiet.id}).raise_for_status()
        assert "Test:" in mailbox.wait_for(org.user_email, 2)["Subject"], "who tries it out wants to see it"
        assert me.delete(QUIET).json() == me.get(QUIET).json() == me.delete(QUIET).json()
        assert me.get(QUIET).json()["enabled"] is False
    refused = north.get(QUIET)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.session_required")


@pytest.fixture
def free(house: RunningServer) -> Iterator[httpx.Client]:
    place = ("--data-dir", str(house.data_dir), "--org", "Free")
    with house.client(house.orgs["Free"]) as client:
        client.post("/api/v2/alerts", json=odd(name="Before", actions=[SMS])).raise_for_status()
    assert run_cli("org", "set-plan", *place, "--plan", "free").returncode == 0
    # The plan ends keys, as it has no API access; what comes after is made anew.
    made = run_cli("key", "create", *place, "--name", "new", "--scopes", "all", "--json")
    house.orgs["Free"].api_key = json.loads(made.stdout)["api_key"]
    with house.client(house.orgs["Free"]) as client:
        awaited(lambda: client.get("/api/v2/limits").json().get("plan") == "free")
        yield client


def odd(**more: Any) -> dict[str, Any]:
    return {"name": "Odd", "target": {"all": True}, "condition": {"type": "no_data", "after_s": 60}} | more


def test_the_free_plans_alerts_are_by_mail_only(free: httpx.Client, chats: Chats) -> None:
    kept = free.post("/api/v2/alerts", json=odd(actions=[{"type": "email", "to": ["a@example.org"]}]))
    assert kept.status_code == 201, kept.text
    for more in ({"actions": [SMS]}, {"actions": [{"type": "webhook"}]}, {"escalation": [{"after_s": 60, "actions": [SMS]}]}):
        for refused in (
            free.post("/api/v2/alerts", json=odd(**more)),
            free.patch(f"/api/v2/alerts/{kept.json()['id']}", json=more),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "plans.channel_not_allowed"), refused.text
            assert "the plan free does not include alerts by" in refused.json()["detail"]
    (before,) = free.get("/api/v2/alerts", params={"text": "Before"}).json()["data"]
    path = f"/api/v2/alerts/{before['id']}"
    assert free.patch(path, json={"enabled": False}).status_code == 200, "what was there before the plan can be ended"
    assert free.patch(path, json={"actions": [SMS]}).status_code == 403
    refused = free.post(CHANNELS, json={"name": "ops", "kind": "slack", "url": chats.url("/free")})
    assert (refused.status_code, refused.json()["code"]) == (403, "plans.channel_not_allowed")
    device = free.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
    run = run_rule(free, device, SMS | {"text": "x"})
    assert (run["outcome"], run["reason"]) == ("failed", "sms: the plan free does not include alerts by sms")
