"""Server-Sent Events against a real server: order, filters, resuming, cutting, ending."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.live.reader import SseReader
from tests.support.server import Org, RunningServer, running_server
from tests.support.waiting import CEILING_S, eventually


def make_device(api: httpx.Client, **fields: Any) -> str:
    return str(api.post("/api/v2/devices", json={"name": "live", **fields}).json()["device"]["id"])


def send(api: httpx.Client, device: str, **data: Any) -> int:
    answer = api.post(f"/api/v2/devices/{device}/telemetry", json={"data": data})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["seq"])


@pytest.fixture
def streaming(server: RunningServer, acme: Org) -> Iterator[httpx.Client]:
    with server.client(acme) as client:
        yield client


def test_readings_come_in_order_with_the_log_s_number(api: httpx.Client, streaming: httpx.Client) -> None:
    device = make_device(api)
    reader = SseReader(streaming, f"?devices={device}")
    assert reader.response.headers["content-type"] == "text/event-stream"
    reader.next("ready")
    seqs = [send(api, device, n=n, nested={"x": 1}) for n in range(20)]
    events = reader.take(20)
    assert [int(event.id) for event in events] == seqs
    assert [event.data["data"]["n"] for event in events] == list(range(20))
    first = events[0].data
    assert first["device_id"] == device
    assert first["data"] == {"n": 0, "nested": {"x": 1}}
    assert first["id"].startswith("tel_")
    assert first["project_id"].startswith("prj_")
    reader.close()


def test_filters_by_project_kind_and_key(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    project = api.post("/api/v2/projects", json={"name": "south"}).json()["id"]
    inside, outside = make_device(api, project_id=project), make_device(api)
    with server.client(acme) as one, server.client(acme) as two:
        by_project = SseReader(one, f"?project={project}&keys=a.b,c")
        by_kind = SseReader(two, f"?devices={inside}&kinds=status")
        by_project.next("ready")
        by_kind.next("ready")
        send(api, outside, c=1)
        send(api, inside, other=1)
        wanted = send(api, inside, a={"b": 2, "z": 9}, other=1)
        status = api.post(f"/api/v2/devices/{inside}/telemetry", json={"data": {"up": True}, "kind": "status"}).json()
        event = by_project.next()
        assert (int(event.id), event.data["data"]) == (wanted, {"a.b": 2})
        assert by_project.quiet()
        assert int(by_kind.next().id) == status["seq"]
        assert by_kind.quiet()


def test_other_organisations_see_nothing(api: httpx.Client, other_api: httpx.Client) -> None:
    mine, theirs = make_device(api), make_device(other_api)
    reader = SseReader(other_api)
    reader.next("ready")
    with httpx.Client(base_url=api.base_url, headers=api.headers, timeout=CEILING_S) as sender:
        hidden = send(sender, mine, secret=1)
    with httpx.Client(base_url=api.base_url, headers=other_api.headers, timeout=CEILING_S) as sender:
        seq = send(sender, theirs, own=1)
    assert int(reader.next().id) == seq
    reader.close()
    replay = SseReader(other_api, last_event_id=hidden - 1)
    assert replay.next().data["device_id"] == theirs
    replay.close()


def test_a_foreign_or_unknown_device_in_a_filter_is_not_found(api: httpx.Client, other_api: httpx.Client) -> None:
    mine = make_device(api)
    answers = [other_api.get("/api/v2/streams/sse", params={"devices": device}) for device in (mine, "dev_0000000000001")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert api.get("/api/v2/streams/sse", params={"devices": "nonsense"}).status_code == 400


def test_a_bound_key_hears_of_its_project_alone(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    project = api.post("/api/v2/projects", json={"name": "bound"}).json()["id"]
    inside, outside = make_device(api, project_id=project), make_device(api)
    wanted = {"name": "bound", "scopes": ["telemetry:read"], "project_id": project}
    bound = replace(acme, api_key=api.post("/api/v2/keys", json=wanted).json()["value"])
    with server.client(bound) as client:
        with client.stream("GET", "/api/v2/streams/sse", params={"project": acme.project_id}) as refused:
            assert refused.status_code == 404
        reader = SseReader(client)
        reader.next("ready")
        send(api, outside, secret=1)
        seq = send(api, inside, own=1)
        assert int(reader.next().id) == seq
        reader.close()


@pytest.mark.parametrize("cuts", [15, pytest.param(200, marks=pytest.mark.prove)])
def test_resuming_after_many_cuts_misses_and_repeats_nothing(
    api: httpx.Client, server: RunningServer, acme: Org, cuts: int
) -> None:
    """R3: every cut at a random place, readings going on all the time."""
    device = make_device(api)
    first = send(api, device, n=-1)
    wanted = [first]
    seen: list[int] = []
    cursor = first - 1
    chance = random.Random(7)
    for _ in range(cuts):
        with server.client(acme) as client:
            reader = SseReader(client, f"?devices={device}", last_event_id=cursor)
            wanted += [send(api, device, n=n) for n in range(chance.randrange(5))]
            for event in reader.take(min(chance.randrange(1, 8), len(wanted) - len(seen))):
                seen.append(int(event.id))
                cursor = int(event.id)
            reader.close()
    with server.client(acme) as client:
        reader = SseReader(client, f"?devices={device}", last_event_id=cursor)
        seen += [int(event.id) for event in reader.take(len(wanted) - len(seen))]
        assert reader.quiet()
        reader.close()
    assert seen == wanted


def test_a_cursor_the_log_never_had_is_told_as_a_gap(api: httpx.Client, streaming: httpx.Client) -> None:
    device = make_device(api)
    reader = SseReader(streaming, f"?devices={device}", last_event_id=10**12)
    gap = reader.next("gap")
    assert (gap.data["reason"], gap.data["requested_after"]) == ("unknown_cursor", 10**12)
    seq = send(api, device, n=1)
    assert int(reader.next().id) == seq
    reader.close()


@pytest.mark.parametrize("value", ["abc", "-1", "9" * 30, "1.5"])
def test_a_malformed_cursor_is_refused(api: httpx.Client, value: str) -> None:
    assert api.get("/api/v2/streams/sse", headers={"Last-Event-ID": value}).status_code == 400
    assert api.get("/api/v2/streams/sse", params={"cursor": value}).status_code == 400


def test_a_key_in_the_url_is_refused(server: RunningServer, acme: Org) -> None:
    for name in ("api_key", "token", "access_token", "key"):
        answer = httpx.get(f"{server.base_url}/api/v2/streams/sse", params={name: acme.api_key})
        assert (answer.status_code, answer.json()["code"]) == (400, "streams.key_in_url")
        assert acme.api_key not in answer.text


def test_a_ticket_opens_one_stream_again_and_no_other(api: httpx.Client, server: RunningServer) -> None:
    ticket = api.post("/api/v2/streams/tickets").json()["ticket"]
    with server.client() as browser:
        for _ in range(3):
            reader = SseReader(browser, f"?ticket={ticket}&keys=n", last_event_id=1)
            assert reader.next("ready")
            reader.close()
        for query in ({"ticket": ticket}, {"ticket": ticket, "keys": "other"}, {"ticket": f"{ticket}x", "keys": "n"}):
            refused = browser.get("/api/v2/streams/sse", params=query)
            assert (refused.status_code, refused.json()["code"]) == (401, "streams.ticket_invalid"), query


def test_a_ticket_ends_with_the_key_that_made_it(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    made = api.post("/api/v2/keys", json={"name": "browser", "scopes": ["telemetry:read"]}).json()
    headers = {**acme.headers(), "X-API-Key": made["value"]}
    ticket = api.post("/api/v2/streams/tickets", headers=headers).json()["ticket"]
    with server.client() as browser:
        reader = SseReader(browser, f"?ticket={ticket}")
        assert reader.next("ready")
        reader.close()
        assert api.post(f"/api/v2/keys/{made['key']['id']}/revoke").status_code == 200
        assert browser.get("/api/v2/streams/sse", params={"ticket": ticket}).status_code == 401


def test_a_deleted_device_is_not_replayed(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    gone, stays = make_device(api), make_device(api)
    before = send(api, gone, n=1)
    kept = send(api, stays, n=2)
    assert api.delete(f"/api/v2/devices/{gone}").status_code == 204
    with server.client(acme) as client:
        reader = SseReader(client, last_event_id=before - 1)
        assert int(reader.next().id) == kept
        reader.close()


def wait_for_readers(server: RunningServer, wanted: int) -> None:
    """Wait until so many streams are open, as the server itself counts them."""
    with server.client() as client:
        shown = f"penstock_stream_readers {wanted}.0"
        assert eventually(lambda: shown in client.get("/metrics").text), f"there are not {wanted} readers"


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with short times and small queues."""
    settings = {
        "PENSTOCK_STREAMS_HEARTBEAT_S": "0.2",
        "PENSTOCK_STREAMS_MAX_QUEUED_EVENTS": "200",
        "PENSTOCK_STREAMS_MAX_READERS_PER_ORG": "3",
        "PENSTOCK_STREAMS_TICKET_S": "0.3",
        "PENSTOCK_HTTP_WRITE_STALL_TIMEOUT_S": "2",
    }
    with running_server(tmp_path_factory.mktemp("short") / "data", environment=settings) as running:
        yield running


