"""Calls that a page makes, and where it sends the browser afterwards."""

from __future__ import annotations

import re

import msgspec
import pytest

from penstock.api.console.shared.calling import ApiCaller, ApiFailed
from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.viewer import Viewer
from penstock.api.console.shared.visit import Visit
from penstock.kit.http import Message, Receive, Scope, Send
from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser

THING = "/api/v2/things/{thing}"
WHERE = {"thing": "a/b"}
PAGES = {
    "/console/keys": "name",
    "/console/people": "name",
    "/console/people/invitations": "email",
    "/console/people/groups": "name",
    "/console/rules": "name",
    "/console/webhooks": "name",
    "/console/customers": "name",
    "/console/inbox/addresses": "value",
    "/console/sensor-templates": "name",
    "/console/channels": "name",
    "/console/alerts/definitions": "name",
    "/console/connections": "name",
    "/console/profiles": "name",
    "/console/bills/tariffs": "name",
}
"""Pages with a search, and a sort of each. The parameters of their addresses are those of the API's lists."""


class Api:
    """An API that answers everything alike. `heard` are its requests: method, path, query and body."""

    def __init__(self, status: int, answer: object = None) -> None:
        self.heard: list[tuple[str, str, bytes, bytes]] = []
        self._status = status
        self._body = b"" if answer is None else msgspec.json.encode(answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = await receive()
        self.heard.append((scope["method"], scope["raw_path"].decode(), scope["query_string"], message["body"]))
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


@pytest.mark.parametrize("path", PAGES)
def test_a_list_is_searched_and_sorted(path: str, owner: Browser) -> None:
    sort = PAGES[path]
    assert owner.get(path, params={"q": "zebra <b>", "sort": f"-{sort}"}).status_code == 200
    assert 'name="q" value="zebra &lt;b&gt;"' in owner.page
    assert f'name="sort" value="-{sort}"' in owner.page
    assert "Nothing matches" in owner.page or "No key matches" in owner.page or "No alert matches" in owner.page
    assert owner.get(path, params={"sort": "wrong"}).status_code == 400
    assert owner.get(path, params={"q": "", "sort": sort}).status_code == 200


def test_the_search_of_the_api_decides(owner: Browser, store: ColdStore) -> None:
    for name in ("Alder", "Birch"):
        store.call("POST", "/api/v2/groups", {"name": name})
    here = "/console/people/groups"
    owner.get(here, params={"sort": "-name"})
    assert owner.page.index("Birch") < owner.page.index("Alder")
    assert re.search(r'aria-sort="descending"[^>]*>\s*<a class="sort" href="/console/people/groups\?sort=name"', owner.page)
    owner.get(here, params={"q": "bir"})
    assert "Birch" in owner.page
    assert "Alder" not in owner.page
    assert "/console/csv/v2/groups?q=bir" in owner.page


def test_the_trash_is_searched_as_such(owner: Browser) -> None:
    owner.get("/console/rules?trashed=true")
    assert '<input type="hidden" name="trashed" value="true">' in owner.page
    owner.get("/console/rules")
    assert 'name="trashed"' not in owner.page


def test_residents_are_searched(owner: Browser, store: ColdStore) -> None:
    body = {"name": "Riverside", "admin_email": "ada@example.org", "timezone": "Europe/Berlin", "tenant_name": "riverside"}
    customer = store.call("POST", "/api/v2/customers", body)["id"]
    for name in ("Grace", "Alan"):
        person = {"name": name, "email": f"{name.lower()}@example.org"}
        store.call("POST", f"/api/v2/customers/{customer}/residents", person)
    owner.get(f"/console/customers/{customer}/residents", params={"q": "gra"})
    shown = owner.page.partition('id="list"')[2].partition("</table>")[0]
    assert "Grace" in shown
    assert "Alan" not in shown
    assert f"/console/csv/v2/customers/{customer}/residents?q=gra" in owner.page
