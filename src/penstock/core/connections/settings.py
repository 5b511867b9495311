"""The settings of connections, by type. These structs are stored and sent unchanged.

Secrets (`SECRET_PATHS`) are present only in requests, and when the connection is opened; stored and returned settings do not
contain them. Topic patterns contain placeholders as whole segments: `{{deviceId}}` for the device, `{{value}}` for a segment that
is the reading itself, `{{key}}` for the name of the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from penstock.core.connections.topics import OF_COMMANDS, OF_DOWNLINKS, check_command_topic, check_topic, topic_filter
from penstock.kit.errors import InvalidInput
from penstock.kit.field_errors import invalid_input
from penstock.kit.secret import hides

Text = Annotated[str, Meta(min_length=1, max_length=200)]
MAX_SECRET = 4_096
SecretText = Annotated[str, Meta(min_length=1, max_length=MAX_SECRET)]
Topic = Annotated[str, Meta(min_length=1, max_length=512)]
Pem = Annotated[str, Meta(min_length=1, max_length=32_768)]
MAX_SUBSCRIPTIONS = 32
MAX_WORDS = 20
SECRET_PATHS = ("password", "client_key", "downlink.token", "downlink.api_key")
"""The paths of secrets, in the settings of any type."""
TARGETS = {
    "password": ("host", "port", "tls"),
    "client_key": ("host", "port", "tls"),
    "downlink.token": ("downlink.url",),
    "downlink.api_key": ("downlink.url",),
}
"""The fields that determine where a secret is sent. If one changes, the stored secret is dropped."""
CHIRPSTACK_COMMAND_TOPIC = "application/{{applicationId}}/device/{{deviceId}}/command/down"


@hides("token")
class ChirpStackApi(msgspec.Struct, frozen=True, kw_only=True, tag_field="by", tag="api", forbid_unknown_fields=True):
    """Downlinks over the gRPC API of ChirpStack 4: its address, and an API key of ChirpStack."""

    url: Text
    token: SecretText | None = None


@hides("token")
class ChirpStackRest(msgspec.Struct, frozen=True, kw_only=True, tag_field="by", tag="rest", forbid_unknown_fields=True):
    """Downlinks over the REST API of ChirpStack 3: the address of its application server, and an API key of that server."""

    url: Text
    token: SecretText | None = None


class ChirpStackMqtt(msgspec.Struct, frozen=True, kw_only=True, tag_field="by", tag="mqtt", forbid_unknown_fields=True):
    """Downlinks over the command topic of ChirpStack 4 or 3, through another connection, which must be of type mqtt."""

    connection_id: Text
    topic: Topic = CHIRPSTACK_COMMAND_TOPIC


ChirpStackDownlink: TypeAlias = Annotated[ChirpStackApi | ChirpStackRest | ChirpStackMqtt, Meta(title="ChirpStackDownlink")]


class ChirpStackSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ChirpStack 3 or 4 with its HTTP integration."""

    downlink: ChirpStackDownlink | None = None


@hides("api_key")
class ThingsStackDownlink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Downlinks over The Things Stack's webhook API: `url` is the cluster's, such as https://eu1.cloud.thethings.network."""

    url: Text
    application_id: Text
    webhook_id: Text
    api_key: SecretText | None = None


class ThingsStackSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Things Stack 3 with a webhook."""

    downlink: ThingsStackDownlink | None = None


class LorawanHttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any network server: the form of each body is detected automatically. It has no settings."""


class CustomSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """JSON of any program: `dev_eui`, `timestamp`, and values next to them. It has no settings."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subscription at a broker.

    `topic` may contain MQTT's wildcards in addition to the placeholders. The device is named by `{{deviceId}}` in it, or by a
    value of the payload at the dot path `device_id_path`, or by the payload's own form (`lorawan`: a network server's event, such
    as those of ChirpStack's MQTT integration). `json` is an object of values, `text` one value, `auto` detects which.
    `acknowledgement` is for devices' responses to commands.

    `availability` is a message that says whether the device is online, as a last will does. It says so by one of the usual words
    or by one of `online_values` or `offline_values`, in any case; any other is counted as a fault of the device.
    """

    topic: Topic
    qos: Literal[0, 1, 2] = 1
    payload: Literal["auto", "json", "text", "lorawan", "acknowledgement", "availability"] = "auto"
    device_id_path: Text | None = None
    time_path: Text | None = None
    online_values: Annotated[list[Text], Meta(max_length=MAX_WORDS)] = []
    offline_values: Annotated[list[Text], Meta(max_length=MAX_WORDS)] = []


