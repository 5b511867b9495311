"""`penstock mcp` with the official client, against a real server."""

from __future__ import annotations

import json
import sys

import pytest
from mcp import Client, StdioServerParameters

from penstock.api.mcp.schemas import MAX_ITEMS
from penstock.cli import mcp as module
from penstock.cli.mcp import McpMissing, mcp
from penstock.cli.remote import API_KEY, ORG, URL, RemoteFailed
from tests.support.server import Org, RunningServer


async def test_tools_over_standard_input(server: RunningServer, acme: Org) -> None:
    environment = {URL: server.base_url, API_KEY: acme.api_key, ORG: acme.organization_id}
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "penstock.cli.main", "mcp", "--tools", "device,org"], env=environment
    )
    async with Client(program) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {"device_list", "org_get"} <= set(tools)
        assert not any(name.startswith("rule") for name in tools)
        assert tools["device_list"].input_schema["properties"]["limit"]["maximum"] == MAX_ITEMS
        found = await client.call_tool("org_get", {})
        assert json.loads(found.content[0].text)["id"] == acme.organization_id  # type: ignore[union-attr]
        missing = await client.call_tool("device_get", {"device_id": "dev_0c2k9fq7w3c2k"})
        assert missing.is_error
        assert missing.content[0].text.startswith("404 Not Found, devices.not_found: ")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "key", "told"),
    [
        (None, "psk_1", "the variable PENSTOCK_URL is not set"),
        ("iot.example.org", "psk_1", "must begin with https"),
        ("https://iot.example.org", "", "the variable PENSTOCK_API_KEY is not set"),
        ("https://iot.example.org", "psk_\n1", "has an invalid character"),
        ("https://iot.example.org", "psk_ä", "has an invalid character"),
    ],
)
def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, url: str | None, key: str, told: str) -> None:
    monkeypatch.delenv(URL, raising=False)
    monkeypatch.setenv(API_KEY, key)
    with pytest.raises(RemoteFailed, match=told):
        mcp(url=url)


def test_without_the_library_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(API_KEY, "psk_1")
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(McpMissing, match=r"penstock\[mcp\]"):
        mcp(url="https://iot.example.org")
