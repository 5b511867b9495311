"""The transports in which devices connect: what each needs, and what is to be done at the other end. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

from penstock.api.console.shared.forms import Form

FIELD_NAMES = {"eui": "identifiers[0].value", "host": "settings.host", "topic": "settings.subscriptions[0].topic"}
"""Fields of the forms that have another name in the API."""
_TRANSPORTS: tuple[dict[str, Any], ...] = (
    {
        "key": "http",
        "title": "HTTP",
        "icon": "globe",
        "text": "Anything that can send JSON: a script, a microcontroller, another program.",
        "name": "My first device",
        "scopes": ("devices:write",),
    },
    {
        "key": "mqtt",
        "title": "MQTT",
        "icon": "radio",
        "text": "Devices that publish. This server is the endpoint; no broker is needed.",
        "name": "My first device",
        "scopes": ("devices:write",),
    },
    {
        "key": "agent",
        "title": "Linux agent",
        "icon": "cpu",
        "text": "A gateway or computer that stays connected and runs commands.",
        "name": "My first gateway",
        "scopes": ("devices:write",),
    },
    {
        "key": "lorawan",
        "title": "LoRaWAN",
        "icon": "wifi",
        "text": "ChirpStack, The Things Stack and other network servers, by their webhook.",
        "name": "My first LoRaWAN device",
        "scopes": ("devices:write", "connections:write"),
    },
    {
        "key": "broker",
        "title": "External broker",
        "icon": "plug",
        "text": "Devices that already publish to your own broker. This server subscribes there.",
        "name": "My broker",
        "scopes": ("connections:write",),
    },
)
NETWORKS = {"chirpstack": "ChirpStack", "things_stack": "The Things Stack", "lorawan_http": "LoRaWAN"}


def transports(can: Callable[[str], bool], *, mqtt: bool) -> list[dict[str, Any]]:
    """The transports, and whether the person may use each of them."""
    shown = [transport for transport in _TRANSPORTS if mqtt or transport["key"] != "mqtt"]
    return [transport | {"allowed": all(can(scope) for scope in transport["scopes"])} for transport in shown]


def device(form: Form, transport: str) -> dict[str, Any]:
    """The body that creates the device of a transport."""
    identifiers = [{"kind": "eui", "value": form.value("eui").strip()}] if transport == "lorawan" else None
    return form.body("name", type="agent" if transport == "agent" else None, identifiers=identifiers)


def network_server(form: Form) -> dict[str, Any]:
    """The body that creates the connection of a network server."""
    kind = form.value("network")
    return {"type": kind, "name": NETWORKS.get(kind, kind)}


def broker(form: Form) -> dict[str, Any]:
    """The body that creates the connection to a broker."""
    settings = form.body(
        "host",
        "username",
        port=form.number("port"),
        tls=form.flag("tls") or None,
        password=form.value("password"),
        subscriptions=[{"topic": form.value("topic").strip()}],
    )
    return form.body("name", type="mqtt", settings=settings)


def steps_of(kind: str, address: str) -> list[list[str]]:
    """What is to be entered at a network server, as pairs of a field and its value."""
    if kind == "chirpstack":
        return [
            ["Where", "Application, Integrations, HTTP"],
            ["Payload encoding", "JSON"],
            ["Event endpoint URL", address],
            ["Header", "X-Connection-Secret, with the secret above"],
        ]
    if kind == "things_stack":
        return [
            ["Where", "Application, Webhooks, Add webhook, Custom webhook"],
            ["Webhook format", "JSON"],
            ["Base URL", address],
            ["Additional header", "X-Connection-Secret, with the secret above"],
            ["Enabled event types", "Uplink message; leave each path empty"],
        ]
    return [["Address", address], ["Header", "X-Connection-Secret, with the secret above"], ["Format", "JSON"]]


def trial_of(kind: str, address: str, form: Form) -> str:
    """A command that sends an uplink of the device as the network server would, with the secret in a variable."""
    eui = form.value("eui").strip().replace(":", "").replace("-", "").lower()
    if kind == "things_stack":
        body: dict[str, Any] = {
            "end_device_ids": {"device_id": "trial", "dev_eui": eui.upper(), "application_ids": {"application_id": "trial"}},
            "uplink_message": {"f_port": 1, "frm_payload": "AQ==", "decoded_payload": {"temperature": 21.5}},
        }
        query = ""
    else:
        body = {"deviceInfo": {"devEui": eui, "deviceName": "trial"}, "fCnt": 1, "fPort": 1, "object": {"temperature": 21.5}}
        query = "?event=up"
    text = json.dumps(body)
    return f'curl {shlex.quote(address + query)} -H "X-Connection-Secret: $SECRET" \\\n  -d {shlex.quote(text)}'
