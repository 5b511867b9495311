"""Who must not read a secret cannot have it sent to a server of their own, by whatever field refers to it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.secrets.callers import make_secret, new_name, with_scopes

ELSEWHERE = "https://elsewhere.invalid/in"
SIGNING = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
BROKER = {"host": "broker.invalid", "subscriptions": [{"topic": "{{deviceId}}"}], "username": "u"}


def hook(**more: Any) -> dict[str, Any]:
    return {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"]} | more


def connection(**settings: Any) -> dict[str, Any]:
    return {"type": "mqtt", "name": "broker", "settings": BROKER | settings}


def downlink(token: str) -> dict[str, Any]:
    api = {"by": "api", "url": "https://lns.invalid", "token": token}
    return {"type": "chirpstack", "name": "lns", "settings": {"downlink": api}}


def channel(**more: Any) -> dict[str, Any]:
    return {"name": new_name("ops"), "kind": "slack"} | more


def account(token: str) -> dict[str, Any]:
    return {"kind": "twilio", "name": "sms", "settings": {"account_sid": "AC" + "0" * 32, "auth_token": token}}


ATTEMPTS = [
    ("/api/v2/webhooks", lambda ref: hook(secret=ref), "secret", "webhooks:write"),
    ("/api/v2/webhooks", lambda ref: hook(headers={"X-Key": ref}), "headers.X-Key", "webhooks:write"),
    ("/api/v2/connections", lambda ref: connection(password=ref), "settings.password", "connections:write"),
    (
        "/api/v2/connections",
        lambda ref: connection(client_key=ref, client_certificate="c", tls=True),
        "settings.client_key",
        "connections:write",
    ),
    ("/api/v2/connections", downlink, "settings.downlink.token", "connections:write"),
    ("/api/v2/inbox/accounts", account, "settings.auth_token", "sms:write"),
    ("/api/v2/notification-channels", lambda ref: channel(url=ref), "url", "notifications:write"),
    ("/api/v2/notification-channels", lambda ref: channel(kind="telegram", token=ref, chat="1"), "token", "notifications:write"),
]
MORE = ("sms:read", "commands:read", "alerts:read", "rules:read")


@pytest.mark.parametrize(("path", "body", "field", "scope"), ATTEMPTS, ids=[one[2] for one in ATTEMPTS])
def test_a_reference_needs_the_scope_that_reads(api: httpx.Client, path: str, body: Any, field: str, scope: str) -> None:
    values = {"secret": SIGNING, "url": "https://chat.invalid/1", "token": "123456:" + "a" * 30}
    name = make_secret(api, values.get(field, "s3cret"))["name"]
    narrow = with_scopes(api, scope, "secrets:read", "secrets:write", *MORE)
    refused = api.post(path, json=body(f"secret://{name}"), headers=narrow)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope_missing"), refused.text
    assert "secrets:reveal" in refused.json()["detail"]
    made = api.post(path, json=body(f"secret://{name}"), headers=with_scopes(api, scope, "secrets:reveal", *MORE))
    assert made.status_code == 201, made.text
    assert name in made.text
    assert values.get(field, "s3cret") not in made.text


@pytest.mark.parametrize("name", ["no-such-secret", "", "a b", "../x", "x" * 101])
@pytest.mark.parametrize(("path", "body", "field", "scope"), ATTEMPTS, ids=[one[2] for one in ATTEMPTS])
def test_a_reference_to_nothing_is_refused_by_name(
    api: httpx.Client, path: str, body: Any, field: str, scope: str, name: str
) -> None:
    answer = api.post(path, json=body(f"secret://{name}"))
    assert answer.status_code == 400, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_the_secret_of_another_organisation_does_not_exist(api: httpx.Client, other_api: httpx.Client) -> None:
    name = make_secret(other_api, "theirs")["name"]
    answer = api.post("/api/v2/webhooks", json=hook(headers={"X-Key": f"secret://{name}"}))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown")


def test_the_address_of_a_webhook_with_a_reference_cannot_be_changed(api: httpx.Client) -> None:
    name = make_secret(api, "s3cret-of-headers")["name"]
    made = api.post("/api/v2/webhooks", json=hook(headers={"X-Key": f"secret://{name}"})).json()
    path = f"/api/v2/webhooks/{made['webhook']['id']}"
    assert made["webhook"]["secret_references"] == {"headers.X-Key": name}
    narrow = with_scopes(api, "webhooks:read", "webhooks:write", *MORE)
    refused = api.patch(path, json={"url": ELSEWHERE}, headers=narrow)
    assert (refused.status_code, refused.json()["detail"]) == (403, "the scope secrets:reveal is required")
    assert api.patch(path, json={"name": "renamed"}, headers=narrow).json()["secret_references"] == {"headers.X-Key": name}
    assert api.patch(path, json={"headers": {}, "url": ELSEWHERE}, headers=narrow).status_code == 403
    assert api.patch(path, json={"headers": {}}, headers=narrow).json()["secret_references"] == {}
    assert api.patch(path, json={"url": ELSEWHERE}, headers=narrow).status_code == 200


def test_a_rotation_to_a_reference_needs_the_scope_and_a_fitting_value(api: httpx.Client) -> None:
    path = f"/api/v2/webhooks/{api.post('/api/v2/webhooks', json=hook()).json()['webhook']['id']}/rotate-secret"
    name, unfit = make_secret(api, SIGNING)["name"], make_secret(api, "not a signing secret")["name"]
    body = {"secret": f"secret://{name}"}
    assert api.post(path, json=body, headers=with_scopes(api, "webhooks:write", *MORE)).status_code == 403
    refused = api.post(path, json={"secret": f"secret://{unfit}"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "secret")
    assert "not a signing" not in refused.text
    rotated = api.post(path, json=body).json()
    assert (rotated["secret"], rotated["webhook"]["secret_references"]) == (f"secret://{name}", {"secret": name})
    back = api.post(path, json={"overlap_s": 60}).json()["webhook"]
    assert back["secret_references"] == {"previous": name}
    assert api.post(path, json={"overlap_s": 0}).json()["webhook"]["secret_references"] == {}


def test_the_address_of_a_connection_with_a_reference_cannot_be_changed(api: httpx.Client) -> None:
    name = make_secret(api, "s3cret-of-broker")["name"]
    made = api.post("/api/v2/connections", json=connection(password=f"secret://{name}")).json()["connection"]
    assert (made["settings"]["password_set"], made["settings"]["password_secret"]) == (True, name)
    path, narrow = f"/api/v2/connections/{made['id']}", with_scopes(api, "connections:write", *MORE)
    for change in ({"host": "elsewhere.invalid"}, {"port": 1884}, {"tls": True}):
        refused = api.patch(path, json={"settings": change}, headers=narrow)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "required"), change
        again = api.patch(path, json={"settings": change | {"password": f"secret://{name}"}}, headers=narrow)
        assert again.status_code == 403, change
    changed = api.patch(path, json={"settings": {"host": "elsewhere.invalid", "password": "their-own"}}, headers=narrow).json()
    assert (changed["settings"]["password_set"], "password_secret" in changed["settings"]) == (True, False)


def test_a_channel_shows_the_name_and_nothing_of_the_value(api: httpx.Client) -> None:
    name = make_secret(api, "https://hooks.slack.com/services/T00000000/B00000000/x7Qdx7Qdx7Qd")["name"]
    made = api.post("/api/v2/notification-channels", json=channel(url=f"secret://{name}"))
    assert (made.json()["target"], made.json()["secret_references"]) == (f"secret://{name}", {"url": name})
    assert "slack.com" not in made.text
    private = make_secret(api, "https://127.0.0.1/in")["name"]
    refused = api.post("/api/v2/notification-channels", json=channel(url=f"secret://{private}"))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "url")
