"""Secrets over the native API: versions, who uses them, and that a value is shown only where it was asked for."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.secrets.callers import PATH, make_secret, new_name, with_scopes


@pytest.fixture
def made(api: httpx.Client) -> dict[str, Any]:
    return make_secret(api, "v-one")


def value_of(api: httpx.Client, secret_id: str, **query: int) -> str:
    answer = api.get(f"{PATH}/{secret_id}/value", params=query)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["value"])


def test_a_value_is_shown_only_where_it_is_asked_for(api: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    assert (made["version"], made["managed"], made["uses"], made["used_by"]) == (1, False, 0, [])
    assert api.get(f"{path}/value").json() == {"version": 1, "value": "v-one"}
    for answer in (api.get(path), api.get(PATH, params={"limit": 1000}), api.get(f"{path}/versions"), api.get("/api/v2/logs")):
        assert answer.status_code == 200
        assert "v-one" not in answer.text


def test_reading_a_value_is_recorded(api: httpx.Client, made: dict[str, Any]) -> None:
    value_of(api, made["id"])
    rows = api.get("/api/v2/logs", params={"target": f"secret:{made['id']}"}).json()["data"]
    assert [row["action"] for row in rows] == ["secret.value.read", "secret.create"]
    assert rows[0]["details"] == {"version": 1, "flagged": True}


def test_a_version_replaces_the_value_and_an_older_one_can_be_restored(api: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    second = api.post(f"{path}/versions", json={"value": "v-two"})
    assert (second.status_code, second.json()["version"], "value" in second.json()) == (201, 2, False)
    assert (value_of(api, made["id"]), value_of(api, made["id"], version=1)) == ("v-two", "v-one")
    assert api.post(f"{path}/versions/1/restore").json()["version"] == 3
    assert value_of(api, made["id"]) == "v-one"
    assert [one["version"] for one in api.get(f"{path}/versions").json()["data"]] == [3, 2, 1]
    for wrong in ("4", "0", "x", "9" * 30):
        refused = api.post(f"{path}/versions/{wrong}/restore")
        assert (refused.status_code, refused.json()["code"]) == (404, "vault.secret_version_not_found"), wrong


def test_the_newest_ten_versions_are_kept(api: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    for number in range(2, 13):
        assert api.post(f"{path}/versions", json={"value": f"v-{number}"}).status_code == 201
    assert [one["version"] for one in api.get(f"{path}/versions").json()["data"]] == list(range(12, 2, -1))
    assert api.get(f"{path}/value", params={"version": 2}).status_code == 404
    assert value_of(api, made["id"], version=3) == "v-3"


def test_a_description_is_changed_and_an_unused_secret_deleted(api: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    assert api.patch(path, json={"description": "of the plant"}).json()["description"] == "of the plant"
    assert api.delete(path).status_code == 204
    for answer in (api.get(path), api.get(f"{path}/value"), api.delete(path), api.get(f"{path}/used-by")):
        assert (answer.status_code, answer.json()["code"]) == (404, "vault.secret_not_found")
    assert make_secret(api, "again", made["name"])["id"] != made["id"]
    for malformed in ("nonsense", "dev_0c2k9fq7w3m1x"):
        answer = api.get(f"{PATH}/{malformed}")
        assert (answer.status_code, answer.json()["code"]) == (404, "vault.secret_not_found")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "has space"}, "name"),
        ({"name": "-x"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "näme"}, "name"),
        ({"value": ""}, "value"),
        ({"value": "ü" * 40_000}, "value"),
        ({"value": "x" * 65_537}, "value"),
        ({"description": "x" * 1_001}, "description"),
        ({"owner_kind": "webhook"}, "owner_kind"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, wrong: dict[str, Any], field: str) -> None:
    answer = api.post(PATH, json={"name": new_name(), "value": "v"} | wrong)
    assert answer.status_code == 400, answer.text
    assert field in [one["field"] for one in answer.json()["errors"]], answer.text


def test_the_longest_value_comes_back_whole(api: httpx.Client) -> None:
    longest = '\u0001"ü' * 16_384
    assert len(longest.encode()) == 65_536
    assert value_of(api, make_secret(api, longest)["id"]) == longest


def test_a_name_is_used_once_and_a_repeated_request_is_answered_alike(api: httpx.Client) -> None:
    body, repeat = {"name": new_name(), "value": "v"}, {"Idempotency-Key": new_name()}
    first, second = (api.post(PATH, json=body, headers=repeat) for _ in range(2))
    assert (first.status_code, second.json()) == (201, first.json())
    refused = api.post(PATH, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "vault.secret_exists")
    path, versions = f"{PATH}/{first.json()['id']}/versions", {"Idempotency-Key": new_name()}
    assert [api.post(path, json={"value": "w"}, headers=versions).json()["version"] for _ in range(2)] == [2, 2]
    assert value_of(api, first.json()["id"]) == "w"


def test_lists_are_searched_and_paged(api: httpx.Client) -> None:
    about = new_name("paged")
    names = [make_secret(api, "v", f"{about}.{number}")["name"] for number in range(3)]
    page = api.get(PATH, params={"q": about, "limit": 2}).json()
    rest = api.get(PATH, params={"q": about, "limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["name"] for one in page["data"] + rest["data"]] == names[::-1]
    assert rest["next_cursor"] is None
    assert [one["name"] for one in api.get(PATH, params={"name": names[1]}).json()["data"]] == [names[1]]
    assert api.get(PATH, params={"q": about, "managed": "true"}).json()["data"] == []


def test_managed_secrets_are_listed_with_their_owner_and_managed_there(api: httpx.Client) -> None:
    wanted = {"url": "https://hooks.invalid/in", "topics": ["sms.inbound"], "headers": {"Authorization": "Bearer hidden-one"}}
    webhook_id = api.post("/api/v2/webhooks", json=wanted).json()["webhook"]["id"]
    listed = api.get(PATH, params={"managed": "true", "owner_kind": "webhook", "limit": 1000})
    assert "hidden-one" not in listed.text
    mine = {one["used_by"][0]["field"]: one for one in listed.json()["data"] if one["used_by"][0]["id"] == webhook_id}
    assert mine.keys() == {"secret", "headers.Authorization"}
    secret = mine["headers.Authorization"]
    assert (secret["name"], secret["managed"], secret["uses"]) == (None, True, 1)
    path = f"{PATH}/{secret['id']}"
    assert api.get(f"{path}/used-by").json()["data"] == [{"kind": "webhook", "id": webhook_id, "field": "headers.Authorization"}]
    for method, end, body in (
        ("GET", "/value", None),
        ("POST", "/versions", {"value": "v"}),
        ("POST", "/versions/1/restore", None),
        ("PATCH", "", {"description": "d"}),
        ("DELETE", "", None),
    ):
        refused = api.request(method, path + end, json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "vault.secret_managed"), (method, end)
        assert webhook_id in refused.json()["detail"]
    assert api.delete(f"/api/v2/webhooks/{webhook_id}").status_code == 204
    assert api.get(path).status_code == 404


def test_a_secret_in_use_is_not_deleted(api: httpx.Client) -> None:
    made = make_secret(api, "https://hooks.invalid/in")
    ids = []
    for _ in range(3):
        channel = {"name": new_name("ops"), "kind": "slack", "url": f"secret://{made['name']}"}
        ids.append(api.post("/api/v2/notification-channels", json=channel).json()["id"])
    path = f"{PATH}/{made['id']}"
    refused = api.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "vault.secret_in_use")
    assert all(one in refused.json()["detail"] for one in ids)
    shown = api.get(path).json()
    assert (shown["uses"], shown["used_by"]) == (3, [{"kind": "channel", "id": one, "field": "url"} for one in sorted(ids)])
    page = api.get(f"{path}/used-by", params={"limit": 2}).json()
    rest = api.get(f"{path}/used-by", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["id"] for one in page["data"] + rest["data"]] == sorted(ids)
    for one in ids:
        assert api.delete(f"/api/v2/notification-channels/{one}").status_code == 204
    assert api.delete(path).status_code == 204


def test_the_scopes_stand_alone(api: httpx.Client, made: dict[str, Any]) -> None:
    path = f"{PATH}/{made['id']}"
    read, write, reveal = (with_scopes(api, f"secrets:{what}") for what in ("read", "write", "reveal"))
    assert api.get(path, headers=read).status_code == 200
    for headers, method, end, body in (
        (read, "GET", "/value", None),
        (write, "GET", "/value", None),
        (write, "GET", "", None),
        (reveal, "GET", "", None),
        (reveal, "POST", "/versions", {"value": "v"}),
    ):
        assert api.request(method, path + end, json=body, headers=headers).status_code == 403, (method, end)
    assert api.get(f"{path}/value", headers=reveal).json()["value"] == "v-one"
