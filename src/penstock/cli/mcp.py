"""`penstock mcp`: tools for an assistant that starts programs, over standard input and output."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from penstock.cli.profiles import is_address
from penstock.cli.remote import API_KEY, ORG, URL, Place, ProfileOption, RemoteFailed, find_place
from penstock.core.actor import OWN_ORGANIZATION
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.secret import Secret

if TYPE_CHECKING:
    from penstock.api.mcp.server import Assistants


class McpMissing(PenstockError):
    """The library of the Model Context Protocol is not installed."""

    kind, code = Kind.UNAVAILABLE, "cli.mcp_missing"
    message = 'the Model Context Protocol needs the extra "mcp": pip install "penstock[mcp]"'


def mcp(
    *,
    url: Annotated[str | None, Parameter(help=f"Address of the server, such as https://iot.example.org. Default: {URL}.")] = None,
    organization: Annotated[
        str | None, Parameter(help=f"Id of the organisation, which must be the key's. Default: {ORG}, or the key's.")
    ] = None,
    tools: Annotated[
        str | None, Parameter(help="How the names of the wanted tools begin, with commas: device,alarm. Default: all.")
    ] = None,
    profile: ProfileOption = None,
) -> None:
    """Give an assistant tools over standard input and output (Model Context Protocol), for a server here or anywhere.

    The API key is in the variable PENSTOCK_API_KEY or a profile, never an argument. Its scopes decide which tools there are.
    """
    place = find_place(profile) if url is None else _at(url)
    key = place.key.reveal()
    if not key.isascii() or not key.isprintable():
        raise RemoteFailed(reason="the API key has an invalid character")
    if importlib.util.find_spec("mcp") is None:
        raise McpMissing()
    asyncio.run(_serve(_assistants(), place.url, place.key, organization or place.organization, tools))


def _at(url: str) -> Place:
    """The server at an address, with the key of the environment."""
    address, key = url.strip().rstrip("/"), os.environ.get(API_KEY, "").strip()
    if not is_address(address):
        raise RemoteFailed(reason="--url must begin with https:// or http://")
    if not key:
        raise RemoteFailed(reason=f"the variable {API_KEY} is not set")
    return Place(address, Secret(key), os.environ.get(ORG, "").strip() or OWN_ORGANIZATION, "--url")


def _assistants() -> Assistants:
    from penstock.bootstrap.mcp import build_assistants, native_operations  # here, because they import the whole API

    return build_assistants(native_operations())


async def _serve(assistants: Assistants, url: str, key: Secret, organization: str, tools: str | None) -> None:
    from mcp.server.stdio import stdio_server

    from penstock.cli.mcp_calls import calling

    async with calling(url, key, organization) as calls, stdio_server() as (incoming, outgoing):
        server = assistants.server(calls, tools)
        await server.run(incoming, outgoing, server.create_initialization_options())
