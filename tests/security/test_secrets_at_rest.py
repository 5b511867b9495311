"""K1: no credential is found in what the server writes: data directory, log, metrics, error bodies, in any spelling.

The server of this test is its own, so that its whole data directory belongs to the search. Secrets are made and used in
every way there is, errors among them, and looked for while it runs and after it has ended.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from penstock.adapters.storage.data_dir import PEPPER_FILE, DataDir
from penstock.bootstrap import open_control
from penstock.core.actor import Actor
from penstock.core.tenancy.models import KeyRequest
from penstock.core.tenancy.scopes import ALL
from penstock.ingress.mqtt.protocol.packets import Publish
from penstock.kit.ids import Prefix, decode
from penstock.kit.secret import SHOWN_PREFIX, new_credential
from penstock.settings import load_settings
from tests.ingress.mqtt.raw import RawClient
from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import Org, RunningServer, clean_environment, running_server
from tests.support.vaults import shown_in

FEW = 12
MANY = 60


def forms(secret: str) -> Iterator[bytes]:
    """Every spelling in which a secret could have been written down.

    Of base64 there are three, by where in the encoded bytes it begins; of each the part is taken that does not depend on
    its neighbours.
    """
    text = secret.encode()
    yield text
    yield text[::-1]
    yield text.hex().encode()
    yield text.hex().upper().encode()
    yield secret.encode("utf-16-le")
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text)
        part = encoded[4 * bool(before) : len(encoded) - 4]
        yield part
        yield part.translate(bytes.maketrans(b"+/", b"-_"))
    yield base64.b32encode(text).rstrip(b"=")[:-1]


def found_in(content: bytes, hidden: list[str]) -> list[str]:
    """The secrets that stand in some text, each with its spelling."""
    return [f"{secret[:SHOWN_PREFIX]}… as {form[:12]!r}…" for secret in hidden for form in forms(secret) if form in content]


def search(folder: Path, hidden: list[str]) -> list[str]:
    """The same for every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [f"{path.name}: {what}" for path in files for what in found_in(path.read_bytes(), hidden)]


