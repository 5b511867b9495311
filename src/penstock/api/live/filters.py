"""The filter of a stream, from a query or a message. All functions are pure."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from penstock.api.shared.decoding import body_id, split_list
from penstock.core.actor import Actor
from penstock.core.telemetry.fields import flatten
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.ids import DeviceId, Prefix, ProjectId, Seq, encode
from penstock.kit.secret import hides

MAX_DEVICES = 500
MAX_WORDS = 100
SMS = "sms"
"""Selects the messages of inboxes, also as a kind."""
Word = Annotated[str, Meta(min_length=1, max_length=200)]


@hides("ticket")
class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The filter and the cursor of a stream. Lists are separated by commas; `cursor` resumes after a sequence number."""

    devices: Annotated[str, Meta(max_length=16_000)] | None = None
    project: Annotated[str, Meta(max_length=64)] | None = None
    kinds: Annotated[str, Meta(max_length=4_000)] | None = None
    keys: Annotated[str, Meta(max_length=16_000)] | None = None
    commands: bool = False
    connectivity: bool = False
    events: bool = False
    alerts: bool = False
    sms: bool = False
    cursor: Annotated[Seq, Meta(ge=0, le=2**62)] | None = None
    ticket: Annotated[str, Meta(max_length=128)] | None = None


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="subscribe"):
    """A WebSocket message that replaces the filter."""

    devices: Annotated[list[Word], Meta(max_length=MAX_DEVICES)] = []
    project: Word | None = None
    kinds: Annotated[list[Word], Meta(max_length=MAX_WORDS)] = []
    keys: Annotated[list[Word], Meta(max_length=MAX_WORDS)] = []
    commands: bool = False
    connectivity: bool = False
    events: bool = False
    alerts: bool = False
    sms: bool = False
    cursor: Annotated[Seq, Meta(ge=0, le=2**62)] | None = None


class StreamFilter(msgspec.Struct, frozen=True):
    """Which readings a reader receives; an empty field matches everything.

    With `keys`, only readings that contain one of them, and only these values. `commands`, `connectivity`, `events` and
    `alerts`: also the changes of these, for the same devices and project. `sms`: also the messages of the addresses that the
    `reader` can access.
    """

    devices: frozenset[DeviceId] = frozenset()
    project_id: ProjectId | None = None
    kinds: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()
    commands: bool = False
    connectivity: bool = False
    events: bool = False
    alerts: bool = False
    sms: bool = False
    reader: Actor | None = None

    def includes(self, name: str) -> bool:
        """Whether the filter includes notices of this name: `command`, `connectivity`, `event` or `alert`."""
        return {"command": self.commands, "connectivity": self.connectivity, "event": self.events, "alert": self.alerts}[name]

    def within(self, actor: Actor) -> StreamFilter:
        """Restrict the filter to what a reader can access.

        Raises:
            ProjectNotFound: the filter names another project.
        """
        if self.project_id is not None and not actor.reaches(self.project_id):
            raise ProjectNotFound(project_id=encode(Prefix.PROJECT, self.project_id))
        # A key that is bound to a project sees only that project, also if its filter names none.
        found = self if actor.project_id is None else msgspec.structs.replace(self, project_id=actor.project_id)
        return msgspec.structs.replace(found, reader=actor) if found.sms else found

    def accepts(self, reading: Reading) -> bool:
        """Whether device and kind match. Project and keys are checked later, because they need the device and the payload."""
        return (not self.devices or reading.device_id in self.devices) and (not self.kinds or reading.kind in self.kinds)

    def pick(self, payload: bytes) -> dict[str, object] | None:
        """The selected values of a payload; None if it contains none of them."""
        values = flatten(msgspec.json.decode(payload))
        return {key: values[key] for key in self.keys if key in values} or None


def from_query(query: StreamQuery) -> StreamFilter:
    """Build the filter of a query.

    Raises:
        InvalidInput: names the field.
    """
    return from_message(
        Subscribe(
            devices=list(split_list(query.devices, "devices", MAX_DEVICES)),
            project=query.project,
            kinds=list(split_list(query.kinds, "kinds", MAX_WORDS)),
            keys=list(split_list(query.keys, "keys", MAX_WORDS)),
            commands=query.commands,
            connectivity=query.connectivity,
            events=query.events,
            alerts=query.alerts,
            sms=query.sms,
        )
    )


def from_message(message: Subscribe) -> StreamFilter:
    """Build the filter of a message.

    Raises:
        InvalidInput: names the field.
    """
    return StreamFilter(
        frozenset(body_id(Prefix.DEVICE, text, "devices") for text in message.devices),
        body_id(Prefix.PROJECT, message.project, "project") if message.project else None,
        frozenset(message.kinds),
        tuple(message.keys),
        message.commands,
        message.connectivity,
        message.events,
        message.alerts,
        message.sms or SMS in message.kinds,
    )
