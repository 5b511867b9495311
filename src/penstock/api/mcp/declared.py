"""The tools that have a name of their own: those that change something, and reads that have other names elsewhere.

Where another vendor's server documents the name of a tool, this one has it too (`docs/surfaces` has the table). All other reads
have tools by themselves (`tools.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from penstock.api.v2.devices.wire import ExpectedInterval, Location
from penstock.api.v2.wire import Id, Labels, Name, Text


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that is not called as its path suggests.

    `destructive`: it can end or replace something, or act on the world. `body` is the form of its arguments if that is not the
    operation's body, and `to_body` makes the operation's body of them. `note` is added to the description.
    """

    name: str
    method: str
    path: str
    destructive: bool = False
    body: type[msgspec.Struct] | None = None
    to_body: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    title: str = ""
    note: str = ""


class LorawanDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A LoRaWAN device whose network server is, or will be, a connection. Its keys stay with the network server."""

    name: Name
    dev_eui: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{16}$(?!\n)", extra={"form": "16 hexadecimal digits"})]
    profile_id: Id | None = None
    project_id: Id | None = None
    description: Text = ""
    labels: Labels = {}
    location: Location | None = None
    expected_interval_s: ExpectedInterval | None = None


def as_device(arguments: dict[str, Any]) -> dict[str, Any]:
    """The body of a new device for the arguments of `device_provision_lorawan`."""
    rest = {name: value for name, value in arguments.items() if name != "dev_eui"}
    return rest | {"identifiers": [{"kind": "eui", "value": arguments["dev_eui"]}]}


_DEVICE = "/api/v2/devices/{device_id}"
_NOT_RUNNING = "It does not run until `rule_deploy`."
DECLARED = (
    Declared(
        name="device_provision_lorawan",
        method="POST",
        path="/api/v2/devices",
        body=LorawanDevice,
        to_body=as_device,
        title="Provision a LoRaWAN device",
        note="Uplinks of this DevEUI from any connection are then its readings. Find a profile with device_profile_list.",
    ),
    Declared(name="sensor_map", method="POST", path=f"{_DEVICE}/sensors"),
    Declared(
        name="device_command_execute",
        method="POST",
        path=f"{_DEVICE}/commands/{{definition_id}}/execute",
        destructive=True,
        note="Find the command and its parameters with device_command_list, and its outcome with device_command_status.",
    ),
    Declared(name="device_command_status", method="GET", path="/api/v2/command-executions/{execution_id}"),
    Declared(
        name="device_command_cancel",
        method="POST",
        path="/api/v2/command-executions/{execution_id}/cancel",
        destructive=True,
    ),
    Declared(name="device_connection_swap", method="PUT", path=f"{_DEVICE}/connection", destructive=True),
    Declared(name="connection_create", method="POST", path="/api/v2/connections"),
    Declared(name="rule_provision", method="POST", path="/api/v2/rules", note=_NOT_RUNNING),
    Declared(
        name="rule_simulate",
        method="POST",
        path="/api/v2/rules/{rule_id}/rehearse",
        note="It changes nothing. Read the outcome with rehearsal_get.",
    ),
    Declared(
        name="rule_deploy",
        method="POST",
        path="/api/v2/rules/{rule_id}/versions/{version_id}/deploy",
        destructive=True,
    ),
    Declared(name="rule_stop", method="POST", path="/api/v2/rules/{rule_id}/stop", destructive=True),
    Declared(name="rule_execution_history", method="GET", path="/api/v2/rules/{rule_id}/executions"),
    Declared(name="alarm_stats", method="GET", path="/api/v2/alert-events/summary"),
    Declared(name="alarm_acknowledge", method="POST", path="/api/v2/alert-events/{event_id}/acknowledge"),
    Declared(name="widget_data_query", method="GET", path="/api/v2/widgets/{widget_id}/data"),
    Declared(name="search", method="GET", path="/api/v2/search"),
    Declared(name="user_invite", method="POST", path="/api/v2/invitations"),
    Declared(name="user_role_assign", method="PATCH", path="/api/v2/members/{user_id}", destructive=True),
)
