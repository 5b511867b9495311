"""Calls from web pages: which origins are let in, on every surface, for good answers, refusals and preflights alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from penstock.api.shared.cors import ANSWER_HEADERS, REQUEST_HEADERS
from penstock.kit.operation import Operation
from penstock.settings import SettingsInvalid, load_settings
from tests.security.table import name_of, operations, plain_reads
from tests.support.cases import for_each
from tests.support.server import RunningServer, running_server
from tests.support.waiting import CEILING_S

PAGE, SECOND, STRANGER = "https://app.example.org", "http://localhost:5173", "https://evil.example"
OF_THE_API = [operation for operation in operations() if operation.surface != "system"]
SAFELISTED = {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
"""What a page may read without being told. Source: Fetch standard, CORS-safelisted response-header name."""
NOT_FOR_PAGES = {"date", "vary", "x-content-type-options", "referrer-policy", "access-control-allow-origin"}
NOT_FOR_PAGES |= {"access-control-expose-headers", "content-encoding"}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"PENSTOCK_HTTP_CORS_ORIGINS": f"{PAGE}, {SECOND}", "PENSTOCK_LIMITS_BAD_CREDENTIALS_PER_MINUTE": "1"}
    with running_server(tmp_path_factory.mktemp("named") / "data", environment=settings) as server:
        yield server


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"PENSTOCK_HTTP_CORS_ORIGINS": "*", "PENSTOCK_HTTP_CORS_MAX_AGE_S": "5"}
    with running_server(tmp_path_factory.mktemp("anybody") / "data", environment=settings) as server:
        yield server


def marks(answer: httpx.Response) -> dict[str, str]:
    """What an answer says about origins; a large one also varies by the coding, which is about something else."""
    found = {name: value for name, value in answer.headers.items() if name.startswith("access-control-") or name == "vary"}
    varies = [one for one in found.pop("vary", "").split(", ") if one not in ("", "Accept-Encoding")]
    return found | ({"vary": ", ".join(varies)} if varies else {})


def listed(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",")}


def preflight(client: httpx.Client, path: str, origin: str, method: str = "POST") -> httpx.Response:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type"}
    return client.options(path, headers={"Origin": origin} | asked)


@for_each(OF_THE_API, name_of)
def test_a_preflight_is_answered_without_a_key(operation: Operation, named: RunningServer) -> None:
    with named.client() as client:
        answer = preflight(client, operation.path, PAGE, operation.method)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["access-control-max-age"] == "600"
        assert answer.headers["vary"] == "Origin"
        assert operation.method.lower() in listed(answer.headers["access-control-allow-methods"])
        wanted = {"authorization", "x-api-key", "x-organization-id", "content-type"} | set(map(str.lower, operation.headers))
        assert wanted <= listed(answer.headers["access-control-allow-headers"])
        assert "access-control-allow-credentials" not in answer.headers
        assert marks(preflight(client, operation.path, STRANGER, operation.method)) == {"vary": "Origin"}


@for_each(OF_THE_API, name_of)
def test_a_refusal_can_be_read_by_the_page(operation: Operation, named: RunningServer) -> None:
    with named.client() as client:
        answer = client.request(operation.method, operation.path, headers={"Origin": SECOND})
        assert answer.status_code >= 400
        assert answer.headers["access-control-allow-origin"] == SECOND
        assert answer.headers["vary"] == "Origin"


def test_a_good_answer_and_all_its_headers_can_be_read_by_the_page(named: RunningServer) -> None:
    with named.client(named.orgs["Acme"]) as client:
        for path in ("/api/v2/me", *plain_reads().values(), "/api/v2/logs/export?format=csv"):
            answer = client.get(path, headers={"Origin": PAGE})
            assert answer.is_success, (path, answer.text)
            assert answer.headers["access-control-allow-origin"] == PAGE
            exposed = listed(answer.headers["access-control-expose-headers"])
            readable = answer.headers.keys() - SAFELISTED - NOT_FOR_PAGES - {"transfer-encoding"}
            assert readable <= exposed, path
            assert "x-request-id" in answer.headers or "export" in path
        made = client.post("/api/v2/devices", json={"name": "a"}, headers={"Origin": PAGE}).json()
        path = f"/api/v2/devices/{made['device']['id']}/telemetry"
        taken = client.post(path, json={"data": {"a": 1}}, headers={"Origin": PAGE})
        assert (taken.status_code, taken.headers["access-control-allow-origin"]) == (201, PAGE)


def test_what_the_documentation_promises_is_exposed() -> None:
    promised = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Daily-Limit", "X-RateLimit-Daily-Remaining"}
    assert promised | {"Retry-After", "X-Request-Id"} <= set(ANSWER_HEADERS)
    # The others are not opened to pages: what they take from a provider, such as its signature, is promised to none.
    assert {name for operation in OF_THE_API for name in operation.headers} <= set(REQUEST_HEADERS)


CALL = "/penstock.v1.DevicesService/ListDevices"
CONNECT_HEADERS = ("connect-protocol-version", "connect-timeout-ms", "content-type", "x-user-agent", "x-api-key")
GRPC_WEB_HEADERS = ("grpc-timeout", "x-grpc-web", "x-user-agent", "content-type", "x-organization-id")


def test_a_page_can_make_the_calls_of_grpc_and_read_their_status(named: RunningServer) -> None:
    """By the Connect protocol and by gRPC-Web."""
    with named.client() as client:
        for sent in (CONNECT_HEADERS, GRPC_WEB_HEADERS):
            asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": ",".join(sent)}
            answer = client.options(CALL, headers={"Origin": PAGE} | asked)
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, PAGE)
            assert set(sent) <= listed(answer.headers["access-control-allow-headers"])
        refused = client.post(CALL, json={}, headers={"Origin": PAGE})
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
        assert refused.headers["access-control-allow-origin"] == PAGE
        web = {"Origin": PAGE, "Content-Type": "application/grpc-web+proto", "X-Grpc-Web": "1"}
        failed = client.post(CALL, content=bytes(5), headers=web)
        assert failed.headers["access-control-allow-origin"] == PAGE
        # The library sends the status behind the messages; others, and proxies, send it as headers.
        assert b"grpc-status: 16\r\n" in failed.content
        assert {"grpc-status", "grpc-message", "grpc-status-details-bin"} <= listed(
            failed.headers["access-control-expose-headers"]
        )


def test_strangers_and_callers_without_origin_are_served_without_a_mark(named: RunningServer) -> None:
    """It is the browser that keeps a page from reading; who sends no Origin is none. But caches have to know."""
    with named.client(named.orgs["Acme"]) as client:
        for headers in (
            {},
            {"Origin": STRANGER},
            {"Origin": "null"},
            {"Origin": PAGE + ".evil.example"},
            {"Origin": PAGE.upper()},
        ):
            answer = client.get("/api/v2/me", headers=headers)
            assert (answer.status_code, marks(answer)) == (200, {"vary": "Origin"})


def test_a_preflight_comes_before_limits(named: RunningServer) -> None:
    with named.client() as client:
        bad = {"X-API-Key": "psk_nonsense", "X-Organization-Id": named.orgs["Acme"].organization_id, "Origin": PAGE}
        refused = [client.get("/api/v2/me", headers=bad) for _ in range(4)]
        assert refused[-1].status_code == 429
        assert refused[-1].headers["access-control-allow-origin"] == PAGE
        assert int(refused[-1].headers["retry-after"]) > 0
        assert preflight(client, "/api/v2/me", PAGE, "GET").status_code == 204


def test_other_options_calls_are_no_preflights(named: RunningServer) -> None:
    with named.client() as client:
        answer = client.options("/api/v2/devices", headers={"Origin": PAGE})
        assert "POST" in answer.headers["allow"]
        assert "access-control-allow-methods" not in answer.headers


@pytest.mark.parametrize("path", ["/metrics", "/health", "/openapi.json", "/docs", "/sms/twilio/sma_0c2k9fq7w3h8k/inbound"])
def test_what_is_no_api_is_not_opened(path: str, anybody: RunningServer) -> None:
    with anybody.client() as client:
        assert marks(client.get(path, headers={"Origin": PAGE})) == {}
        assert marks(preflight(client, path, PAGE, "GET")) == {}


def test_every_page_may_call_if_the_operator_wants_it(anybody: RunningServer) -> None:
    with anybody.client(anybody.orgs["Acme"]) as client:
        for headers in ({}, {"Origin": STRANGER}, {"Origin": "null"}):
            answer = client.get("/api/v2/me", headers=headers)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
        answer = preflight(client, "/api/v2/devices", STRANGER, "GET")
        assert (answer.headers["access-control-allow-origin"], answer.headers["access-control-max-age"]) == ("*", "5")


def test_it_is_off_by_default(server: RunningServer) -> None:
    with server.client(server.orgs["Acme"]) as client:
        assert marks(client.get("/api/v2/me", headers={"Origin": PAGE})) == {}
        assert marks(preflight(client, "/api/v2/me", PAGE)) == {}


async def opened(server: RunningServer, origin: str) -> int:
    """The status with which a page of an origin gets a WebSocket or not, with a ticket as its own would."""
    async with httpx.AsyncClient(base_url=server.base_url, headers=server.orgs["Acme"].headers()) as client:
        ticket = (await client.post("/api/v2/streams/tickets")).json()["ticket"]
    url = server.base_url.replace("http", "ws", 1) + f"/api/v2/streams/ws?ticket={ticket}"
    try:
        async with connect(url, origin=origin) as live:  # type: ignore[arg-type]
            assert json.loads(await asyncio.wait_for(live.recv(), CEILING_S))["type"] == "ready"
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_the_same_pages_may_open_websockets(named: RunningServer, anybody: RunningServer, server: RunningServer) -> None:
    assert [await opened(named, origin) for origin in (PAGE, SECOND, STRANGER, "null")] == [101, 101, 403, 403]
    assert [await opened(anybody, origin) for origin in (PAGE, STRANGER)] == [101, 101]
    assert [await opened(server, origin) for origin in (PAGE, server.base_url)] == [403, 101]


@pytest.mark.parametrize(
    ("origins", "told"),
    [
        ("*, https://a.example", '"*" must be the only entry, because it allows every origin'),
        ("https://a.example/", "'https://a.example/' must be an origin such as https://app.example.org"),
        ("a.example", "'a.example' must be an origin such as https://app.example.org"),
        ("https://A.example", "'https://A.example' must be an origin such as https://app.example.org"),
        ("null", "'null' must be an origin such as https://app.example.org"),
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(origins: str, told: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(environment={"PENSTOCK_HTTP_CORS_ORIGINS": origins})
    assert caught.value.detail == f"PENSTOCK_HTTP_CORS_ORIGINS: {told}"


def test_origins_that_browsers_send_are_taken() -> None:
    wanted = (
        "http://localhost:3000, https://app.example.org, http://[::1]:8080, capacitor://localhost, https://xn--bcher-kva.example"
    )
    assert len(load_settings(environment={"PENSTOCK_HTTP_CORS_ORIGINS": wanted}).http.cors.origins) == 5
