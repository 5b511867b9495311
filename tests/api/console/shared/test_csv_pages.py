"""Lists as files for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.csv_pages import BOM, CsvPages, csv_address
from penstock.api.console.shared.lists import Lists
from penstock.api.console.shared.rendering import FOLDER
from penstock.kit.http import RouteNotFound
from tests.api.console.cold_store import HOSTILE, ColdStore
from tests.api.console.shared.test_visit import visit_of
from tests.security.table import operations
from tests.support.console import Browser
from tests.support.days import HeldClock
from tests.support.in_process import InProcessServer

DEVICES = "/console/csv/v2/devices"
_PAGED = re.compile(r"ui\.(?:table|pagination)\((?:(?!%\}|\}\}).)*", re.DOTALL)
_LIST = re.compile(r"csv=(?:\[([^\]]*)\]|([^,)]*))")
WITHOUT_FILES = {
    "audit/list.html": "has an export of its own, with the chain of hashes",
    "kit/kit.html": "shows the parts of pages with rows of its own",
}
"""Templates with paged lists that are not offered as files, and why."""


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), strict=True))


def test_a_list_is_a_file(owner: Browser, store: ColdStore) -> None:
    answer = owner.get(DEVICES)
    (row,) = rows_of(answer)
    assert (row["id"], row["name"]) == (store.device, HOSTILE)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="devices-20')
    assert "at-most" not in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"].startswith("nosniff")


def test_the_filters_are_those_of_the_list(owner: Browser) -> None:
    assert rows_of(owner.get(f"{DEVICES}?q=nothing&limit=1&cursor=nonsense")) == []
    refused = owner.get(f"{DEVICES}?sort=wrong")
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("text/html")


def test_a_formula_in_a_name_is_text(owner: Browser, store: ColdStore) -> None:
    store.call("POST", "/api/v2/projects", {"name": "=1+1"})
    assert "'=1+1" in [row["name"] for row in rows_of(owner.get("/console/csv/v2/projects"))]


@pytest.mark.parametrize(
    "path", ["v2/me", "v2/nothing", "v2/devices/dev_1", "v2%2fdevices", "%2e%2e/devices", "v2//devices", "{x}"]
)
def test_only_lists_are_files(path: str, owner: Browser) -> None:
    address = owner.client.base_url.copy_with(raw_path=f"/console/csv/{path}".encode())
    answer = owner.client.send(httpx.Request("GET", address, headers=owner._headers({})))
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_only_our_pages_get_files(owner: Browser, in_process: InProcessServer) -> None:
    for site in ("none", "same-site", "cross-site"):
        assert owner.get(DEVICES, headers={"sec-fetch-site": site}).status_code == 403
    assert owner.post(DEVICES).status_code == 405
    with Browser(in_process.client()) as visitor:
        assert visitor.get(DEVICES).status_code == 303


def test_a_file_holds_what_the_api_gives_the_person(store: ColdStore) -> None:
    with store.viewer() as browser:
        assert len(rows_of(browser.get(DEVICES))) == 1
        assert browser.get("/console/csv/v2/keys").status_code == 403


class Api:
    """A list of projects in pages of two. The one that begins at `broken` fails."""

    def __init__(self, total: int, broken: int = -1) -> None:
        self.total = total
        self.broken = broken
        self.heard: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.heard.append(scope["query_string"])
        begin = int(dict(part.split("=") for part in scope["query_string"].decode().split("&")).get("cursor", 0))
        rows = ",".join(f'{{"name":"p{number}"}}' for number in range(begin, min(begin + 2, self.total)))
        following = f'"{begin + 2}"' if begin + 2 < self.total else "null"
        await send({"type": "http.response.start", "status": 500 if begin == self.broken else 200, "headers": []})
        await send({"type": "http.response.body", "body": f'{{"data":[{rows}],"next_cursor":{following}}}'.encode()})


async def file_of(api: Api, max_rows: int) -> tuple[str, AsyncIterator[bytes]]:
    """The name of the file, and its parts."""
    asked: list[str] = []

    async def token_of(session: str) -> str:
        asked.append(session)
        return "pat_2"

    visit = visit_of(api, sec_fetch_site="same-origin")  # type: ignore[arg-type]  # another answer
    visit.scope["raw_path"] = b"/console/csv/v2/projects"
    visit.query = {"q": "x", "cursor": "9", "limit": "1"}
    pages = CsvPages(Lists(operations()), HeldClock(1_790_000_000_000_000), token_of, max_rows)
    download = await pages.show(visit)
    return download.name, download.chunks


async def test_a_list_is_read_page_by_page() -> None:
    api = Api(5)
    name, chunks = await file_of(api, 100)
    parts = [part async for part in chunks]
    assert [part.count(b"\r\n") for part in parts] == [1, 2, 2, 1]
    assert api.heard == [b"q=x&limit=1000", b"q=x&cursor=2&limit=1000", b"q=x&cursor=4&limit=1000"]
    assert name == "projects-2026-09-21-at-most-100.csv"


async def test_a_file_ends_at_its_limit() -> None:
    for most, calls in ((3, 2), (4, 2), (2, 1), (1, 1)):
        api = Api(5)
        name, chunks = await file_of(api, most)
        assert b"".join([part async for part in chunks]).count(b"\r\n") == most + 1
        assert name.endswith(f"-at-most-{most}.csv")
        assert len(api.heard) == calls
    assert (await file_of(Api(2), 2))[0] == "projects-2026-09-21.csv"


async def test_a_failure_in_the_middle_is_no_end() -> None:
    with pytest.raises(ApiFailed):
        await file_of(Api(5, broken=0), 100)
    _, chunks = await file_of(Api(5, broken=2), 100)
    with pytest.raises(ApiFailed):
        _ = [part async for part in chunks]


async def test_a_path_that_is_not_spelled_as_ours_is_no_list() -> None:
    visit = visit_of(Api(1), sec_fetch_site="same-origin")  # type: ignore[arg-type]
    visit.scope["raw_path"] = b"/console/cs%76/v2/projects"
    with pytest.raises(RouteNotFound):
        await CsvPages(Lists(operations()), HeldClock(0), None, 1).show(visit)  # type: ignore[arg-type]


def test_a_link_has_the_filters_of_the_call() -> None:
    assert csv_address("/api/v2/devices", "q=a%20b&cursor=x&limit=50&sort=-name") == f"{DEVICES}?q=a%20b&sort=-name"
    assert csv_address("/api/v2/devices", "limit=50") == DEVICES


def paged() -> Iterator[tuple[str, str]]:
    """Template and call of each list that pages show in pages."""
    for path in sorted(FOLDER.rglob("*.html")):
        name = path.relative_to(FOLDER).as_posix().replace("/templates/", "/")
        if not name.startswith("shared/"):
            for call in _PAGED.findall(path.read_text()):
                yield name, call


def test_every_list_of_a_page_is_offered_as_a_file() -> None:
    found = list(paged())
    assert len(found) > 40, "the lists are no longer found"
    without = {name for name, call in found if "paged=false" not in call and "csv=" not in call}
    assert without == set(WITHOUT_FILES)


def test_what_is_offered_is_a_list() -> None:
    lists = Lists(operations())
    for name, call in paged():
        for several, one in _LIST.findall(call):
            for written in several.split(", ") if several else [one]:
                path = re.sub(r'" ~ [\w.]+( ~ ")?', "x_1", written).strip('"')
                assert lists.find(path.encode()) is not None, (name, written)
