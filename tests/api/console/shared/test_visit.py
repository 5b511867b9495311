"""Calls that a page makes, and where it sends the browser afterwards."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.console.shared.calling import ApiCaller, ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.viewer import Viewer
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import Message, Receive, Scope, Send

THING = "/api/v2/things/{thing}"
WHERE = {"thing": "a/b"}


class Api:
    """An API that answers everything alike. `heard` are its requests: method, path, query and body."""

    def __init__(self, status: int, answer: object = None) -> None:
        self.heard: list[tuple[str, str, bytes, bytes]] = []
        self._status = status
        self._body = b"" if answer is None else msgspec.json.encode(answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = await receive()
        self.heard.append((scope["method"], scope["path"], scope["query_string"], message["body"]))
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": self._body})


def visit_of(api: Api, **headers: str) -> Visit:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Visit(
        scope={"type": "http", "headers": sent, "penstock.request_id": "req_1"},
        api=ApiCaller(api),
        params={},
        query={},
        form=Form(),
        viewer=Viewer(scopes=frozenset({"devices:read"})),
        token="pat_1",
        session="prt_1",
        secure=True,
    )


async def test_calls_are_made_and_those_that_read_are_remembered() -> None:
    api = Api(200, {"id": "a"})
    visit = visit_of(api)
    assert await visit.get(THING, path=WHERE, query={"q": "x y", "cursor": None}) == {"id": "a"}
    assert await visit.do("PATCH", THING, path=WHERE, body={"name": "Pump"}) == {"id": "a"}
    place = "/api/v2/things/a%2Fb"
    assert api.heard == [("GET", place, b"q=x%20y", b""), ("PATCH", place, b"", b'{"name":"Pump"}')]
    assert [(one.path, one.query) for one in visit.calls] == [(place, "q=x%20y")]


@pytest.mark.parametrize("status", [403, 404])
async def test_what_is_not_there_for_a_person_is_not_found(status: int) -> None:
    visit = visit_of(Api(status, {"code": "x"}))
    assert await visit.find(THING, path=WHERE) is None
    assert not (await visit.send("GET", THING, path=WHERE)).ok
    with pytest.raises(ApiFailed):
        await visit.get(THING, path=WHERE)


async def test_other_failures_are_failures() -> None:
    visit = visit_of(Api(429, {"code": "limits.rate", "detail": "Too many calls."}))
    for call in (visit.find(THING, path=WHERE), visit.get(THING, path=WHERE), visit.do("POST", THING, path=WHERE)):
        with pytest.raises(ApiFailed) as failed:
            await call
        assert (failed.value.status, failed.value.problem["code"]) == (429, "limits.rate")


def test_a_redirection_says_what_happened() -> None:
    visit = visit_of(Api(200))
    good, bad = visit.done("/console", "Saved"), visit.refused("/console", ApiFailed(409, {"detail": "It has devices."}))
    assert good.notice is not None
    assert bad.notice is not None
    assert (good.notice.tone, good.notice.text) == ("good", "Saved")
    assert (bad.notice.tone, bad.notice.text) == ("bad", "It has devices.")
    assert visit.done("/console").notice is None


def test_what_a_page_offers_depends_on_the_person() -> None:
    visit = visit_of(Api(200))
    assert (visit.can("devices:read"), visit.can("devices:write")) == (True, False)
