"""Which operations are tools, and what is said of them."""

from __future__ import annotations

import json

import jsonschema
import msgspec

from penstock.api.mcp.tools import MAX_DESCRIPTION, build_tools, is_read, secrets_of
from penstock.api.v2.wire import ListOf
from penstock.bootstrap.dialects import CHOICES
from penstock.kit.operation import Operation
from penstock.kit.secret import hides
from tests.security.table import operations
from tests.support.cases import for_each

TOOLS = build_tools(operations(), CHOICES)
NOT_FOR_CONVERSATIONS = {
    "/api/v2/secrets/{secret_id}/value",
    "/api/v2/tokens/{token}/code",
    "/api/v2/tokens/{token}/seed",
    "/api/v2/inbox/messages",
    "/api/v2/inbox/messages/next",
    "/api/v2/inbox/messages/{inbox_message_id}",
}


def test_every_read_of_json_is_a_tool_unless_it_shows_secrets() -> None:
    reads = [one for one in operations() if one.surface == "v2" and one.method == "GET" and one.scope and not one.session]
    plain = {one.path for one in reads if one.media_type == "application/json" and one.status == 200}
    assert {tool.operation.path for tool in TOOLS.values() if tool.reads} == plain - NOT_FOR_CONVERSATIONS
    assert plain >= NOT_FOR_CONVERSATIONS


def test_nothing_is_ended_or_shown_that_is_not_declared() -> None:
    changing = {tool.name: tool.operation.method for tool in TOOLS.values() if not tool.reads}
    assert "DELETE" not in changing.values()
    assert {name for name, tool in TOOLS.items() if tool.withheld} == {"connection_create", "device_provision_lorawan"}
    assert TOOLS["device_command_execute"].destructive
    assert not TOOLS["sensor_map"].destructive
    assert (TOOLS["device_connection_swap"].repeatable, TOOLS["user_invite"].repeatable) == (True, False)


@hides("inner")
class Deep(msgspec.Struct):
    """A row with a secret."""

    inner: str = msgspec.field(name="in")


class Outer(msgspec.Struct):
    """Rows with secrets."""

    rows: list[Deep | None]


@for_each(list(TOOLS))
def test_each_is_described(name: str) -> None:
    tool = TOOLS[name]
    assert tool.name == name
    assert len(name) <= 64
    assert 10 <= len(tool.description) <= MAX_DESCRIPTION
    assert tool.title
    jsonschema.Draft202012Validator.check_schema(tool.schema)
    assert "#/components" not in json.dumps(tool.schema)


def test_two_operations_of_one_name_are_both_there() -> None:
    one = Operation(method="GET", path="/api/v2/a-bs", surface="v2", tag="", summary="x", scope="s", answer=ListOf[str])
    other = msgspec.structs.replace(one, path="/api/v2/as/{a_id}/bs")
    assert list(build_tools([other, one], {})) == ["a_b_list", "a_b_list_of_a"]


def test_secrets_are_found_at_any_depth() -> None:
    assert secrets_of(ListOf[Outer]) == {"in"}
    assert secrets_of(None) == frozenset()
    operation = Operation(method="GET", path="/api/v2/x", surface="v2", tag="", summary="x", scope="s", answer=Outer)
    assert not is_read(operation)
