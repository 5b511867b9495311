"""API keys over HTTP: what they carry, how they end, and what they may grant."""

from __future__ import annotations

import concurrent.futures
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.tenancy.scopes import ALL
from tests.security.table import plain_reads
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import eventually


def make(api: httpx.Client, **fields: Any) -> Any:
    answer = api.post("/api/v2/keys", json={"name": "test", "scopes": ["profile:read", "devices:read"]} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def calls(server: RunningServer, org: Org, value: str, path: str = "/api/v2/me", **headers: str) -> httpx.Response:
    sent = {"X-API-Key": value, "X-Organization-Id": org.organization_id} | headers
    return httpx.get(f"{server.base_url}{path}", headers=sent)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("style", KEY_STYLES.names)
def test_every_style_works_on_every_surface(api: httpx.Client, server: RunningServer, acme: Org, style: str) -> None:
    made = make(api, style=style, scopes=sorted(ALL))
    value = made["value"]
    assert KEY_STYLES.looks_like_key(value.encode())
    assert value.startswith(made["key"]["prefix"])
    assert len(made["key"]["prefix"]) < len(value) / 2
    assert calls(server, acme, value).status_code == 200
    for headers in ({"X-API-Key": value}, {"Authorization": f"Bearer {value}"}, {"Authentication": f"bearer {value}"}):
        for path in (path for surface, path in plain_reads().items() if surface != "v2"):
            assert httpx.get(f"{server.base_url}{path}", headers=headers).status_code == 200, path
    assert value not in api.get("/api/v2/keys?limit=1000").text


def test_an_unknown_style_is_refused_with_those_there_are(api: httpx.Client) -> None:
    answer = api.post("/api/v2/keys", json={"name": "test", "scopes": ["profile:read"], "style": "nonsense"})
    assert answer.status_code == 400
    wanted = {"field": "style", "code": "invalid", "detail": f"must be one of {', '.join(KEY_STYLES.names)}"}
    assert answer.json()["errors"] == [wanted]


def test_nothing_selected_grants_nothing(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    value = make(api, scopes=[])["value"]
    for path in ("/api/v2/me", "/api/v2/devices", "/api/v2/keys", "/api/v2/logs"):
        assert refusal(calls(server, acme, value, path)) == (403, "auth.scope_missing")


def test_nobody_grants_more_than_they_have(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    value = make(api, scopes=["org:admin", "devices:read"])["value"]
    with httpx.Client(base_url=server.base_url, headers=acme.headers() | {"X-API-Key": value}) as admin:
        assert admin.post("/api/v2/keys", json={"name": "x", "scopes": ["devices:read"]}).status_code == 201
        answer = admin.post("/api/v2/keys", json={"name": "x", "scopes": ["devices:write"]})
        assert refusal(answer) == (403, "keys.scope_not_yours")
        larger = make(api, scopes=["devices:write"])["key"]["id"]
        assert refusal(admin.post(f"/api/v2/keys/{larger}/rotate", json={})) == (403, "keys.scope_not_yours")


def test_rotating_ends_the_old_value_at_once(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    old = make(api)
    new = api.post(f"/api/v2/keys/{old['key']['id']}/rotate", json={}).json()
    assert refusal(calls(server, acme, old["value"])) == (401, "auth.key_not_active")
    assert calls(server, acme, new["value"]).status_code == 200
    assert new["key"]["scopes"] == old["key"]["scopes"]
    row = api.get(f"/api/v2/keys/{old['key']['id']}").json()
    assert (row["status"], row["replaced_by"]) == ("rotated", new["key"]["id"])
    assert refusal(api.post(f"/api/v2/keys/{old['key']['id']}/rotate", json={})) == (409, "keys.ended")


def test_an_overlap_lets_both_values_in_for_a_while(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    old = make(api)
    new = api.post(f"/api/v2/keys/{old['key']['id']}/rotate", json={"overlap_s": 600}).json()
    assert [calls(server, acme, one["value"]).status_code for one in (old, new)] == [200, 200]
    newest = api.post(f"/api/v2/keys/{new['key']['id']}/rotate", json={"overlap_s": 1}).json()
    assert eventually(lambda: calls(server, acme, new["value"]).status_code == 401)
    assert calls(server, acme, newest["value"]).status_code == 200
    assert api.post(f"/api/v2/keys/{newest['key']['id']}/rotate", json={"overlap_s": 604_801}).status_code == 400


def test_revoking_in_an_overlap_ends_it(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    old = make(api)
    api.post(f"/api/v2/keys/{old['key']['id']}/rotate", json={"overlap_s": 600})
    assert api.post(f"/api/v2/keys/{old['key']['id']}/revoke").json()["status"] == "revoked"
    assert refusal(calls(server, acme, old["value"])) == (401, "auth.key_not_active")


@pytest.mark.parametrize("rotations", [2, pytest.param(50, marks=pytest.mark.prove)])
def test_not_one_call_succeeds_with_the_old_value_after_the_answer(
    api: httpx.Client, server: RunningServer, acme: Org, rotations: int
) -> None:
    for _ in range(rotations):
        old = make(api)
        ended_at = [float("inf")]
        late: list[float] = []
        stop = threading.Event()

        def load(value: str = old["value"], ended: list[float] = ended_at, found: list[float] = late) -> None:
            headers = acme.headers() | {"X-API-Key": value}
            with httpx.Client(base_url=server.base_url, headers=headers) as client:
                while not stop.is_set():  # noqa: B023
                    began = time.monotonic()
                    if client.get("/api/v2/me").status_code == 200 and began > ended[0]:
                        found.append(began)

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        assert api.post(f"/api/v2/keys/{old['key']['id']}/rotate", json={}).status_code == 201
        ended_at[0] = time.monotonic()
        time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join()
        assert late == []


def test_a_key_expires(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    later, soon = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds)) for seconds in (3600, 2))
    assert calls(server, acme, make(api, expires_at=later)["value"]).status_code == 200
    made = make(api, expires_at=soon)
    assert eventually(lambda: calls(server, acme, made["value"]).status_code == 401)
    answer = calls(server, acme, made["value"])
    assert refusal(answer) == (401, "auth.key_not_active")
    assert "expired" in answer.json()["detail"]
    assert api.get(f"/api/v2/keys/{made['key']['id']}").json()["status"] == "expired"
    past = api.post("/api/v2/keys", json={"name": "x", "expires_at": "2001-01-01T00:00:00Z"})
    assert past.json()["errors"][0]["field"] == "expires_at"


def test_a_key_is_limited_to_networks(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    assert calls(server, acme, make(api, allowed_cidrs=["127.0.0.0/8"])["value"]).status_code == 200
    elsewhere = make(api, allowed_cidrs=["192.0.2.0/24", "2001:db8::/32"])["value"]
    assert refusal(calls(server, acme, elsewhere)) == (403, "auth.address_not_allowed")
    spoofed = {"X-Forwarded-For": "192.0.2.7", "Forwarded": "for=192.0.2.7", "X-Real-IP": "192.0.2.7"}
    assert refusal(calls(server, acme, elsewhere, **spoofed)) == (403, "auth.address_not_allowed")
    wrong = api.post("/api/v2/keys", json={"name": "x", "allowed_cidrs": ["10.0.0.0/8", "nonsense"]})
    assert wrong.json()["errors"][0]["field"] == "allowed_cidrs[1]"


SPOOFED_HEADERS = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr")
SPOOFED_HEADERS += (
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Forwarded",
    "Via",
    "X-Forwarded",
    "X-Host",
    "Fastly-Client-IP",
    "X-ProxyUser-Ip",
)
SPOOFED_VALUES = ("192.0.2.7", "192.0.2.7, 127.0.0.1", "127.0.0.1, 192.0.2.7", "for=192.0.2.7", '"192.0.2.7"')
SPOOFED_VALUES += ("192.0.2.7:80", "[2001:db8::1]", "2001:db8::1", 'for="[2001:db8::1]"', "::ffff:192.0.2.7", "0xC0000207")
SPOOFED_VALUES += ("3221225991", "unknown, 192.0.2.7", ",192.0.2.7")


def test_an_address_cannot_be_claimed(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    """K5."""
    elsewhere = make(api, allowed_cidrs=["192.0.2.0/24", "2001:db8::/32"])["value"]
    claims = [{name: value} for name in SPOOFED_HEADERS for value in SPOOFED_VALUES]
    assert len(claims) > 200
    sent = {"X-API-Key": elsewhere, "X-Organization-Id": acme.organization_id}
    with server.client() as client:
        answers = {client.get("/api/v2/me", headers=sent | claim).status_code for claim in claims}
    assert answers == {403}


@pytest.mark.parametrize("count", [32, pytest.param(1_000, marks=pytest.mark.prove)])
def test_of_many_first_calls_a_key_for_one_call_lets_in_one(
    api: httpx.Client, server: RunningServer, acme: Org, count: int
) -> None:
    """K10."""
    made = make(api, single_use="spend")
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: calls(server, acme, made["value"]).status_code, range(count)))
    assert sorted(set(answers)) == [200, 401]
    assert answers.count(200) == 1
    assert api.get(f"/api/v2/keys/{made['key']['id']}").json()["status"] == "spent"


def test_a_key_binds_to_the_address_that_first_used_it(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    made = make(api, single_use="bind")
    assert [calls(server, acme, made["value"]).status_code for _ in range(3)] == [200] * 3
    row = api.get(f"/api/v2/keys/{made['key']['id']}").json()
    assert (row["status"], row["used_from"]) == ("active", "127.0.0.1")
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=transport, base_url=server.base_url) as other:
        answer = other.get("/api/v2/me", headers=acme.headers() | {"X-API-Key": made["value"]})
    assert refusal(answer) == (403, "auth.address_not_allowed")


def test_lists_by_status_and_pages(api: httpx.Client) -> None:
    made = [make(api, name=f"page {n}")["key"]["id"] for n in range(3)]
    api.post(f"/api/v2/keys/{made[1]}/revoke")
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = api.get("/api/v2/keys", params={"limit": "2"} | ({"cursor": cursor} if cursor else {})).json()
        found += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [one for one in found if one in made] == made[::-1]
    revoked = [one["id"] for one in api.get("/api/v2/keys?status=revoked&limit=1000").json()["data"]]
    assert made[1] in revoked
    assert made[0] not in revoked
    assert api.patch(f"/api/v2/keys/{made[0]}", json={"name": "renamed"}).json()["name"] == "renamed"


def test_last_use_is_noted(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    made = make(api)
    calls(server, acme, made["value"])
    assert eventually(lambda: api.get(f"/api/v2/keys/{made['key']['id']}").json()["last_used_at"] is not None)
    assert api.get(f"/api/v2/keys/{made['key']['id']}").json()["last_used_from"] == "127.0.0.1"
    used = api.get("/api/v2/logs", params={"action": "apikey.use", "target": f"key:{made['key']['name']}"}).json()["data"]
    assert any(row["target_id"] == made["key"]["id"] for row in used)


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.1/32, 10.0.0.0/8"}
    with running_server(tmp_path_factory.mktemp("proxied") / "data", environment=settings) as server:
        yield server


@pytest.mark.parametrize(
    ("forwarded", "allowed"),
    [
        ("192.0.2.7", True),
        ("192.0.2.7, 10.1.2.3", True),
        ("203.0.113.9, 192.0.2.7", True),
        ("192.0.2.7, 203.0.113.9", False),
        ("192.0.2.7, nonsense", False),
        ("::ffff:192.0.2.7", True),
        ("", False),
        ("nonsense", False),
        ("192.0.2.7:1234", False),
    ],
)
def test_a_trusted_proxy_says_who_the_client_is(behind_proxy: RunningServer, forwarded: str, allowed: bool) -> None:
    org = behind_proxy.orgs["Acme"]
    with behind_proxy.client(org) as client:
        value = make(client, allowed_cidrs=["192.0.2.0/24"])["value"]
    answer = calls(behind_proxy, org, value, **{"X-Forwarded-For": forwarded})
    assert (answer.status_code == 200) is allowed
