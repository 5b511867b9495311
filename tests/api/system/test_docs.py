"""The document and its pages, over ASGI: what they load, and under which policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator
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
from tests.security.table import plain_reads
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
    assert '"/openapi.json"' in answer.text


@pytest.mark.parametrize("page", PAGES)
async def test_the_policy_lets_run_what_the_page_holds_and_nothing_else(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(scripts) == 1
    assert policy["script-src"] == f"'self' 'sha256-{digests[0]}'"
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not re.search(r"https?:|\*", answer.headers["content-security-policy"])


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui/swagger-ui.css", "text/css; charset=utf-8"),
        ("redoc/redoc.standalone.js", "text/javascript; charset=utf-8"),
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
        "swagger-ui/VERSION.md",
        "redoc/../../docs.py",
        "%2e%2e/docs.py",
        "/etc/passwd",
    ],
)
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/static/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "request.route_not_found"


@pytest.mark.parametrize("folder", ["swagger-ui", "redoc"])
def test_what_is_shipped_tells_version_and_licence(folder: str) -> None:
    note = (STATIC / folder / "VERSION.md").read_text("utf-8")
    version = re.search(r"Version: ([\d.]+)", note)
    assert version
    assert f"?v={version[1]}" in docs._SWAGGER_UI_PAGE + docs._REDOC_PAGE
    assert re.search(r"Licence: (Apache-2\.0|MIT)", note)
    assert (STATIC / folder / "LICENSE").stat().st_size > 500


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*s")), ids=lambda path: path.name)
def test_what_is_shipped_names_no_source_maps(path: Path) -> None:
    assert not re.search(rb"sourceMappingURL=[\w.-]+\.map", path.read_bytes())


def test_the_server_shows_every_operation(server: RunningServer) -> None:
    with server.client() as client:
        document = client.get("/openapi.json").json()
        assert client.get("/docs").status_code == client.get("/redoc").status_code == 200
    assert {*plain_reads().values(), "/api/v2/devices", "/health", "/openapi.json", "/docs"} <= document["paths"].keys()
