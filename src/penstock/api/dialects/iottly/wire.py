"""Iottly's structs, exactly as on the wire: names and order are the vendor's.

Queries ignore unknown fields. Bodies reject them, where the vendor documents a 400.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment as RfcTime

MAX_MESSAGES = 100
Moment = Annotated[str, Meta(max_length=40)]
Status = Literal["connected", "disconnected"]
MessageType = Literal["userdefined", "iottlyagent"]
DeviceName = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", extra={"form": "a text that is not blank"})]


def encode(value: object) -> bytes:
    """JSON with a space after each colon and comma: the vendor's installer extracts `"pair_code": "` with sed."""
    return msgspec.json.format(msgspec.json.encode(value), indent=0)


class Pong(Struct, frozen=True):
    """The key is valid."""

    status: Literal["pong"]


class Project(Struct, frozen=True):
    """A project, and the source for installing its agents."""

    id: str
    name: str
    projectgetagenturl: str
    agentfile: str
    agentapihost: str
    board: str


class Device(Struct, frozen=True, rename={"licence": "token", "id": "ID"}):
    """A device. `macaddress` and `agent_version` are empty if unknown."""

    macaddress: str
    name: str
    operatingstatus: Status
    licence: str
    agent_version: str
    id: str


class Devices(Struct, frozen=True):
    """All devices of a project."""

    count: int
    errors: list[str] | None
    devices: list[Device]


class Board(Struct, frozen=True):
    """The device that has a licence; empty if none has. Its id is in lower case here, and only here."""

    macaddress: str | UnsetType = UNSET
    operatingstatus: Status | UnsetType = UNSET
    id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


class License(Struct, frozen=True):
    """A licence."""

    status: Literal["available", "paired"]
    board: Board


@hides("pair_code")
class PairCode(Struct, frozen=True):
    """The code with which a new device's agent authenticates, once."""

    pair_code: str


class DeviceEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a device to create or change."""

    name: DeviceName


class Command(Struct, frozen=True, forbid_unknown_fields=True):
    """A command to send. Each key of `values` is `<cmd_type>.<option>`."""

    cmd_type: Annotated[str, Meta(min_length=1, max_length=64)]
    values: Annotated[dict[str, object], Meta(max_length=64)]


class Accepted(Struct, frozen=True):
    """The command waits for its device or is in transit."""

    status: Literal[200]


class LatestQuery(Struct, frozen=True, rename="camel"):
    """Filter and number of a device's messages."""

    query_json: Annotated[str, Meta(max_length=8192, description="A filter in MongoDB's query language.")] | None = None
    num_messages: Annotated[int, Meta(ge=1, le=MAX_MESSAGES, description="Maximum number of messages.")] = 10


class PageQuery(Struct, frozen=True, rename={"from_": "from"}):
    """Page and filter of a device's messages."""

    p: Annotated[int, Meta(ge=1, le=1_000_000, description="The page; the first is 1.")] = 1
    l: Annotated[int, Meta(ge=1, le=MAX_MESSAGES, description="Messages per page.")] = 50  # noqa: E741  (the vendor's)
    type: Annotated[Literal["all", "userdefined", "iottlyagent"], Meta(description="The source of the messages.")] = "all"
    from_: Annotated[Moment, Meta(description="Start, included: ISO 8601 or epoch seconds.")] | None = None
    to: Annotated[Moment, Meta(description="End, excluded: ISO 8601 or epoch seconds.")] | None = None
    sort: Annotated[Literal["asc", "desc"], Meta(description="Oldest or newest first.")] = "desc"


class ObjectId(Struct, frozen=True, rename={"oid": "$oid"}):
    """An id in MongoDB's extended JSON."""

    oid: str


class Date(Struct, frozen=True, rename={"date": "$date"}):
    """A time in MongoDB's extended JSON, with milliseconds."""

    date: RfcTime


class Message(Struct, frozen=True, rename={"id": "_id", "from_": "from"}):
    """A message in MongoDB's extended JSON. `timestamp` is the arrival time, `devicetimestamp` the device's own, in seconds."""

    id: ObjectId
    from_: str
    to: str
    type: MessageType
    timestamp: Date
    devicetimestamp: Date
    payload: msgspec.Raw
    channel: str | UnsetType = UNSET


class LatestMessages(Struct, frozen=True):
    """A device's messages, newest first."""

    status: Literal[200]
    messages: list[Message]


class PagedMessage(Struct, frozen=True, rename={"from_": "from"}):
    """A message of a page. Its times are ISO 8601 in UTC, without a zone."""

    from_: str
    to: str
    type: MessageType
    timestamp: str
    devicetimestamp: str
    payload: msgspec.Raw
    channel: str | UnsetType = UNSET


class MessagePage(Struct, frozen=True):
    """A page of a device's messages."""

    messages: list[PagedMessage]


class Error(Struct, frozen=True):
    """The body of every error: one string."""

    error: str
