"""The message that is published to an external broker for a command: topic and payload. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.commands.messages import compact_message
from penstock.core.commands.models import Execution
from penstock.core.connections.settings import MqttSettings
from penstock.core.connections.topics import fill_topic
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode


class Publication(msgspec.Struct, frozen=True):
    """A message for a broker. After `expires_us` it is useless."""

    topic: str
    payload: bytes
    expires_us: int


def publication_of(
    settings: MqttSettings, execution: Execution, device_name: str | None, application_id: str | None
) -> Publication:
    """The message of an execution.

    Raises:
        InvalidInput: there is no command topic, a value for it is missing or cannot be part of a topic, or a single value was
            requested but there are several parameters.
    """
    if settings.command_topic is None:
        raise InvalidInput.field("command_topic", "is not set for the connection", "missing")
    alone = _single(execution.parameters)
    names = {"deviceId": device_name, "applicationId": application_id, "command": execution.name, "value": alone}
    topic = fill_topic(settings.command_topic, names)
    if settings.command_payload == "parameters":
        payload = msgspec.json.encode(execution.parameters)
    elif settings.command_payload == "value":
        if alone is None and execution.parameters:
            raise InvalidInput.field("parameters", "must be a single value for this connection")
        payload = (alone or "").encode()
    else:
        payload = compact_message(execution, encode(Prefix.EXECUTION, execution.id))
    return Publication(topic, payload, execution.expires_us)


def _single(parameters: Mapping[str, object]) -> str | None:
    """The only parameter as a string: a string unchanged, anything else as JSON."""
    if len(parameters) != 1:
        return None
    value = next(iter(parameters.values()))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
