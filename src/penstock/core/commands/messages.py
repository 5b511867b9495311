"""The JSON messages of commands and acknowledgements, the same over every transport.

A transport whose vendor documents another format translates to and from these.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from penstock.core.commands.models import Acknowledgement, Execution
from penstock.kit.clock import format_time
from penstock.kit.decoding import decode_body
from penstock.kit.ids import ExecutionId, Prefix, decode, encode


class CommandMessage(msgspec.Struct, frozen=True):
    """A command for a device. `id` identifies it in the acknowledgement."""

    id: str
    name: str
    parameters: dict[str, object]
    created_at: str
    expires_at: str


class AcknowledgementMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The device's response to a command.

    `ok` true: done; false: failed, with the reason in `error`; omitted: received and in progress, optionally with `progress`.
    `id`
    identifies the command if the path or topic does not.
    """

    id: Annotated[str, Meta(max_length=64)] | None = None
    ok: bool | None = None
    result: object = None
    error: Annotated[str, Meta(max_length=2000)] | None = None
    progress: object = None


def command_message(execution: Execution) -> CommandMessage:
    """The message for a device."""
    return CommandMessage(
        encode(Prefix.EXECUTION, execution.id),
        execution.name,
        execution.parameters,
        format_time(execution.created_us),
        format_time(execution.expires_us),
    )


def compact_message(execution: Execution, command_id: str) -> bytes:
    """The message of a command over MQTT. Without parameters there is no `params`."""
    params = {"params": execution.parameters} if execution.parameters else {}
    return msgspec.json.encode({"command": execution.name, **params, "id": command_id})


def read_acknowledgement(raw: bytes) -> tuple[ExecutionId | None, Acknowledgement]:
    """The execution that an acknowledgement identifies, or None, and its content. An id with an invalid format is returned as
    0.

    Raises:
        InvalidInput: it is not JSON, or has another form; the field is named.
    """
    message: AcknowledgementMessage = decode_body(raw, AcknowledgementMessage)
    named = None if message.id is None else decode(Prefix.EXECUTION, message.id) or ExecutionId(0)
    acknowledgement = Acknowledgement(ok=message.ok, result=message.result, error=message.error, progress=message.progress)
    return named, acknowledgement