class Used:
    """A server whose credentials were used, with all that it answered to mistakes."""

    def __init__(self, server: RunningServer, org: Org, mailbox: Mailbox, count: int) -> None:
        self.server = server
        self.count = count
        self.org = org
        self.secrets = [org.api_key, org.user_password]
        self.errors: list[httpx.Response] = []
        with server.client() as client:
            self._make_keys(client)
            self._make_devices(client)
            self._use_people(client, mailbox)
            self._use_mqtt()
            self._use_vault(client)
            self._use_tokens(client)
            self._make_mistakes(client)

    def _make_keys(self, client: httpx.Client) -> None:
        org_id = decode(Prefix.ORGANIZATION, self.org.organization_id)
        assert org_id is not None

        async def make() -> list[str]:
            async with open_control(DataDir(self.server.data_dir), load_settings(environment={})) as control:
                actor = Actor.system(org_id)
                wanted = [KeyRequest(name=f"key {number}", scopes=ALL) for number in range(self.count)]
                return [(await control.keys.create(actor, one)).value for one in wanted]

        self.keys = asyncio.run(make())
        self.secrets += self.keys
        for key in self.keys:
            answer = client.get("/api/v2/me", headers={"X-API-Key": key, "X-Organization-Id": self.org.organization_id})
            assert answer.status_code == 200

    def _make_devices(self, client: httpx.Client) -> None:
        self.tokens: list[str] = []
        for number in range(self.count):
            repeat = {"Idempotency-Key": f"device-{number}"} if number % 2 else {}
            body = {"name": f"d{number}"}
            for _ in range(2 if repeat else 1):
                made = client.post("/api/v2/devices", json=body, headers=self.org.headers() | repeat).json()
            device_id, token = made["device"]["id"], made["access_token"]
            self.tokens.append(token)
            path, own = f"/api/v2/devices/{device_id}/telemetry", {"Authorization": f"Bearer {token}"}
            assert client.post(path, json={"data": {"n": number}}, headers=own).status_code == 201
            if number % 3 == 0:
                again = client.post(f"/api/v2/devices/{device_id}/token", headers=self.org.headers()).json()
                self.tokens.append(again["access_token"])
        self.device_id = device_id
        self.secrets += self.tokens

    def _use_people(self, client: httpx.Client, mailbox: Mailbox) -> None:
        """Sign in in every way there is; a password is changed, reset and mistyped."""

        def post(path: str, body: object, token: str = "") -> Any:
            headers = {"Authorization": f"Bearer {token}", "X-Organization-Id": self.org.organization_id} if token else {}
            answer = client.post(path, json=body, headers=headers)
            return answer.json() if answer.content else {}

        passwords = [f"{secrets.token_hex(10)} passphrase" for _ in range(3)]
        client.post("/api/v2/invitations", json={"email": "p@example.org", "role": "admin"}, headers=self.org.headers())
        tokens = [mailbox.token_for("p@example.org")]
        post("/api/v2/auth/invitations/accept", {"token": tokens[0], "password": passwords[0]})
        credentials = {"email": "p@example.org", "password": passwords[0]}
        session = post("/api/v2/auth/sign-in", credentials)
        enrolment = post("/api/v2/profile/mfa", {}, session["access_token"])
        totp = pyotp.TOTP(enrolment["secret"])
        confirmed = post("/api/v2/profile/mfa/confirm", {"code": totp.at(int(time.time()) - 30)}, session["access_token"])
        challenge = post("/api/v2/auth/sign-in", credentials)["mfa_token"]
        second = post("/api/v2/auth/sign-in/code", {"mfa_token": challenge, "code": totp.now()})
        third = post("/api/v2/auth/refresh", {"refresh_token": second["refresh_token"]})
        change = {"current_password": passwords[0], "new_password": passwords[1]}
        post("/api/v2/profile/password", change, third["access_token"])
        post("/api/v2/auth/password/forgot", {"email": "p@example.org"})
        tokens.append(mailbox.wait_for_token("p@example.org", "prw_"))
        post("/api/v2/auth/password/reset", {"token": tokens[1], "new_password": passwords[2]})
        for wrong in ({"email": "p@example.org", "password": passwords[0]}, {"email": passwords[1] + "@x.y", "password": "x"}):
            post("/api/v2/auth/sign-in", wrong)
        post("/api/v2/auth/refresh", {"refresh_token": second["refresh_token"]})
        post("/api/v2/auth/sign-in/code", {"mfa_token": challenge, "code": confirmed["recovery_codes"][0]})
        sessions = [session, second, third]
        self.secrets += [*passwords, *tokens, enrolment["secret"], challenge, *confirmed["recovery_codes"]]
        self.secrets += [one["access_token"].rpartition(".")[2] for one in sessions]
        self.secrets += [one["refresh_token"] for one in sessions]
        self.seed = base64.b32decode(enrolment["secret"])

    def _use_mqtt(self) -> None:
        """Over MQTT with the right token, a wrong one, and tokens where none belongs."""
        token, wrong = self.tokens[-1], new_credential("tok_")
        self.secrets.append(wrong)
        for user, password, version in (
            (self.device_id, token, 5),
            (self.device_id, wrong, 4),
            (token, token, 5),
            (token, "", 5),
        ):
            client = RawClient(self.server.mqtt_port, version)
            if client.connect(user, password, client_id=password).code == 0:
                client.send(Publish(f"d/{self.device_id}/t", b'{"n":1}', 1, 1), Publish(f"d/{token}/t", b"{}", 0))
                assert client.is_closed()
            client.close()

    def _use_vault(self, client: httpx.Client) -> None:
        """Store secrets with names and those of webhooks, connections and channels; replace, refer to and read them."""
        own, hidden = self.org.headers(), [f"of-the-vault-{secrets.token_hex(12)}" for _ in range(6)]
        signing = [f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}" for _ in range(2)]

        def post(path: str, body: dict[str, object]) -> Any:
            answer = client.post(path, json=body, headers=own | {"Idempotency-Key": secrets.token_hex(8)})
            assert answer.status_code in (200, 201), answer.text
            return answer.json()

        named = post("/api/v2/secrets", {"name": "named", "value": hidden[0]})["id"]
        post(f"/api/v2/secrets/{named}/versions", {"value": hidden[1]})
        post(f"/api/v2/secrets/{named}/versions/1/restore", {})
        assert client.get(f"/api/v2/secrets/{named}/value", headers=own).json()["value"] == hidden[0]
        headers = {"X-Own": hidden[2], "X-Named": "secret://named"}
        hook = {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"], "headers": headers, "secret": signing[0]}
        webhook_id = post("/api/v2/webhooks", hook)["webhook"]["id"]
        post(f"/api/v2/webhooks/{webhook_id}/rotate-secret", {"secret": signing[1], "overlap_s": 600})
        settings = {"host": "broker.invalid", "subscriptions": [{"topic": "{{deviceId}}"}], "password": hidden[3]}
        made = post("/api/v2/connections", {"type": "mqtt", "name": "broker", "settings": settings})
        path = f"/api/v2/connections/{made['connection']['id']}"
        assert client.patch(path, json={"settings": {"password": hidden[4]}}, headers=own).status_code == 200
        post("/api/v2/notification-channels", {"name": "ops", "kind": "slack", "url": f"https://hooks.invalid/{hidden[5]}/x"})
        self.errors += [
            client.post("/api/v2/secrets", json={"name": "named", "value": hidden[0]}, headers=own),
            client.post("/api/v2/secrets", json={"name": 1, "value": hidden[0]}, headers=own),
            client.post("/api/v2/secrets", json={"name": "other", "value": [hidden[0]]}, headers=own),
            client.delete(f"/api/v2/secrets/{named}", headers=own),
            client.post("/api/v2/webhooks", json=hook | {"secret": "secret://named"}, headers=own),
        ]
        self.secrets += hidden + signing

    def _use_tokens(self, client: httpx.Client) -> None:
        """Bring seeds in and out in every way there is; each change with a key that lets it be repeated."""
        self.seeds = [secrets.token_bytes(20) for _ in range(4)]
        texts = [base64.b32encode(seed).decode() for seed in self.seeds]

        def post(path: str, body: dict[str, object]) -> httpx.Response:
            headers = self.org.headers() | {"Idempotency-Key": secrets.token_hex(8)}
            answers = [client.post(f"/api/v2/tokens{path}", json=body, headers=headers) for _ in range(2)]
            assert {answer.status_code for answer in answers} <= {200, 201, 409}, answers[0].text
            return answers[-1]  # a rotation makes another seed each time

        path = f"/{post('', {'name': 'one', 'secret': texts[0]}).json()['id']}"
        uri = f"otpauth://totp/two?secret={texts[1]}"
        post("/import", {"format": "otpauth", "content": uri})
        post(f"{path}/seed/rotate", {"secret": texts[2]})
        made = post(f"{path}/seed/rotate", {"secret": None}).json()["secret"]
        for what in ("seed", "code", "code?consume=true"):
            client.get(f"/api/v2/tokens{path}/{what}", headers=self.org.headers())
        passphrase = f"{secrets.token_hex(10)} passphrase"
        client.post("/api/v2/tokens/export", json={"passphrase": passphrase}, headers=self.org.headers())
        assert made in client.post("/api/v2/tokens/export", json={"format": "otpauth"}, headers=self.org.headers()).text
        rotated = client.post("/api/v2/vault/keys/rotate", headers=self.org.headers())
        assert rotated.status_code in (200, 201), rotated.text
        self.errors += [
            client.post("/api/v2/tokens", json={"name": "one", "secret": texts[3]}, headers=self.org.headers()),
            client.post("/api/v2/tokens", json={"name": "bad", "secret": texts[3] + "1"}, headers=self.org.headers()),
            client.post("/api/v2/tokens/import", json={"format": "aegis", "content": uri}, headers=self.org.headers()),
        ]
        client.get(f"/api/v2/tokens/{texts[3]}", headers=self.org.headers())  # repeated to whoever sent it at most
        self.secrets += [*texts, made, passphrase]
        self.seeds.append(base64.b32decode(made + "=" * (-len(made) % 8)))

    def _make_mistakes(self, client: httpx.Client) -> None:
        own, key, token = self.org.headers(), self.org.api_key, self.tokens[-1]
        path = f"/api/v2/devices/{self.device_id}"
        ask = client.request
        self.errors += [
            ask("GET", "/api/v2/devices", headers={"X-API-Key": key}),
            ask("GET", "/api/v2/devices", headers={"X-API-Key": key, "X-Organization-Id": "org_0c2k9fq7w3a0d"}),
            ask("GET", "/api/v2/devices", headers={"X-API-Key": token, "X-Organization-Id": self.org.organization_id}),
            ask("GET", "/api/v2/devices", headers={"Authorization": f"Basic {key}"}),
            ask("GET", "/api/v2/devices/nonsense", headers=own),
            ask("GET", f"{path}/nonsense", headers=own),
            ask("TRACE", path, headers=own),
            ask("GET", "/api/v2/devices?limit=x", headers=own),
            ask("POST", "/api/v2/devices", headers=own, content=b"{"),
            ask("POST", "/api/v2/devices", headers=own | {"Idempotency-Key": "device-1"}, json={"name": "another"}),
            ask("POST", f"{path}/telemetry", headers={"Authorization": f"Bearer {token}"}, json={"data": 1}),
            ask("POST", "/api/v2/devices/dev_x/telemetry", headers={"Authorization": f"Bearer {token}"}, json={"data": {"a": 1}}),
            ask("POST", f"{path}/telemetry", headers={"Authorization": f"Bearer {token}"}, content=b"[1"),
            ask("POST", f"{path}/telemetry", headers=own, content=b"[1]"),
            ask("POST", f"{path}/pause", headers={"X-API-Key": self.tokens[0]}),
        ]
        # Secrets where they do not belong are repeated to whoever sent them at most; they must not be written down.
        ask("GET", f"/api/v2/devices/{key}", headers=own)
        ask("POST", f"/api/v2/devices/{token}/telemetry", headers=own, json={"data": {"a": 1}})
        ask("GET", f"/api/v2/devices?cursor={key}&q={token}&api_key={key}", headers=own)
        ask("GET", f"/{key}", headers=own | {"User-Agent": token, "X-Organization-Id": key})
        ask("POST", "/api/v2/devices", headers=own | {"Idempotency-Key": new_credential("psk_")}, json={"name": 1})


@pytest.fixture(scope="module", params=[FEW, pytest.param(MANY, marks=pytest.mark.prove)])
def used(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    """A server with a few keys and devices, or with many in the long catalogue."""
    data_dir = tmp_path_factory.mktemp("secrets") / "data"
    with smtp_server() as mailbox:
        mails = mailbox.settings
        with running_server(data_dir, orgs=("Secretive",), environment=mails, args=("--log-level", "debug")) as server:
            yield Used(server, server.orgs["Secretive"], mailbox, request.param)


def test_every_mistake_was_one(used: Used) -> None:
    assert {answer.status_code for answer in used.errors} >= {400, 401, 403, 404, 405, 422}
    assert all(400 <= answer.status_code < 500 for answer in used.errors)


def test_error_bodies_hold_no_secret(used: Used) -> None:
    for answer in used.errors:
        assert found_in(answer.content + repr(answer.headers.raw).encode(), used.secrets) == []


def test_metrics_hold_no_secret(used: Used) -> None:
    with used.server.client() as client:
        assert found_in(client.get("/metrics").content, used.secrets) == []


def test_answers_show_a_secret_only_once(used: Used) -> None:
    with used.server.client(used.org) as client:
        for path in ("/api/v2/me", "/api/v2/devices?limit=1000", f"/api/v2/devices/{used.device_id}"):
            assert found_in(client.get(path).content, used.secrets) == []


def test_no_secret_is_at_rest(used: Used) -> None:
    """Last, as it ends the server: what is written at the end counts too."""
    folder = used.server.data_dir.parent  # the data directory and, beside it, the server's log
    assert len(used.secrets) > 2 * used.count
    assert search(folder, used.secrets) == []
    assert used.server.stop() == 0
    assert search(folder, used.secrets) == []
    for path in folder.rglob("*"):
        assert path.is_dir() or shown_in(path.read_bytes(), [used.seed, *used.seeds]) == []


def test_the_pepper_stands_in_its_own_file_only(used: Used) -> None:
    pepper = (used.server.data_dir / PEPPER_FILE).read_text().strip()
    assert (used.server.data_dir / PEPPER_FILE).stat().st_mode & 0o077 == 0
    found = [path for path in used.server.data_dir.rglob("*") if path.is_file() and path.name != PEPPER_FILE]
    for path in found:
        content = path.read_bytes()
        assert bytes.fromhex(pepper) not in content
        assert found_in(content, [pepper]) == []


def test_what_is_visible_of_a_key_is_its_beginning(used: Used) -> None:
    """The search can find: the prefix that people see is there, and the secret itself where it was planted."""
    database = b"".join(path.read_bytes() for path in used.server.data_dir.glob("penstock.db*"))
    assert used.keys[0][:SHOWN_PREFIX].encode() in database
    assert used.keys[0][: SHOWN_PREFIX + 4].encode() not in database


@pytest.mark.parametrize("number", range(len(list(forms("x" * 40)))))
def test_the_search_finds_a_secret_in_every_form(tmp_path: Path, number: int) -> None:
    secret = new_credential("psk_")
    form = list(forms(secret))[number]
    (tmp_path / "harmless").write_bytes(b"nothing" * 1000)
    assert search(tmp_path, [secret]) == []
    (tmp_path / "planted").write_bytes(b"\0\1\2" * 333 + form + b"\n")
    assert search(tmp_path, [secret]) != []


@pytest.mark.parametrize("before", range(6))
def test_the_search_finds_base64_of_a_secret_in_a_text(before: int) -> None:
    secret = new_credential("tok_")
    text = base64.b64encode(b"a" * before + secret.encode() + b"tail")
    assert found_in(b"Authorization: Basic " + text, [secret]) != []


LOGS_A_BUG = """
import sys
if {person}:
    sys.stderr.isatty = lambda: True
from penstock.cli.logs import configure_logs
configure_logs()
import logging, structlog

def handle(headers):
    secret = headers["x-api-key"]
    raise RuntimeError("a bug")

try:
    handle({{"x-api-key": "{secret}"}})
except RuntimeError as error:
    structlog.get_logger().error("request_failed", exc_info=error)
    logging.getLogger("library").exception("failed")
"""


@pytest.mark.parametrize("person", [False, True])
def test_the_traceback_of_a_bug_shows_no_values(person: bool) -> None:
    """A traceback that shows local variables shows the request's headers, and with them the key."""
    secret = new_credential("psk_")
    done = subprocess.run(
        [sys.executable, "-c", LOGS_A_BUG.format(person=person, secret=secret)],
        capture_output=True,
        text=True,
        timeout=60,
        env=clean_environment(),
        check=True,
    )
    assert "a bug" in done.stderr
    assert found_in(done.stderr.encode(), [secret]) == []
