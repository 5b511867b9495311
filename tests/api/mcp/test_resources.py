"""Resources: devices, dashboards and documentation."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.mcp.calling import Allowed
from penstock.api.mcp.catalogue import build_catalogue
from penstock.api.mcp.errors import ResourceUnknown
from penstock.api.mcp.resources import ResourceFailed, list_resources, read_resource
from penstock.api.shared.in_process import ApiAnswer
from penstock.bootstrap.dialects import CHOICES
from tests.security.table import operations

CATALOGUE = build_catalogue(operations(), CHOICES)


class Api:
    """An API with two pages of devices, and a dashboard."""

    def __init__(self, *scopes: str) -> None:
        self._scopes = scopes
        self.heard: list[str] = []

    async def allowed(self) -> Allowed:
        return lambda operation: operation.scope in self._scopes

    async def call(self, method: str, path: str, query: str = "", body: bytes | None = None) -> ApiAnswer:
        self.heard.append(f"{path}?{query}")
        found = self._answer(path, query)
        status = 200 if found is not None else 404
        return ApiAnswer(status=status, headers=[], body=msgspec.json.encode(found or {"code": "x.not_found", "detail": "no"}))

    def _answer(self, path: str, query: str) -> object:
        if path == "/api/v2/devices":
            if "cursor=bad" in query:
                return None
            one, following = ("dev_2", None) if "cursor=c" in query else ("dev_1", "c")
            return {"data": [{"id": one, "name": "Pump", "description": ""}], "next_cursor": following}
        if path == "/api/v2/dashboards":
            return {"data": [{"id": "dsh_1", "name": "Wall", "description": "Big"}], "next_cursor": None}
        return {"id": "dev_1"} if path in ("/api/v2/devices/dev_1", "/openapi.json") else None


async def test_the_list_goes_on_where_it_ended() -> None:
    api = Api("devices:read", "dashboards:read")
    first = await list_resources(CATALOGUE, api, None)
    uris = [one.uri for one in first.resources]
    documents = {"penstock://docs/devices", "penstock://docs/openapi.json"}
    assert documents | {"penstock://devices/dev_1", "penstock://dashboards/dsh_1"} <= set(uris)
    assert [one.about for one in first.resources[-2:]] == ["Device", "Big"]
    second = await list_resources(CATALOGUE, api, first.next_cursor)
    assert [one.uri for one in second.resources] == ["penstock://devices/dev_2"]
    assert second.next_cursor is None
    assert api.heard == ["/api/v2/devices?limit=50", "/api/v2/dashboards?limit=50", "/api/v2/devices?limit=50&cursor=c"]


async def test_a_key_sees_what_its_scopes_allow() -> None:
    found = await list_resources(CATALOGUE, Api(), None)
    assert {one.uri.rpartition("/")[0] for one in found.resources} == {"penstock://docs"}
    assert found.next_cursor is None


@pytest.mark.parametrize("cursor", ["x", "a,b,c", "bad,-"])
async def test_a_bad_cursor(cursor: str) -> None:
    with pytest.raises(ResourceFailed):
        await list_resources(CATALOGUE, Api("devices:read"), cursor)


async def test_reading() -> None:
    api = Api()
    assert (await read_resource(CATALOGUE, api, "penstock://devices/dev_1")).text == '{"id":"dev_1"}'
    assert (await read_resource(CATALOGUE, api, "penstock://docs/openapi.json")).media_type == "application/json"
    assert (await read_resource(CATALOGUE, api, "penstock://docs/devices")).text.startswith("# Devices")
    with pytest.raises(ResourceFailed, match=r"404 Not Found, x\.not_found"):
        await read_resource(CATALOGUE, api, "penstock://dashboards/dsh_9")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "penstock://",
        "penstock://keys/key_1",
        "penstock://docs/none",
        "penstock://devices/a/b",
        "penstock://devices/%2e",
        "file:///x",
    ],
)
async def test_other_addresses_are_unknown(uri: str) -> None:
    api = Api("devices:read")
    with pytest.raises(ResourceUnknown):
        await read_resource(CATALOGUE, api, uri)
    assert api.heard == []
