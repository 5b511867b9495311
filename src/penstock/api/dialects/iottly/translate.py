"""Converts between Iottly's structs and core models: pure functions."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.api.dialects.iottly import wire
from penstock.api.dialects.iottly.filters import moment
from penstock.api.dialects.iottly.names import device_name, message_name
from penstock.core.devices.models import Connectivity, Device, IdentifierKind
from penstock.core.devices.presence import Presence
from penstock.core.licenses.models import License
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.tenancy.config import InstallerConfig
from penstock.core.tenancy.models import Project
from penstock.kit.clock import MAX_US, MIN_US, SECOND_US, parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId

AGENT_KINDS = frozenset({"agent", "status"})
"""The kinds of readings that an agent, or the server that holds its connection, sends about itself."""
AGENT_VERSION = "agent_version"
"""The label of a device that contains the version of its agent, unless the agent reports it."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?", re.ASCII)


def from_core_project(project: Project, config: InstallerConfig, origin: str) -> wire.Project:
    """`origin` is scheme and host of the request; it replaces what the settings leave empty."""
    platform = project.platform.value
    file, url = (text.format(platform=platform.replace(" ", "")) for text in (config.file, config.url))
    return wire.Project(
        id=project.alias,
        name=project.name,
        projectgetagenturl=url or f"{origin}/getagent/{file}",
        agentfile=file,
        agentapihost=config.host or origin.partition("://")[2],
        board=f"Linux {platform}",
    )


def from_core_device(device: Device, licence: str, *, connected: bool) -> wire.Device:
    return wire.Device(
        macaddress=mac_address(device),
        name=device.name,
        operatingstatus="connected" if connected else "disconnected",
        licence=licence,
        agent_version=device.agent_version or device.labels.get(AGENT_VERSION, ""),
        id=device_name(device),
    )


def from_core_licenses(licenses: Iterable[License], boards: Mapping[DeviceId, wire.Device]) -> dict[str, wire.License]:
    """Licences by id. `boards` are the devices that have them, by device id."""
    found = {}
    for licence in licenses:
        device = boards.get(licence.device_id) if licence.device_id is not None else None
        board = wire.Board(device.macaddress, device.operatingstatus, device.id, device.name) if device else wire.Board()
        found[licence.id] = wire.License(licence.status.value, board)
    return found


def mac_address(device: Device) -> str:
    """A device's MAC address: as its agent reports it, else its identifier, else empty."""
    return device.macaddress or next((one.value for one in device.identifiers if one.kind is IdentifierKind.MAC), "")


def is_connected(device: Device, presence: Presence | None, now_us: int, offline_after_us: int) -> bool:
    """Whether a device is connected in Iottly's sense: it has a connection, or was seen after its last one ended."""
    if presence is not None and presence.connections:
        return True
    if device.connectivity(now_us, offline_after_us) is not Connectivity.ONLINE:
        return False
    return presence is None or (device.last_seen_us or 0) > presence.since_us


def from_core_reading(reading: Reading, sender: str, project: str) -> wire.Message:
    return wire.Message(
        id=wire.ObjectId(message_name(reading.received_us, reading.seq)),
        from_=sender,
        to=project,
        type=message_type(reading),
        timestamp=wire.Date(milliseconds(reading.received_us) + "Z"),
        devicetimestamp=wire.Date(seconds(reading.time_us) + ".000Z"),
        payload=msgspec.Raw(reading.payload),
        channel=UNSET if reading.channel is None else reading.channel,
    )


def from_core_page(readings: list[Reading], sender: str, project: str) -> wire.MessagePage:
    return wire.MessagePage(
        [
            wire.PagedMessage(
                from_=sender,
                to=project,
                type=message_type(reading),
                timestamp=milliseconds(reading.received_us),
                devicetimestamp=seconds(reading.time_us),
                payload=msgspec.Raw(reading.payload),
                channel=UNSET if reading.channel is None else reading.channel,
            )
            for reading in readings
        ]
    )


def document_of(reading: Reading, sender: str, project: str) -> dict[str, Any]:
    """A message for filters: its times are times, with the precision that is shown, and its id is a string."""
    received_us = reading.received_us - reading.received_us % 1000
    document = {
        "_id": message_name(reading.received_us, reading.seq),
        "from": sender,
        "to": project,
        "type": message_type(reading),
        "timestamp": moment(received_us),
        "devicetimestamp": moment(reading.time_us - reading.time_us % SECOND_US),
        "payload": msgspec.json.decode(reading.payload),
    }
    return document if reading.channel is None else document | {"channel": reading.channel}


def to_core_page(device_id: DeviceId, query: wire.PageQuery) -> HistoryQuery:
    """The readings of a page and of all pages before it.

    Raises:
        InvalidInput: a time is invalid, or the end is before the start.
    """
    from_us = to_core_moment(query.from_, "from") if query.from_ else MIN_US
    to_us = to_core_moment(query.to, "to") if query.to else MAX_US
    if to_us < from_us:
        raise InvalidInput.field("to", "must not be before from")
    span = TimeRange(from_us=from_us, to_us=to_us)
    return HistoryQuery(device_id=device_id, range=span, descending=query.sort == "desc", limit=query.l)


def message_type(reading: Reading) -> wire.MessageType:
    """The source of a reading: the agent itself, or the user's program."""
    return "iottlyagent" if reading.kind in AGENT_KINDS else "userdefined"


def milliseconds(us: int) -> str:
    """ISO 8601 in UTC with milliseconds and without a zone."""
    return f"{seconds(us)}.{us % SECOND_US // 1000:03d}"


def seconds(us: int) -> str:
    """ISO 8601 in UTC with whole seconds and without a zone."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(us // SECOND_US))


def to_core_moment(text: str, field: str) -> int:
    """Parse a time: epoch seconds or milliseconds, or ISO 8601. Without a zone it is UTC, without a time of day midnight.

    Raises:
        InvalidInput: the time is invalid; the error names the field.
    """
    value: object = text
    if text.isascii() and text.isdigit() and len(text) < 16:
        value = int(text)
    elif _DAY.fullmatch(text):
        value = text + "T00:00:00Z"
    elif _WITHOUT_ZONE.fullmatch(text):
        value = text + "Z"
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidInput.field(field, str(error)) from None
