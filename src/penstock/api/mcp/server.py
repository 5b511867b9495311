"""The server of the protocol, by the official library. This is the only module that imports it."""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError

from penstock.api.mcp.answers import error_text, text_of, text_of_error
from penstock.api.mcp.calling import ApiCalls
from penstock.api.mcp.catalogue import Catalogue
from penstock.api.mcp.errors import ArgumentInvalid, ResourceUnknown
from penstock.api.mcp.requests import request_of
from penstock.api.mcp.resources import KINDS, SCHEME, ResourceFailed, list_resources, read_resource
from penstock.api.mcp.tools import Tool
from penstock.kit.http import App, Receive, Scope, Send
from penstock.kit.nearest import suggestion

NAME = "penstock"
TITLE = "Penstock"
INSTRUCTIONS = """\
Penstock stores readings of devices and acts on them. Ids have a prefix that shows their type (dev_, con_, usr_, …). Times are
RFC 3339 in UTC; where a tool takes a time, epoch seconds or milliseconds do too. A list has `data` and `next_cursor`: pass the
latter as `cursor` for the next page. `search` finds things of all types by name. Start with search or device_list, then
device_telemetry_latest_get for current values and device_telemetry_aggregate_get for ranges of time. The scopes of the key
decide which tools there are."""
_Context = ServerRequestContext[Any, Any]


class Assistants:
    """Makes servers over one catalogue: one for each request over HTTP, and one for a standard input."""

    def __init__(self, catalogue: Catalogue, version: str) -> None:
        self._catalogue = catalogue
        self._version = version
        self._described = {name: _described(tool) for name, tool in catalogue.tools.items()}

    def server(self, calls: ApiCalls, only: str | None = None) -> Server[Any]:
        """A server that calls the API as one caller, with the tools that begin with one of the words in `only`."""
        face = _Face(self._catalogue, self._described, calls, only)
        server = Server[Any](
            NAME,
            version=self._version,
            title=TITLE,
            instructions=INSTRUCTIONS,
            get_tool_input_schema=lambda name: None,  # no argument is repeated in a header
            on_list_tools=face.list_tools,
            on_call_tool=face.call_tool,
            on_list_resources=face.list_resources,
            on_list_resource_templates=face.list_templates,
            on_read_resource=face.read_resource,
        )
        server.middleware.clear()  # spans of OpenTelemetry, of which this server has none
        return server

    def over_http(self, calls: ApiCalls, only: str | None = None) -> App:
        """An application that answers one POST of the Streamable HTTP transport.

        Nothing outlives the request: no session is kept, and cancelling it ends all that it started. Responses are plain JSON.
        """

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            manager = StreamableHTTPSessionManager(self.server(calls, only), json_response=True, stateless=True)
            async with manager.run():
                await manager.handle_request(scope, receive, send)

        return answer


class _Face:
    """The requests of the protocol that are answered, for one caller."""

    def __init__(self, catalogue: Catalogue, described: dict[str, types.Tool], calls: ApiCalls, only: str | None) -> None:
        self._catalogue = catalogue
        self._described = described
        self._calls = calls
        self._only = only

    async def list_tools(self, context: _Context, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        """The tools whose operations the caller can call."""
        names = self._catalogue.offered(await self._calls.allowed(), self._only)
        return types.ListToolsResult(tools=[self._described[name] for name in names])

    async def call_tool(self, context: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """Call the operation of a tool. Its errors are results, so that the assistant reads them."""
        tool = self._catalogue.tools.get(params.name)
        if tool is None:
            nearest = suggestion(params.name[:64], self._catalogue.tools)
            raise MCPError(code=types.INVALID_PARAMS, message=f"there is no tool {params.name[:64]!r}{nearest}")
        try:
            request = request_of(tool, params.arguments or {})
        except ArgumentInvalid as error:
            return _result(text_of_error(error), is_error=True)
        answer = await self._calls.call(request.method, request.path, request.query, request.body)
        if not answer.ok:
            return _result(error_text(answer), is_error=True)
        return _result(text_of(answer, tool.withheld))

    async def list_resources(self, context: _Context, params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        """A page of the resources."""
        try:
            page = await list_resources(self._catalogue, self._calls, params.cursor if params else None)
        except ResourceFailed as error:
            raise _failed(error) from None
        found = [
            types.Resource(uri=one.uri, name=one.name, description=one.about, mime_type=one.media_type) for one in page.resources
        ]
        return types.ListResourcesResult(resources=found, next_cursor=page.next_cursor)

    async def list_templates(
        self, context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        """The forms of the addresses of things."""
        found = [
            types.ResourceTemplate(
                uri_template=f"{SCHEME}{kind}/{{id}}", name=f"{title.removesuffix('s')} by id", mime_type="application/json"
            )
            for kind, title in KINDS.items()
        ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(self, context: _Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        """The content of a resource."""
        try:
            content = await read_resource(self._catalogue, self._calls, params.uri)
        except (ResourceFailed, ResourceUnknown) as error:
            raise _failed(error) from None
        found = types.TextResourceContents(uri=params.uri, mime_type=content.media_type, text=content.text)
        return types.ReadResourceResult(contents=[found])


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.schema,
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=tool.reads,
            destructive_hint=tool.destructive,
            idempotent_hint=tool.repeatable,
            open_world_hint=False,
        ),
    )


def _result(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=is_error)


def _failed(error: Exception) -> MCPError:
    return MCPError(code=types.INVALID_PARAMS, message=str(error))
