"""A ticket is worth what its credential is worth: before the stream opens, and while it is open."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, NamedTuple

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from penstock.kit.ids import Prefix, decode
from tests.api.live.reader import SseReader
from tests.security.people import Registry
from tests.support.server import Org, RunningServer, bootstrap_org, run_cli
from tests.support.waiting import CEILING_S, eventually


class Holder(NamedTuple):
    """Somebody with a credential, and how it ends."""

    headers: dict[str, str]
    end: Callable[[], object]


def a_key(api: httpx.Client, **fields: Any) -> tuple[str, dict[str, str]]:
    answer = api.post("/api/v2/keys", json={"name": "x", "scopes": ["telemetry:read", "alerts:read"]} | fields).json()
    return answer["key"]["id"], {"X-API-Key": answer["value"]}


def revoked(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    key_id, headers = a_key(api)
    return Holder(headers, lambda: api.post(f"/api/v2/keys/{key_id}/revoke").raise_for_status())


def rotated(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    key_id, headers = a_key(api)
    return Holder(headers, lambda: api.post(f"/api/v2/keys/{key_id}/rotate", json={}).raise_for_status())


def expired(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    key_id, headers = a_key(api, expires_at="2099-01-01T00:00:00Z")

    def pass_time() -> None:
        with closing(sqlite3.connect(server.data_dir / "penstock.db", timeout=CEILING_S)) as database, database:
            database.execute("UPDATE api_keys SET expires_us = 1 WHERE id = ?", (decode(Prefix.KEY, key_id),))
        api.patch(f"/api/v2/keys/{key_id}", json={"name": "y"}).raise_for_status()  # the server reads it again

    return Holder(headers, pass_time)


def signed_out(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    (person,) = Registry(server.data_dir, org.organization_id).members("ada", "member")
    headers = {"Authorization": f"Bearer {person.access_token}"}
    return Holder(headers, lambda: api.delete(f"/api/v2/members/{person.user_id}/sessions"))


def removed(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    (person,) = Registry(server.data_dir, org.organization_id).members("ada", "member")
    headers = {"Authorization": f"Bearer {person.access_token}"}
    return Holder(headers, lambda: api.delete(f"/api/v2/members/{person.user_id}"))


def suspended(api: httpx.Client, server: RunningServer, org: Org) -> Holder:
    (person,) = Registry(server.data_dir, org.organization_id).members("ada", "member")
    headers = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": org.organization_id}

    def suspend() -> None:
        assert run_cli("user", "suspend", "--email", person.email, "--data-dir", str(server.data_dir)).returncode == 0
        with server.client() as client:
            assert eventually(lambda: client.get("/api/v2/me", headers=headers).status_code == 401)

    return Holder(headers, suspend)


ENDS = [revoked, rotated, expired, signed_out, removed, suspended]


@pytest.fixture
def org(server: RunningServer) -> Org:
    return bootstrap_org(server.data_dir, f"tickets {time.monotonic_ns()}")


def _hear_all(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=CEILING_S)


def ticket_of(server: RunningServer, org: Org, holder: Holder) -> str:
    with server.client() as client:
        answer = client.post("/api/v2/streams/tickets", headers={"X-Organization-Id": org.organization_id} | holder.headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"])


@pytest.mark.parametrize("end", ENDS)
def test_a_ticket_ends_with_its_credential(server: RunningServer, org: Org, end: Callable[..., Holder]) -> None:
    with server.client(org) as api, server.client() as browser:
        holder = end(api, server, org)
        over_sse, over_ws, unused_sse, unused_ws = [ticket_of(server, org, holder) for _ in range(4)]
        reader = SseReader(browser, f"?ticket={over_sse}")
        assert reader.next("ready")
        url = server.base_url.replace("http", "ws", 1) + "/api/v2/streams/ws"
        with connect(f"{url}?ticket={over_ws}") as socket:
            assert json.loads(socket.recv(timeout=CEILING_S))["type"] == "ready"
            holder.end()
            assert reader.next("end").data["reason"] == "credential_revoked"
            with pytest.raises(ConnectionClosed) as closed:
                _hear_all(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        reader.close()
        refused = browser.get("/api/v2/streams/sse", params={"ticket": unused_sse})
        assert (refused.status_code, refused.json()["code"]) == (401, "streams.ticket_invalid")
        with pytest.raises(InvalidStatus) as turned_away:
            connect(f"{url}?ticket={unused_ws}")
        assert turned_away.value.response.status_code == 401


def test_a_ticket_works_only_where_its_key_does(server: RunningServer, org: Org) -> None:
    with server.client(org) as api:
        _, headers = a_key(api, allowed_cidrs=["127.0.0.1/32"])
        here, there = [ticket_of(server, org, Holder(headers, lambda: None)) for _ in range(2)]
    with httpx.Client(base_url=server.base_url, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as elsewhere:
        refused = elsewhere.get("/api/v2/streams/sse", params={"ticket": there})
        assert (refused.status_code, refused.json()["code"]) == (401, "streams.ticket_invalid")
    with server.client() as browser:
        reader = SseReader(browser, f"?ticket={here}")
        assert reader.next("ready")
        reader.close()


def test_a_ticket_of_a_demoted_user_lasts_while_they_may_read(server: RunningServer, org: Org) -> None:
    (person,) = Registry(server.data_dir, org.organization_id).members("ada", "admin")
    own = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": org.organization_id}
    with server.client(org) as api, server.client() as client, server.client() as browser:
        made = client.post("/api/v2/keys", json={"name": "x", "scopes": ["telemetry:read", "webhooks:write"]}, headers=own)
        holder = Holder({"X-API-Key": made.json()["value"]}, lambda: None)
        reader = SseReader(browser, f"?ticket={ticket_of(server, org, holder)}")
        assert reader.next("ready")
        api.patch(f"/api/v2/members/{person.user_id}", json={"role": "viewer"}).raise_for_status()
        device = api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
        api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"t": 1}}).raise_for_status()
        assert reader.next("reading").data["data"] == {"t": 1}, "a viewer may read on"
        reader.close()
