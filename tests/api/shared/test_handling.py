"""Idempotency keys on every POST: called twice, it has one effect and one answer. New ones join by the table."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from penstock.kit.ids import Prefix, decode
from penstock.kit.operation import Operation
from tests.security.calls import changed, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org
from tests.support.waiting import awaited

POSTS = [operation for operation in operations() if operation.method == "POST"]
IDEMPOTENT = [operation for operation in POSTS if operation.idempotent]
RUNS = ("/api/v2/imports", "/api/v2/redecodes")
"""Operations that start something, of which the outcome is recorded later."""
BACKUPS = "/api/v2/system/backups"
NO_CALLER = "nobody is known yet to whom a key could belong"
SEED = "the response has the seed, which is not kept for a repetition"
TWILIO = "Twilio's own call: the same `MessageSid` again is the same SMS"
READINGS = "readings have keys of their own, and are stored once"
OTHERWISE = {
    "POST /api/v2/auth/sign-in": NO_CALLER,
    "POST /api/v2/auth/sign-in/code": NO_CALLER,
    "POST /api/v2/auth/link": NO_CALLER,
    "POST /api/v2/auth/refresh": NO_CALLER,
    "POST /api/v2/auth/sign-out": NO_CALLER,
    "POST /api/v2/auth/password/forgot": NO_CALLER,
    "POST /api/v2/auth/password/reset": NO_CALLER,
    "POST /api/v2/auth/invitations/accept": NO_CALLER,
    "POST /api/v2/setup": NO_CALLER,
    "POST /api/v2/agents/provision": "takes a code that works once",
    "POST /api/v2/agents/confirm": "confirming again changes nothing",
    "POST /api/v2/hooks/{hook_id}": "the keys belong to the hook; tested with it",
    "POST /api/v2/device/commands/{execution_id}/ack": "the same outcome again changes nothing",
    "POST /api/v2/devices/{device_id}/telemetry": READINGS,
    "POST /api/v2/telemetry": READINGS,
    "POST /api/v2/ingest/{connection_id}": READINGS,
    "POST /api/v1/ingest/water-consumption": READINGS,
    "POST /api/devices/ingest": READINGS,
    "POST /api/v2/codecs/preview": "makes nothing",
    "POST /api/v2/alerts/preview": "makes nothing",
    "POST /api/v2/widgets/preview": "makes nothing",
    "POST /api/v2/tokens/export": "makes nothing, and the response has seeds, which are not kept for a repetition",
    "POST /api/v2/tokens/{token}/seed/rotate": SEED,
    "POST /v1/tokens/{token}/seed/rotate": SEED,
    "POST /sms/twilio/{account_id}/inbound": TWILIO,
    "POST /sms/twilio/{account_id}/status": "Twilio's own call: the same state again changes nothing",
    "POST /api/v2/notification-channels/{channel_id}/test": "sends a message while the caller waits, which no transaction may",
}
NAMED_OTHERWISE = {
    "POST /api/v2/hooks/{hook_id}",
    "POST /api/v2/devices/{device_id}/telemetry",
    "POST /api/v2/telemetry",
    "POST /api/devices/ingest",
}
"""Those that accept the header although they have another way to keep from repeating themselves."""
ROTATIONS = ["/keys/{key_id}/rotate", "/devices/{device_id}/token", "/rotate-secret", "/secret", "/hook", "/profile/mfa"]


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def acme(in_process: InProcessServer) -> Org:
    return in_process.orgs["Acme"]


def audit_entries(server: InProcessServer, org: Org) -> int:
    """The number of changes that were noted; a worker notes the use of keys whenever it gets to it."""
    database = sqlite3.connect(server.data_dir / "penstock.db")
    org_id = decode(Prefix.ORGANIZATION, org.organization_id)
    counted = "SELECT COUNT(*) FROM audit_entries WHERE org_id = ? AND action != 'apikey.use'"
    found: int = database.execute(counted, (org_id,)).fetchone()[0]
    database.close()
    return found


def test_every_post_is_idempotent_or_says_why_not() -> None:
    assert {name_of(operation) for operation in POSTS if not operation.idempotent} == OTHERWISE.keys()


def test_all_that_renews_a_secret_is_among_them() -> None:
    for end in ROTATIONS:
        assert [one for one in IDEMPOTENT if one.path.endswith(end)], end


@pytest.fixture(scope="module")
def worn(front: httpx.Client, acme: Org) -> Worn:
    return Worn(front, acme)


@for_each(sparing(one for one in IDEMPOTENT if one.path != BACKUPS), name_of)
def test_repeated_under_its_key_a_post_has_one_effect(
    operation: Operation, in_process: InProcessServer, front: httpx.Client, acme: Org, worn: Worn
) -> None:
    worn.check(operation, lambda holding: has_one_effect(operation, holding, in_process, front, acme))


def has_one_effect(operation: Operation, holding: Holding, in_process: InProcessServer, front: httpx.Client, acme: Org) -> None:
    request = request_for(operation, holding)
    request = changed(request, headers=request.headers | {"Idempotency-Key": secrets.token_hex(8)})
    first = send(front, request)
    assert first.status < 400, first
    if operation.path in RUNS:  # a worker notes what came of it
        path = f"{operation.path}/{first.json()['id']}"
        awaited(lambda: front.get(path, headers=acme.headers()).json()["state"] not in ("queued", "running"))
    if operation.path == BACKUPS:  # a worker notes that it is complete
        own = {name: value for name, value in request.headers.items() if name != "Idempotency-Key"}
        awaited(lambda: front.get(BACKUPS, headers=own).json()["data"][0]["state"] == "complete")
    before = audit_entries(in_process, acme)
    again = send(front, request)
    assert (again.status, again.body) == (first.status, first.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers.pop("idempotent-replayed") == "true"
    assert again.headers == first.headers
    assert audit_entries(in_process, acme) == before
    other = send(front, changed(request, query=request.query | {"other": "request"}))
    assert other.status in (400, 422), other


def test_repeated_under_its_key_a_backup_is_one(tmp_path: Path) -> None:
    """Only the owner of the only organisation may ask for it, so it has a server of its own."""
    operation = next(one for one in IDEMPOTENT if one.path == BACKUPS)
    with in_process_server(tmp_path / "data", orgs=("Acme",)) as server, server.socket_client() as front:
        acme = server.orgs["Acme"]
        has_one_effect(operation, make_holding(front, acme, "backup"), server, front, acme)


@for_each(IDEMPOTENT, name_of)
def test_the_document_names_the_header_exactly_there(operation: Operation) -> None:
    assert "Idempotency-Key" in operation.headers


def test_no_other_operation_names_it() -> None:
    named = {name_of(operation) for operation in operations() if "Idempotency-Key" in operation.headers}
    assert named - {name_of(operation) for operation in IDEMPOTENT} == NAMED_OTHERWISE


def test_of_many_at_once_one_is_carried_out(in_process: InProcessServer, acme: Org) -> None:
    with in_process.socket_client(acme) as client:
        key = client.post("/api/v2/keys", json={"name": "to rotate", "scopes": ["devices:read"]}).json()["key"]
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        with ThreadPoolExecutor(8) as callers:
            calls = [callers.submit(client.post, f"/api/v2/keys/{key['id']}/rotate", headers=headers) for _ in range(16)]
        answers = [call.result() for call in calls]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["value"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1


def test_a_key_of_another_caller_is_another_key(in_process: InProcessServer, acme: Org) -> None:
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    with in_process.socket_client(acme) as client:
        second = client.post("/api/v2/keys", json={"name": "second", "scopes": ["devices:write"]}).json()["value"]
        first = client.post("/api/v2/devices", json={"name": "a"}, headers=headers).json()
        theirs = client.post("/api/v2/devices", json={"name": "a"}, headers={**headers, "X-API-Key": second}).json()
    assert theirs != first


def test_a_refused_request_can_be_repeated_once_it_is_right(in_process: InProcessServer, acme: Org) -> None:
    """An error is not the answer of the key; and what a refused call has written on purpose stays written."""
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    with in_process.socket_client(acme) as client:
        missing = {"name": "a", "project_id": "prj_0000000000001"}
        assert client.post("/api/v2/devices", json=missing, headers=headers).status_code == 404
        assert client.post("/api/v2/devices", json={"name": "a"}, headers=headers).status_code == 201


def test_a_rotated_key_stops_working_although_the_rotation_had_a_key(in_process: InProcessServer, acme: Org) -> None:
    """The cache of keys is emptied after the commit, not only before it."""
    with in_process.socket_client(acme) as client:
        made = client.post("/api/v2/keys", json={"name": "used", "scopes": ["devices:read"]}).json()
        old = {"X-API-Key": made["value"]}
        assert client.get("/api/v2/devices", headers=old).status_code == 200
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        new = client.post(f"/api/v2/keys/{made['key']['id']}/rotate", headers=headers).json()["value"]
        assert client.get("/api/v2/devices", headers=old).status_code == 401
        assert client.get("/api/v2/devices", headers={"X-API-Key": new}).status_code == 200


def test_a_repeated_batch_is_stored_once(in_process: InProcessServer, acme: Org) -> None:
    with in_process.socket_client(acme) as client:
        device_id = client.post("/api/v2/devices", json={"name": "batched"}).json()["device"]["id"]
        path = f"/api/v2/devices/{device_id}/telemetry"
        same = {"device_id": device_id, "data": {"n": 1}}
        rows = [same, same, {**same, "dedupe_key": "own"}]
        for target in ("/api/v2/telemetry", path):
            headers = {"Idempotency-Key": secrets.token_hex(8)}
            own = [*rows[:2], {**rows[2], "dedupe_key": secrets.token_hex(8)}]
            first, again = (client.post(target, json=own, headers=headers).json() for _ in range(2))
            assert (first["accepted"], first["duplicates"]) == (3, 0), "equal rows of a batch are two readings"
            assert again["duplicates"] == 3
            assert again["seqs"] == first["seqs"]
            unnamed = client.post(target, json=rows[:2]).json()
            assert unnamed["duplicates"] == 0


def test_a_repeated_call_of_a_hook_is_one_call(in_process: InProcessServer, front: httpx.Client, acme: Org) -> None:
    holding = make_holding(front, acme, "hooked", next(one for one in POSTS if one.path == "/api/v2/hooks/{hook_id}"))
    path, secret = f"/api/v2/hooks/{holding.path['hook_id']}", {"X-Hook-Secret": holding.more["hook_secret"]}
    headers = {**secret, "Idempotency-Key": secrets.token_hex(8)}
    first, again = (front.post(path, json={"door": "open"}, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert front.post(path, json={"door": "open"}, headers=secret).json() != first.json()
    assert front.post(path, json={"door": "shut"}, headers=headers).status_code == 422