def test_heartbeats_come_while_nothing_happens(short: RunningServer) -> None:
    with short.client(short.orgs["Acme"]) as client:
        reader = SseReader(client)
        assert eventually(lambda: reader.comments >= 3)
        reader.close()


def test_an_old_ticket_is_refused(short: RunningServer) -> None:
    with short.client(short.orgs["Acme"]) as client:
        ticket = client.post("/api/v2/streams/tickets").json()["ticket"]
    time.sleep(0.5)
    with short.client() as browser:
        assert browser.get("/api/v2/streams/sse", params={"ticket": ticket}).status_code == 401


def test_too_many_readers_are_refused_with_retry_after(short: RunningServer) -> None:
    org = short.orgs["Acme"]
    wait_for_readers(short, 0)
    clients = [short.client(org) for _ in range(4)]
    readers = [SseReader(client) for client in clients[:3]]
    for reader in readers:
        reader.next("ready")
    refused = clients[3].get("/api/v2/streams/sse")
    assert (refused.status_code, refused.json()["code"]) == (503, "streams.too_many_readers")
    assert "retry-after" in refused.headers
    for reader in readers:
        reader.close()
    for client in clients:
        client.close()


def test_a_slow_reader_is_cut_and_others_lose_nothing(short: RunningServer) -> None:
    """R2, short: one reader never reads; the healthy one gets all, memory stays, the slow one is ended."""
    org = short.orgs["Acme"]
    wait_for_readers(short, 0)
    host, port = short.base_url.removeprefix("http://").split(":")
    with short.client(org) as api, short.client(org) as healthy:
        device = make_device(api)
        slow = socket.create_connection((host, int(port)))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        head = "".join(f"{name}: {value}\r\n" for name, value in org.headers().items())
        slow.sendall(f"GET /api/v2/streams/sse HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode())
        reader = SseReader(healthy, f"?devices={device}")
        reader.next("ready")
        before = short.rss_bytes()
        rows = [{"data": {"n": n, "text": "x" * 2000}} for n in range(100)]
        seen: list[int] = []
        for _ in range(60):
            answer = api.post(f"/api/v2/devices/{device}/telemetry", json=rows)
            assert answer.status_code == 201
            seen += [int(event.id) for event in reader.take(len(rows))]  # as fast as this one reads: it must never be too slow
        assert len(set(seen)) == 60 * len(rows)
        assert short.rss_bytes() - before < 60 * 1024 * 1024
        wait_for_readers(short, 1)
        slow.close()
        reader.close()


def test_the_server_s_end_is_told(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as running, running.client(running.orgs["Acme"]) as client:
        reader = SseReader(client)
        reader.next("ready")
        assert running.stop() == 0
        assert reader.next("end").data["reason"] == "server_stopping"


@pytest.mark.parametrize("cuts", [12, pytest.param(200, marks=pytest.mark.prove)])
def test_the_seam_between_replay_and_live_loses_nothing_under_load(
    api: httpx.Client, server: RunningServer, acme: Org, cuts: int
) -> None:
    """R3 while commits follow each other without a pause: a commit under way must not count as one already told."""
    devices = [make_device(api) for _ in range(4)]
    noise = make_device(api)  # makes commits long
    acked: list[list[int]] = [[] for _ in range(6)]
    stop = threading.Event()

    def write(device: str, into: list[int]) -> None:
        with server.client(acme) as client:
            while not stop.is_set():
                rows = [{"data": {"n": n}} for n in range(400 if device == noise else 1)]
                answer = client.post(f"/api/v2/devices/{device}/telemetry", json=rows)
                into += answer.json()["seqs"]

    cursor = send(api, devices[0], n=0)
    writers = [threading.Thread(target=write, args=pair) for pair in zip([*devices, noise, noise], acked, strict=True)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    chance = random.Random(11)
    query = f"?devices={','.join(devices)}"
    for _ in range(cuts):
        with server.client(acme) as client:
            reader = SseReader(client, query, last_event_id=cursor)
            for event in reader.take(chance.randrange(20, 60)):
                seen.append(int(event.id))
            reader.close()
            cursor = seen[-1]
    stop.set()
    for writer in writers:
        writer.join()
    wanted = sorted(seq for part in acked[:4] for seq in part)
    with server.client(acme) as client:
        reader = SseReader(client, query, last_event_id=cursor)
        seen += [int(event.id) for event in reader.take(len(wanted) - len(seen))]
        reader.close()
    assert seen == wanted


def test_a_batch_larger_than_the_queue_cuts_nobody(short: RunningServer) -> None:
    org = short.orgs["Acme"]
    wait_for_readers(short, 0)
    with short.client(org) as api, short.client(org) as client:
        device = make_device(api)
        reader = SseReader(client, f"?devices={device}")
        reader.next("ready")
        for _ in range(3):
            answer = api.post(f"/api/v2/devices/{device}/telemetry", json=[{"data": {"n": n}} for n in range(3000)])
            assert answer.status_code == 201
        seqs = [int(event.id) for event in reader.take(9000)]
        assert seqs == sorted(set(seqs))
        reader.close()
