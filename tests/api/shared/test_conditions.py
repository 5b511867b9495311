"""Entity tags of every single thing that can be changed: read again for nothing, and changed only as it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec
import pytest

from penstock.api.shared.conditions import CHANGES, OBSERVED, etag_of
from penstock.kit.operation import Bound, Operation
from tests.security.calls import changed, request_for, send
from tests.security.holding import Holding, make_holding
from tests.security.table import name_of, operations
from tests.security.worn import Worn, sparing
from tests.support.cases import for_each
from tests.support.in_process import InProcessServer
from tests.support.server import Org

BY_PATH: dict[str, dict[str, Operation]] = {}
for one in operations():
    BY_PATH.setdefault(one.path, {})[one.method] = one
READS = [
    found["GET"]
    for found in BY_PATH.values()
    if "GET" in found and {"PUT", "PATCH"} & found.keys() and found["GET"].media_type == "application/json"
]
WRITES = [BY_PATH[read.path][method] for read in READS for method in CHANGES if method in BY_PATH[read.path]]


@pytest.fixture(scope="module")
def front(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.socket_client() as client:
        yield client


@pytest.fixture(scope="module")
def acme(in_process: InProcessServer) -> Org:
    return in_process.orgs["Acme"]


@pytest.fixture(scope="module")
def held(front: httpx.Client, acme: Org) -> Holding:
    return make_holding(front, acme, "tagged")


def new_device(client: httpx.Client) -> str:
    found: str = client.post("/api/v2/devices", json={"name": "first"}).json()["device"]["id"]
    return found


def written(tag: str) -> str:
    return tag.partition(".")[0]


@for_each(READS, name_of)
def test_a_single_thing_has_a_tag_and_is_not_sent_twice(read: Operation, front: httpx.Client, held: Holding) -> None:
    request = request_for(read, held)
    first = send(front, request)
    assert first.status == 200, first
    tag = first.headers["etag"]
    assert tag == etag_of(first.body)
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = send(front, changed(request, headers=request.headers | {"If-None-Match": known}))
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), known
        assert "content-type" not in again.headers
    assert send(front, changed(request, headers=request.headers | {"If-None-Match": '"other"'})).status == 200


@pytest.fixture(scope="module")
def worn(front: httpx.Client, acme: Org) -> Worn:
    return Worn(front, acme)


@for_each(sparing(WRITES), name_of)
def test_a_change_of_what_was_not_seen_is_refused(write: Operation, front: httpx.Client, worn: Worn) -> None:
    worn.check(write, lambda holding: changes_only_what_was_seen(write, holding, front))


def changes_only_what_was_seen(write: Operation, holding: Holding, front: httpx.Client) -> None:
    read, request = request_for(BY_PATH[write.path]["GET"], holding), request_for(write, holding)
    seen = send(front, read)
    if seen.status == 200:
        stale = send(front, changed(request, headers=request.headers | {"If-Match": '"stale"'}))
        assert stale.status == 412, stale
        assert written(send(front, read).headers["etag"]) == written(seen.headers["etag"])
        taken = send(front, changed(request, headers=request.headers | {"If-None-Match": "*"}))
        assert taken.status == 412, taken
    good = send(
        front, changed(request, headers=request.headers | {"If-Match": seen.headers["etag"]} if seen.status == 200 else {})
    )
    assert good.status < 400, good
    if "etag" in good.headers:  # what the change returns is what the next GET does
        assert written(good.headers["etag"]) == written(send(front, read).headers["etag"])


@for_each([one for one in WRITES if one.answer is not None and one.answer == BY_PATH[one.path]["GET"].answer], name_of)
def test_a_change_that_returns_the_thing_returns_its_tag(write: Operation, front: httpx.Client, held: Holding) -> None:
    answer = send(front, request_for(write, held))
    assert answer.status == 200, answer
    assert answer.headers["etag"] == etag_of(answer.body)


def test_of_many_changes_of_one_version_one_is_made(in_process: InProcessServer, acme: Org) -> None:
    with in_process.socket_client(acme) as client:
        path = f"/api/v2/devices/{new_device(client)}"
        headers = {"If-Match": client.get(path).headers["etag"]}

        def rename(number: int) -> httpx.Response:
            return client.patch(path, json={"name": f"name {number}"}, headers=headers)

        with ThreadPoolExecutor(8) as callers:
            answers = list(callers.map(rename, range(16)))
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 15
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert client.get(path).json()["name"] == winner.json()["name"]


def test_a_device_that_reports_can_be_changed_and_its_reader_learns_of_it(in_process: InProcessServer, acme: Org) -> None:
    with in_process.socket_client(acme) as client:
        path = f"/api/v2/devices/{new_device(client)}"
        seen = client.get(path)
        now = seen.json() | {"last_seen_at": "2026-05-02T09:15:04Z", "connectivity": "online"}
        tag = etag_of(msgspec.json.encode(now))
        assert written(tag) == written(seen.headers["etag"])
        assert tag != seen.headers["etag"]
        assert client.patch(path, json={"name": "renamed"}, headers={"If-Match": tag}).status_code == 200


def test_a_thing_that_is_gone_is_not_found_whatever_the_condition(in_process: InProcessServer, acme: Org) -> None:
    with in_process.socket_client(acme) as client:
        path = f"/api/v2/devices/{new_device(client)}"
        tag = client.get(path).headers["etag"]
        assert client.delete(path, headers={"If-Match": tag}).status_code == 204
        assert client.delete(path, headers={"If-Match": tag}).status_code == 404


def test_the_document_names_the_conditions(in_process: InProcessServer) -> None:
    async def table(server: object) -> list[Bound]:
        return list(server.operations)  # type: ignore[attr-defined]

    for bound in in_process.call(table):
        operation = bound.operation
        tagged = operation.path in {read.path for read in READS}
        assert ("If-Match" in operation.headers) == (tagged and operation.method in CHANGES), operation.id
        assert ("If-None-Match" in operation.headers) == (tagged and operation.method == "GET"), operation.id


def test_every_observed_field_is_one_of_a_single_thing() -> None:
    """A name that stands for nothing would hide the next field of that name."""
    fields = {field.encode_name for read in READS for field in msgspec.structs.fields(read.answer)}  # type: ignore[arg-type]
    later = {"evaluation_errors", "last_evaluation_error", "last_evaluation_error_at"}
    assert OBSERVED - fields - later - {"agent_version"} == set()
