"""The server of the protocol with the official client: in memory, and over HTTP against a whole server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError

from penstock import __version__
from penstock.api.mcp.answers import WITHHELD
from penstock.api.mcp.calling import Allowed
from penstock.api.mcp.catalogue import build_catalogue
from penstock.api.mcp.server import Assistants
from penstock.api.shared.in_process import ApiAnswer
from penstock.bootstrap.dialects import CHOICES
from tests.security.table import operations
from tests.support.server import Org, RunningServer, bootstrap_org

ASSISTANTS = Assistants(build_catalogue(operations(), CHOICES), __version__)
MODES = ("legacy", "auto")
"""The protocol with an initial handshake, and the one without."""


class Api:
    """An API that answers everything alike."""

    def __init__(self, status: int = 200, value: Any = None) -> None:
        self._answer = ApiAnswer(status=status, headers=[], body=msgspec.json.encode(value))
        self.heard: list[tuple[str, str, str, bytes | None]] = []

    async def allowed(self) -> Allowed:
        return lambda operation: operation.scope == "devices:read"

    async def call(self, method: str, path: str, query: str = "", body: bytes | None = None) -> ApiAnswer:
        self.heard.append((method, path, query, body))
        return self._answer


@asynccontextmanager
async def connected(server: RunningServer, mode: str, query: str = "", **headers: str) -> AsyncIterator[Client]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with create_mcp_http_client(headers=sent) as http:
        transport = streamable_http_client(f"{server.base_url}/mcp{query}", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def text(result: Any) -> str:
    return str(result.content[0].text)


async def test_what_is_said_of_tools() -> None:
    async with Client(ASSISTANTS.server(Api(), "device")) as client:
        assert client.server_info.name == "penstock"
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert "device_list" in tools
    assert all(name.startswith("device") for name in tools)
    hints = tools["device_list"].annotations
    assert hints is not None
    assert (hints.title, hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint) == (
        "List devices",
        True,
        False,
        True,
    )


async def test_a_call_and_its_errors() -> None:
    api = Api(201, {"device": {"id": "dev_1"}, "access_token": "tok_1"})
    async with Client(ASSISTANTS.server(api)) as client:
        made = await client.call_tool("device_provision_lorawan", {"name": "n", "dev_eui": "00"})
        assert json.loads(text(made)) == {"device": {"id": "dev_1"}, "access_token": WITHHELD}
        wrong = await client.call_tool("device_list", {"x": 1})
        assert wrong.is_error
        assert text(wrong) == "400 Bad Request, mcp.argument_invalid: device_list has no argument 'x'"
        with pytest.raises(MCPError, match="there is no tool 'device_lst'; the nearest is device_list"):
            await client.call_tool("device_lst", {})
    assert [call[:2] for call in api.heard] == [("POST", "/api/v2/devices")]


async def test_a_refused_call_is_a_result() -> None:
    async with Client(ASSISTANTS.server(Api(403, {"code": "auth.scope_missing", "detail": "the scope"}))) as client:
        refused = await client.call_tool("key_list", {})
        assert (refused.is_error, text(refused)) == (True, "403 Forbidden, auth.scope_missing: the scope")
        with pytest.raises(MCPError, match=r"403 Forbidden, auth\.scope_missing"):
            await client.list_resources()
        with pytest.raises(MCPError, match="403 Forbidden"):
            await client.read_resource("penstock://devices/dev_1")
        with pytest.raises(MCPError, match="penstock://nothing was not found"):
            await client.read_resource("penstock://nothing")
        templates = (await client.list_resource_templates()).resource_templates
        assert [one.uri_template for one in templates] == ["penstock://devices/{id}", "penstock://dashboards/{id}"]


@pytest.mark.parametrize("mode", MODES)
async def test_over_http(server: RunningServer, acme: Org, other: Org, mode: str) -> None:
    async with connected(server, mode, authorization=f"Bearer {acme.api_key}") as client:
        made = await client.call_tool(
            "device_provision_lorawan", {"name": f"MCP {mode}", "dev_eui": f"{mode.encode().hex():0>16}"}
        )
        device_id = json.loads(text(made))["device"]["id"]
        found = json.loads(text(await client.call_tool("device_list", {"q": f"MCP {mode}"})))
        assert [one["id"] for one in found["data"]] == [device_id]
        assert len((await client.list_tools()).tools) > 150
        resource = await client.read_resource(f"penstock://devices/{device_id}")
        assert json.loads(resource.contents[0].text)["name"] == f"MCP {mode}"  # type: ignore[union-attr]
        assert any(one.uri.endswith(device_id) for one in (await client.list_resources()).resources)
    headers = {"x_api_key": other.api_key, "x_organization_id": other.organization_id}
    async with connected(server, mode, "?tools=device_get,alarm", **headers) as client:
        missing = await client.call_tool("device_get", {"device_id": device_id})
        assert missing.is_error
        assert text(missing).startswith("404 Not Found, devices.not_found: ")
        assert {tool.name for tool in (await client.list_tools()).tools} == {
            "alarm_acknowledge",
            "alarm_get",
            "alarm_list",
            "alarm_stats",
            "device_get",
        }


async def test_a_call_counts_as_one_of_the_key(server: RunningServer) -> None:
    org = bootstrap_org(server.data_dir, "Counted")
    with server.client(org) as client:
        before = client.get("/api/v2/limits").headers["x-ratelimit-remaining"]
    async with connected(server, "auto", x_api_key=org.api_key) as assistant:
        await assistant.list_tools()
        assert not (await assistant.call_tool("device_list", {})).is_error
    with server.client(org) as client:
        assert int(client.get("/api/v2/limits").headers["x-ratelimit-remaining"]) == int(before) - 2


async def test_who_acted_is_in_the_audit_log(server: RunningServer) -> None:
    org = bootstrap_org(server.data_dir, "Audited")
    with server.client(org) as client:
        made = client.post("/api/v2/keys", json={"name": "Night shift's assistant", "scopes": ["devices:write"]}).json()
        async with connected(server, "auto", x_api_key=made["value"], user_agent="assistant/1.0") as assistant:
            assert not (await assistant.call_tool("device_provision_lorawan", {"name": "Audited", "dev_eui": "a" * 16})).is_error
            assert {tool.name for tool in (await assistant.list_tools()).tools} == {"device_provision_lorawan"}
        [entry] = client.get("/api/v2/logs", params={"action": "device.create"}).json()["data"]
    assert (entry["user"], entry["outcome"], entry["ip"]) == ("Night shift's assistant", "success", "127.0.0.1")
