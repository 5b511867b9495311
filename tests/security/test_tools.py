"""Tools of assistants are no way around the API: scopes and organisations hold for each of them.

Generated from the tools, which are generated from the operations: a new one joins by itself.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import httpx
import pytest

from penstock.api.mcp.schemas import BODY, PATH, QUERY, WHOLE, WHOLE_BODY
from penstock.api.mcp.tools import Tool, build_tools
from penstock.bootstrap.dialects import CHOICES
from penstock.core.tenancy.scopes import ALL
from tests.security.calls import TELLS_TOO_MUCH, request_for
from tests.security.conftest import MakeKeys
from tests.security.holding import Holding
from tests.security.table import operations, path_parameters
from tests.support.cases import check_all
from tests.support.mcp import called, tools_of
from tests.support.server import Org

TOOLS = build_tools(operations(), CHOICES)
SCOPES = sorted({str(tool.operation.scope) for tool in TOOLS.values()})
BELONGS_TO_NOBODY = {"variable", "version"}
"""Parameters of paths that are no ids: the id before them is foreign."""
OF_ALL = {"device_by_identifier_get"}
"""Tools whose path has a name that each organisation can have, which the isolation of operations tries."""

HOSTILE: tuple[Any, ...] = (
    "",
    "\0",
    "../../me",
    "%2e%2e/me",
    "a?b#c",
    "x" * 70_000,
    "\U0001f4a5\ufffe",
    "' OR 1=1 --",
    -1,
    10**30,
    1.5e308,
)
HOSTILE += (True, [], [["x"]], {}, {"$ref": "#"}, {"a": {"b": [None] * 1_000}})


def arguments_for(tool: Tool, holding: Holding) -> dict[str, Any]:
    """The arguments of a good call, with the organisation's own things in them."""
    request = request_for(tool.operation, holding)
    pattern = re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", tool.operation.path))
    found = re.fullmatch(pattern, request.path)
    assert found, (pattern, request.path)
    body = json.loads(request.body) if request.body else {}
    if tool.to_body is not None:
        body = {"name": "new", "dev_eui": "0011223344556677"}
    given = {PATH: found.groupdict(), QUERY: dict(request.query), BODY: body, WHOLE_BODY: {WHOLE: body}}
    placed = {name: (given[place.part], place.name) for name, place in tool.places.items()}
    return {name: part[wire_name] for name, (part, wire_name) in placed.items() if wire_name in part}


@pytest.fixture(scope="module")
def all_but(acme: Org, make_keys: MakeKeys) -> dict[str, str]:
    """A key per scope that carries every other."""
    return dict(zip(SCOPES, make_keys(acme, [ALL - {scope} for scope in SCOPES]), strict=True))


def test_a_tool_without_its_scope_is_neither_listed_nor_answered(
    client: httpx.Client, theirs: Holding, all_but: dict[str, str]
) -> None:
    listed = {scope: tools_of(client, key) for scope, key in all_but.items()}

    def check(name: str) -> None:
        scope = str(TOOLS[name].operation.scope)
        assert name not in listed[scope]
        succeeded, text = called(client, all_but[scope], name, arguments_for(TOOLS[name], theirs))
        assert not succeeded
        assert text.startswith(f"403 Forbidden, auth.scope_missing: the scope {scope} is required"), text

    check_all(TOOLS, check)
    for scope, names in listed.items():
        assert names == {name for name, tool in TOOLS.items() if tool.operation.scope != scope}


def test_what_is_another_organisation_s_is_not_found(client: httpx.Client, theirs: Holding, other: Org) -> None:
    def check(name: str) -> None:
        tool = TOOLS[name]
        succeeded, text = called(client, other.api_key, name, arguments_for(tool, theirs))
        assert not succeeded, text
        assert text.startswith("404 Not Found, "), text
        assert not TELLS_TOO_MUCH.search(text)

    named = [name for name, tool in TOOLS.items() if set(path_parameters(tool.operation)) - BELONGS_TO_NOBODY]
    assert len(named) > 60
    check_all([name for name in named if name not in OF_ALL], check)


def test_a_good_call_is_answered(client: httpx.Client, theirs: Holding, acme: Org) -> None:
    """So that the refusals above are not about the arguments. Only reads, which leave things as they are."""

    def check(name: str) -> None:
        succeeded, text = called(client, acme.api_key, name, arguments_for(TOOLS[name], theirs))
        assert succeeded, text

    check_all([name for name, tool in TOOLS.items() if tool.reads], check)


def test_hostile_arguments_are_refused_and_never_a_failure(
    client: httpx.Client, theirs: Holding, acme: Org, make_keys: MakeKeys
) -> None:
    """One argument of a good call at a time is replaced; each value comes to each kind of argument of some tool."""
    turn = itertools.cycle(HOSTILE)
    keys = itertools.cycle(make_keys(acme, [ALL] * 4))  # a key has a limit of calls per minute

    def check(name: str) -> None:
        good = arguments_for(TOOLS[name], theirs)
        for argument in TOOLS[name].places:
            value = next(turn)
            _, text = called(client, next(keys), name, good | {argument: value})
            assert not re.match(r"5\d\d ", text), (argument, value, text)

    check_all([name for name, tool in TOOLS.items() if tool.places], check)