@hides("password", "client_key")
class MqttSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A broker that Penstock connects to. The default `port` is 1883, or 8883 with TLS.

    Certificates and the client's key are PEM texts.

    For `session_expiry_s` seconds after the connection was lost, an MQTT 5 broker stores messages for Penstock.

    Commands are published to `command_topic`: as `command` (name, parameters and id in JSON), as the `parameters` alone, as the
    bare `value` of the only parameter, or as downlinks for the `chirpstack` whose broker it is.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    subscriptions: Annotated[list[Subscription], Meta(min_length=1, max_length=MAX_SUBSCRIPTIONS)]
    port: Annotated[int, Meta(ge=1, le=65_535)] | None = None
    tls: bool = False
    ca_certificate: Pem | None = None
    client_certificate: Pem | None = None
    client_key: SecretText | None = None
    username: Text | None = None
    password: SecretText | None = None
    client_id: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    protocol: Literal["3.1.1", "5"] = "5"
    keep_alive_s: Annotated[int, Meta(ge=5, le=3600)] = 60
    session_expiry_s: Annotated[int, Meta(ge=0, le=4_294_967_295)] = 604_800
    command_topic: Topic | None = None
    command_payload: Literal["command", "parameters", "value", "chirpstack"] = "command"


Settings = ChirpStackSettings | ThingsStackSettings | LorawanHttpSettings | CustomSettings | MqttSettings

COMMANDS_SCOPE = "commands:read"
"""The scope that a connection requires of its author if it passes commands on to a server that the author chooses."""


def passes_commands_on(settings: Settings) -> bool:
    """Whether commands for devices are sent to the other server."""
    if isinstance(settings, MqttSettings):
        return settings.command_topic is not None
    return isinstance(settings, ChirpStackSettings | ThingsStackSettings) and settings.downlink is not None


_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+", re.ASCII)


def read_settings(expected: type[Settings], value: Mapping[str, Any]) -> Settings:
    """Settings of a type from plain values.

    Raises:
        InvalidInput: a field is invalid; the error names it.
    """
    try:
        found: Settings = msgspec.convert(value, expected, strict=True)
    except msgspec.ValidationError:
        raise invalid_input(dict(value), expected, within="settings") from None
    check(found)
    return found


def check(settings: Settings) -> None:
    """Check the rules for settings that their types cannot express.

    Raises:
        InvalidInput: a field is invalid; the error names it.
    """
    if isinstance(settings, MqttSettings):
        _check_mqtt(settings)
        return
    downlink = getattr(settings, "downlink", None)
    if isinstance(downlink, ChirpStackApi | ChirpStackRest | ThingsStackDownlink):
        _check_url(downlink.url, "settings.downlink.url")
    elif isinstance(downlink, ChirpStackMqtt):
        check_command_topic(downlink.topic, "settings.downlink.topic", OF_DOWNLINKS)
    if isinstance(downlink, ThingsStackDownlink):
        # Both become segments of the path that is called.
        for name in ("application_id", "webhook_id"):
            if not _PATH_WORD.fullmatch(getattr(downlink, name)):
                raise InvalidInput.field(f"settings.downlink.{name}", "must contain only lower-case letters, digits and dashes")


_PATH_WORD = re.compile(r"[a-z0-9](-?[a-z0-9])*", re.ASCII)


def _check_mqtt(settings: MqttSettings) -> None:
    if not _HOST.fullmatch(settings.host):
        raise InvalidInput.field("settings.host", "must be a host name or an address, without scheme and port")
    # The reverse cannot be checked here: the stored key is not part of the settings.
    if (settings.client_certificate is None) and settings.client_key is not None:
        raise InvalidInput.field("settings.client_certificate", "is required in addition to client_key")
    for name in ("username", "client_id"):
        # MQTT does not allow it in a string (5.0, 1.5.4).
        if "\x00" in (getattr(settings, name) or ""):
            raise InvalidInput.field(f"settings.{name}", "must not contain a NUL character")
    _check_subscriptions(settings.subscriptions)
    if settings.command_topic is not None:
        known = OF_DOWNLINKS if settings.command_payload == "chirpstack" else OF_COMMANDS
        check_command_topic(settings.command_topic, "settings.command_topic", known)


def _check_subscriptions(subscriptions: list[Subscription]) -> None:
    filters: set[str] = set()
    for number, subscription in enumerate(subscriptions):
        field = f"settings.subscriptions[{number}]"
        names = check_topic(subscription.topic, f"{field}.topic")
        if "deviceId" not in names and subscription.device_id_path is None and subscription.payload != "lorawan":
            raise InvalidInput.field(f"{field}.topic", "must name the device with {{deviceId}} or an additional device_id_path")
        for name in ("online_values", "offline_values"):
            if getattr(subscription, name) and subscription.payload != "availability":
                raise InvalidInput.field(f"{field}.{name}", "must be set only with the payload availability")
        topic = topic_filter(subscription.topic)
        # At the broker the second subscription would replace the first (MQTT 5.0, 3.8.4).
        if topic in filters:
            raise InvalidInput.field(f"{field}.topic", f"must not subscribe to {topic}, as another subscription already does")
        filters.add(topic)


def _check_url(text: str, field: str) -> None:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
        parts = urlsplit("")
    plain = text.isascii() and text.isprintable() and " " not in text
    if not (plain and named and parts.scheme in ("http", "https")):
        raise InvalidInput.field(field, "must be an address such as https://lns.example.org")
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidInput.field(field, "must not contain a user, a query or a fragment")
