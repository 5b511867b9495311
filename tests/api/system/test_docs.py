"""The document and its pages, over ASGI: what they load, and under which policy."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from penstock.api.shared.admission import Admission
from penstock.api.shared.application import Application
from penstock.api.shared.executor import Executor
from penstock.api.shared.handling import Handling
from penstock.api.shared.surface import SurfaceRules
from penstock.api.system import docs
from penstock.api.system.docs import DocsEndpoints
from penstock.kit.client import ClientAddress
from penstock.kit.http import BodyBudget
from penstock.kit.operation import operations_of
from tests.security.table import operations, plain_reads
from tests.support.server import RunningServer

RULES = [SurfaceRules(surface="system", path_prefix="/", headers=())]
PAGES = ("/docs", "/redoc")
STATIC = Path(docs.__file__).parent / "static"


@pytest.fixture
def built() -> list[int]:
    """How often the document was put together."""
    return []


@pytest.fixture
async def client(built: list[int]) -> AsyncIterator[httpx.AsyncClient]:
    def build() -> dict[str, Any]:
        built.append(1)
        return {"openapi": "3.1.0", "paths": {}}

    executor = Executor(
        Admission(cast("Any", None), ClientAddress(), cast("Any", None), cast("Any", None)),
        RULES,
        BodyBudget(1_000_000),
        cast("Any", None),
        Handling(cast("Any", None), cast("Any", None), RULES, {}),
    )
    app = Application(executor, operations_of(DocsEndpoints(build)), [])
    transport = httpx.ASGITransport(cast("Any", app))
    async with httpx.AsyncClient(transport=transport, base_url="http://penstock.test") as made:
        yield made


async def test_the_document_is_built_once(client: httpx.AsyncClient, built: list[int]) -> None:
    for _ in range(2):
        answer = await client.get("/openapi.json")
        assert answer.json() == {"openapi": "3.1.0", "paths": {}}
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-cache"
    assert built == [1]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_loads_only_files_of_this_server(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href|url)(?:="|: ")([^"]+)"', answer.text)
    assert named
    for address in named:
        assert address.startswith(("/docs/static/", "/openapi.json", "data:")), address
        if address.startswith("/docs/static/"):
            assert (await client.get(address)).status_code == 200, address
    (start,) = [one for one in named if "/pages/" in one]
    assert '"/openapi.json"' in (await client.get(start)).text


@pytest.mark.parametrize("page", PAGES)
async def test_the_policy_allows_files_of_this_server_and_nothing_else(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    policy = policy_of(answer)
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"https?:|\*", answer.headers["content-security-policy"])


class Page(HTMLParser):
    """What a page loads, and the scripts within it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.loaded += [value for name in ("src", "href", "action", "data") if (value := named.get(name)) is not None]
        self.inline += [name for name in named if name.startswith("on")]
        if tag == "script" and "src" not in named:
            self.inline.append(tag)


def policy_of(answer: httpx.Response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_every_page_of_the_server_has_a_policy_and_loads_nothing_from_elsewhere(server: RunningServer) -> None:
    """The sweep over the operations: a page that is added joins."""
    pages = {one.path for one in operations() if one.media_type.startswith("text/html")}
    assert {*PAGES} <= pages
    with server.client() as client:
        for path in sorted(pages):
            answer = client.get(path, headers={"Accept": "text/html"})
            found = Page(answer.text)
            assert found.inline == [], path
            assert [one for one in found.loaded if not re.match(r"/(?!/)|data:", one)] == [], path
            assert policy_of(answer)["default-src"] == "'none'", path
            assert "unsafe" not in policy_of(answer)["script-src"], path
            for one in found.loaded:
                assert one.startswith("data:") or client.get(one).status_code == 200, one


def test_no_other_answer_is_a_page(server: RunningServer) -> None:
    """Errors included, whatever a browser says that it accepts."""
    with server.client(server.orgs["Acme"]) as client:
        for path in ("/", "/nowhere", "/api/v2/devices", "/api/v2/devices/x", "/health", "/ready", "/openapi.json", "/metrics"):
            answer = client.get(path, headers={"Accept": "text/html"})
            kind = answer.headers.get("content-type", "")
            assert not kind.startswith("text/html") or "content-security-policy" in answer.headers, path


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui/swagger-ui.css", "text/css; charset=utf-8"),
        ("redoc/redoc.standalone.js", "text/javascript; charset=utf-8"),
        ("pages/docs.js", "text/javascript; charset=utf-8"),
        ("pages/redoc.js", "text/javascript; charset=utf-8"),
    ],
)
async def test_a_file_comes_as_shipped_and_may_be_kept(client: httpx.AsyncClient, name: str, media_type: str) -> None:
    answer = await client.get(f"/docs/static/{name}")
    assert answer.content == (STATIC / name).read_bytes()
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "swagger-ui",
        "swagger-ui/LICENSE",
        "swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
        "redoc/../../docs.py",
        "%2e%2e/docs.py",
        "/etc/passwd",
    ],
)
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/static/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "request.route_not_found"


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*s")), ids=lambda path: path.name)
def test_what_is_shipped_names_no_source_maps(path: Path) -> None:
    assert not re.search(rb"sourceMappingURL=[\w.-]+\.map", path.read_bytes())


def test_the_server_shows_every_operation(server: RunningServer) -> None:
    with server.client() as client:
        document = client.get("/openapi.json").json()
        assert client.get("/docs").status_code == client.get("/redoc").status_code == 200
    assert {*plain_reads().values(), "/api/v2/devices", "/health", "/openapi.json", "/docs"} <= document["paths"].keys()
