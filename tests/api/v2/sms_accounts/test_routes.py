"""SMS accounts over the native API. What they send and receive is in `tests/e2e/test_sms_providers.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.v2.secrets.callers import with_scopes
from tests.support.in_process import InProcessServer

PATH = "/api/v2/inbox/accounts"
SID, TOKEN = "AC0123456789abcdef0123456789abcdef", "Twilio-Token-4419"
TWILIO = {"account_sid": SID, "auth_token": TOKEN}
SMPP = {"host": "smsc.example.org", "system_id": "penstock", "password": "pw-55181"}


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def created(api: httpx.Client, kind: str = "twilio", **settings: Any) -> dict[str, Any]:
    answer = api.post(PATH, json={"kind": kind, "name": "Provider", "settings": settings or TWILIO})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["field"]


def test_an_account_is_shown_changed_and_removed(api: httpx.Client) -> None:
    made = created(api)
    path = f"{PATH}/{made['id']}"
    assert made["settings"] == {"account_sid": SID, "auth_token_set": True, "base_url": "https://api.twilio.com"}
    assert (made["inbound_path"], made["link"]["state"]) == (f"/sms/twilio/{made['id']}/inbound", "ready")
    assert api.get(path).json() == made
    changed = api.patch(path, json={"name": "Main"}).json()
    assert (changed["name"], changed["settings"]) == ("Main", made["settings"])
    assert [one["id"] for one in api.get(PATH).json()["data"]] == [made["id"]]
    assert api.delete(path).status_code == 204
    for answer in (api.get(path), api.patch(path, json={"name": "x"}), api.post(f"{path}/check"), api.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "inboxes.account_not_found")
    actions = [one["action"] for one in api.get("/api/v2/logs").json()["data"]]
    assert [one for one in actions if one.startswith("sms_account")] == [
        *("sms_account.delete", "sms_account.update", "sms_account.create"),
    ]


def test_credentials_are_nowhere_in_plain(api: httpx.Client, in_process: InProcessServer) -> None:
    twilio, smpp = created(api), created(api, "smpp", **SMPP)
    api.patch(f"{PATH}/{smpp['id']}", json={"settings": {"password": "pw-55182"}}).raise_for_status()
    shown = "".join(api.get(path).text for path in (PATH, f"{PATH}/{twilio['id']}", f"{PATH}/{smpp['id']}", "/api/v2/logs"))
    secrets = (TOKEN, "pw-55181", "pw-55182")
    assert [one for one in secrets if one in shown] == []
    with sqlite3.connect(in_process.data_dir / "penstock.db") as database:
        stored = "\n".join(database.iterdump())
    assert twilio["id"][4:]  # the account itself is there
    for secret in secrets:
        assert secret not in stored
        assert secret.encode().hex() not in stored.lower()


def test_a_credential_is_sent_to_no_other_address_unless_it_is_sent_again(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api)['id']}"
    for change in ({"base_url": "https://evil.example.org"}, {"account_sid": "AC" + "f" * 32}):
        assert refused(api.patch(path, json={"settings": change})) == (400, "settings.auth_token")
        assert api.patch(path, json={"settings": change | {"auth_token": TOKEN}}).status_code == 200
    assert refused(api.patch(path, json={"settings": {"auth_token": None}})) == (400, "settings.auth_token")
    smpp = f"{PATH}/{created(api, 'smpp', **SMPP)['id']}"
    for change in ({"host": "evil.example.org"}, {"port": 99}, {"tls": True}, {"system_id": "other"}):
        assert refused(api.patch(smpp, json={"settings": change})) == (400, "settings.password")
    without = api.patch(smpp, json={"settings": {"host": "other.example.org", "password": None}}).json()
    assert without["settings"]["password_set"] is False


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("twilio", {"account_sid": SID}, "settings.auth_token"),
        ("twilio", TWILIO | {"account_sid": "AC1"}, "settings.account_sid"),
        ("twilio", TWILIO | {"account_sid": SID + "\n"}, "settings.account_sid"),
        ("twilio", TWILIO | {"base_url": "http://api.twilio.com"}, "settings.base_url"),
        ("twilio", TWILIO | {"base_url": "https://127.0.0.1"}, "settings.base_url"),
        ("twilio", TWILIO | {"base_url": "https://api.twilio.com/x"}, "settings.base_url"),
        ("smpp", SMPP | {"host": "127.0.0.1"}, "settings.host"),
        ("smpp", SMPP | {"host": "10.1.2.3"}, "settings.host"),
        ("smpp", SMPP | {"host": "::1"}, "settings.host"),
        ("smpp", SMPP | {"host": "a b"}, "settings.host"),
        ("smpp", SMPP | {"host": "a/b"}, "settings.host"),
        ("smpp", SMPP | {"password": "123456789"}, "settings.password"),
        ("smpp", SMPP | {"system_id": "ü"}, "settings.system_id"),
        ("smpp", SMPP | {"window": 0}, "settings.window"),
        ("smpp", SMPP | {"alphabet": "utf8"}, "settings.alphabet"),
        ("smpp", {"host": "smsc.example.org"}, "settings.system_id"),
        ("log", {"host": "x"}, "settings.host"),
    ],
)
def test_invalid_settings_are_named(api: httpx.Client, kind: str, settings: dict[str, Any], field: str) -> None:
    assert refused(api.post(PATH, json={"kind": kind, "name": "Provider", "settings": settings})) == (400, field)


def test_invalid_changes_are_named(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api, 'smpp', **SMPP)['id']}"
    for settings, field in (
        ({"window": "x"}, "settings.window"),
        ({"nothing": 1}, "settings.nothing"),
        ({"host": "10.0.0.1"}, "settings.host"),
    ):
        found = refused(api.patch(path, json={"settings": settings | {"password": "pw-55181"}}))
        assert found == (400, field)


def test_an_address_uses_an_account_of_its_organisation(api: httpx.Client, in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as other:
        foreign = created(other)["id"]
    answer = api.post("/api/v2/inbox/addresses", json={"value": "+447700900001", "account_id": foreign})
    assert (answer.status_code, answer.json()["code"]) == (404, "inboxes.account_not_found")
    log = api.post(PATH, json={"kind": "log", "name": "Development"}).json()
    assert api.post("/api/v2/inbox/addresses", json={"value": "+447700900001", "account_id": log["id"]}).status_code == 201
    assert api.post(f"{PATH}/{log['id']}/check").json() == {"ok": True, "detail": "SMS are only logged"}


def test_an_account_that_cannot_connect_says_why(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api, 'smpp', **SMPP | {'host': 'localhost'})['id']}"
    found = api.post(f"{path}/check").json()
    assert found["ok"] is False


def test_there_are_limits(api: httpx.Client) -> None:
    for _ in range(100):
        api.post(PATH, json={"kind": "log", "name": "Log"}).raise_for_status()
    answer = api.post(PATH, json={"kind": "log", "name": "Log"})
    assert (answer.status_code, answer.json()["code"]) == (429, "inboxes.account_limit_reached")


def test_a_credential_refers_to_a_secret(api: httpx.Client) -> None:
    secret = api.post("/api/v2/secrets", json={"name": "centre", "value": "pw-1"}).json()["id"]
    api.post("/api/v2/secrets", json={"name": "long", "value": "x" * 9}).raise_for_status()
    reference = {"password": "secret://centre"}
    narrow = with_scopes(api, "sms:read", "sms:write", "secrets:read")
    refusal = api.post(PATH, json={"kind": "smpp", "name": "Mine", "settings": SMPP | reference}, headers=narrow)
    assert refusal.status_code == 403
    path = f"{PATH}/{created(api, 'smpp', **SMPP)['id']}"
    assert api.patch(path, json={"settings": reference}, headers=narrow).status_code == 403
    shown = api.patch(path, json={"settings": reference}).json()["settings"]
    assert (shown["password_set"], shown["password_secret"]) == (True, "centre")
    moved = api.patch(path, json={"settings": {"host": "evil.example.org"}}, headers=narrow)
    assert refused(moved) == (400, "settings.password")
    kept = api.patch(path, json={"settings": {"window": 3}}, headers=narrow).json()
    assert kept["settings"]["password_secret"] == "centre"
    for name, field in (("long", "settings.password"), ("nothing", "settings.password"), ("-", "settings.password")):
        assert refused(api.patch(path, json={"settings": {"password": f"secret://{name}"}})) == (400, field)
    used = api.get(f"/api/v2/secrets/{secret}/used-by").json()["data"]
    assert used == [{"kind": "sms_account", "id": path.rpartition("/")[2], "field": "password"}]
    in_use = api.delete(f"/api/v2/secrets/{secret}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "vault.secret_in_use")
    # A version that does not fit ends the account's connection at once, instead of leaving it signed in with the old one.
    api.post(f"/api/v2/secrets/{secret}/versions", json={"value": "x" * 9}).raise_for_status()
    failed = api.post(f"{path}/check")
    assert (failed.status_code, failed.json()["code"]) == (422, "inboxes.account_credentials_missing")
    assert api.delete(path).status_code == 204
    assert api.delete(f"/api/v2/secrets/{secret}").status_code == 204


def test_an_account_that_numbers_use_is_not_deleted(api: httpx.Client) -> None:
    path = f"{PATH}/{created(api)['id']}"
    numbers = [f"+4477009000{number:02}" for number in range(7)]
    for number in numbers:
        made = api.post("/api/v2/inbox/addresses", json={"value": number, "account_id": path.rpartition("/")[2]}).json()
    answer = api.delete(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "inboxes.account_in_use")
    assert numbers[0] in answer.json()["detail"]
    assert numbers[6] not in answer.json()["detail"]
    assert api.get(path).status_code == 200
    for one in api.get("/api/v2/inbox/addresses").json()["data"][1:]:
        api.patch(f"/api/v2/inbox/addresses/{one['id']}", json={"account_id": None}).raise_for_status()
    assert numbers[6] in api.delete(path).json()["detail"]
    api.delete(f"/api/v2/inbox/addresses/{made['id']}").raise_for_status()
    assert api.delete(path).status_code == 204
    # A number that was released keeps the id of its account: it comes back with what the call says.
    assert api.post("/api/v2/inbox/addresses", json={"value": numbers[6]}).json()["account_id"] is None


@pytest.mark.parametrize("host", ["1.2", "999.1.1.1", "::zz", ":", "1.2.3.4.5", "[::1]", "127.1", "0x7f.1", "localhost."])
def test_no_form_of_a_host_is_an_error_of_the_server(api: httpx.Client, host: str) -> None:
    answer = api.post(PATH, json={"kind": "smpp", "name": "x", "settings": SMPP | {"host": host}})
    assert answer.status_code in (201, 400), answer.text
