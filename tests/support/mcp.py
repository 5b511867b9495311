"""Requests of the Model Context Protocol, as plain HTTP: for tests of many tools, for which the official client is too slow."""

from __future__ import annotations

from typing import Any

import httpx

HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


def request_to(client: httpx.Client, method: str, params: dict[str, Any], *, query: str = "", **headers: str) -> httpx.Response:
    """The response to a request of the protocol. `headers` have underscores for hyphens."""
    sent = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return client.post(f"/mcp{query}", json=body, headers=sent)


def result_of(client: httpx.Client, key: str, method: str, **params: Any) -> dict[str, Any]:
    """What a request brings that is not an error of the protocol."""
    answer = request_to(client, method, params, x_api_key=key)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert "result" in document, document
    found: dict[str, Any] = document["result"]
    return found


def tools_of(client: httpx.Client, key: str) -> set[str]:
    """The names of the tools that a key is offered."""
    return {tool["name"] for tool in result_of(client, key, "tools/list")["tools"]}


def called(client: httpx.Client, key: str, name: str, arguments: dict[str, Any]) -> tuple[bool, str]:
    """Whether a call of a tool succeeded, and its text."""
    found = result_of(client, key, "tools/call", name=name, arguments=arguments)
    return not found.get("isError", False), found["content"][0]["text"]
