"""How the other side of a connection is set up, step by step, and the values to copy there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

SECRET = "$SECRET"  # noqa: S105  (a placeholder)
"""The placeholder of the secret in commands, and after it was shown once."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what to do, and the values to copy, each with its label."""

    title: str
    text: str
    values: tuple[tuple[str, str], ...] = ()


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a card of the catalogue says about a type, besides what the API says. `icon` is a name of the icon set."""

    icon: str
    suits: str


ABOUT = {
    "chirpstack": About(icon="radio-tower", suits="Also for Helium and other networks that run ChirpStack."),
    "things_stack": About(icon="globe", suits="The Things Network, The Things Industries, and your own Things Stack."),
    "lorawan_http": About(icon="radio", suits="If you are not sure which of them sends, or several do."),
    "custom": About(icon="code", suits="Scripts, gateways and other platforms that can post JSON."),
    "mqtt": About(icon="network", suits="Mosquitto, NATS, EMQX, HiveMQ; Zigbee2MQTT, Tasmota, ChirpStack's own broker."),
}
_OTHER = About(icon="plug", suits="")


def about(kind: str) -> About:
    """What a card says about a type."""
    return ABOUT.get(kind, _OTHER)


def steps_of(connection: Mapping[str, Any], base_url: str, secret: str) -> list[Step]:
    """The steps for the other side. Empty for a broker, to which Penstock connects by itself."""
    if connection["ingest_path"] is None:
        return []
    url = base_url + connection["ingest_path"]
    header = ("Header", "X-Connection-Secret"), ("Value", secret)
    match connection["type"]:
        case "chirpstack":
            return _chirpstack(url, header)
        case "things_stack":
            return _things_stack(url, header)
        case "lorawan_http":
            text = "In the network server, add an HTTP integration or webhook that sends JSON to this address with this header."
            return [Step(title="Add an integration", text=text, values=(("Address", url), *header)), _test_step(url)]
        case _:
            text = "Post JSON to this address with this header: dev_eui, timestamp, and values next to them."
            return [Step(title="Send from your program", text=text, values=(("Address", url), *header)), _test_step(url)]


def _chirpstack(url: str, header: tuple[tuple[str, str], ...]) -> list[Step]:
    return [
        Step(title="Open the application in ChirpStack", text="Applications, your application, Integrations, HTTP, +."),
        Step(
            title="Choose the encoding and the address", text="Payload encoding: JSON.", values=(("Event endpoint URL(s)", url),)
        ),
        Step(title="Add a header", text="It shows that the messages come from your server.", values=header),
        Step(title="Submit", text="The next uplink appears here. ChirpStack does not repeat what was rejected."),
    ]


def _things_stack(url: str, header: tuple[tuple[str, str], ...]) -> list[Step]:
    events = (
        "Enable Uplink message, and what else you need: join accept, the downlink events, location solved. Leave each path empty."
    )
    return [
        Step(title="Open the application in The Things Stack", text="Integrations, Webhooks, Add webhook, Custom webhook."),
        Step(title="Choose the format and the address", text="Webhook format: JSON.", values=(("Base URL", url),)),
        Step(title="Add a header", text="Under Additional headers.", values=header),
        Step(title="Choose the event types", text=events),
    ]


def _test_step(url: str) -> Step:
    return Step(title="Try it from a terminal", text="With the EUI of one of your devices:", values=(("", trial_command(url)),))


def trial_command(url: str) -> str:
    """A command that sends a reading as a server of one's own would."""
    body = '{"dev_eui": "70b3d57ed0061f2a", "timestamp": "2026-05-02T09:15:04Z", "temperature": 21.5}'
    return f"curl '{url}' \\\n  -H \"X-Connection-Secret: {SECRET}\" \\\n  -d '{body}'"
