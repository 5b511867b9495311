"""Commands and programs with which a device sends its first reading, with the address of this server. Pure."""

from __future__ import annotations

import shlex

import msgspec

from penstock.kit.http import Scope, header
from penstock.kit.secret import hides

EXAMPLE = '{"temperature": 21.5, "humidity": 48}'


class MqttDoor(msgspec.Struct, frozen=True, kw_only=True):
    """Where devices connect by MQTT. Without `enabled` they cannot; `tls_port` is 0 without a certificate."""

    enabled: bool
    port: int
    tls_port: int


class Snippet(msgspec.Struct, frozen=True, kw_only=True):
    """A text to copy. `key` names it in the page, `language` is how it is coloured."""

    key: str
    title: str
    language: str
    text: str


def base_url_of(scope: Scope) -> str:
    """The address under which the browser reached this server, such as `https://iot.example.org`."""
    return f"{scope.get('scheme', 'http')}://{host_of(scope)}"


def host_of(scope: Scope) -> str:
    """The host and port that the browser named."""
    return (header(scope, b"host") or b"localhost").decode("latin-1")


@hides("token")
class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """A device that is to send, with its token, and the address of the server."""

    base_url: str
    device_id: str
    token: str


def snippets(sender: Sender, door: MqttDoor) -> list[Snippet]:
    """How the device sends a reading: by HTTP, with Python, and by MQTT if the server has it."""
    found = [
        Snippet(key="http", title="HTTP", language="shell", text=_curl(sender)),
        Snippet(key="python", title="Python, without libraries", language="python", text=_python(sender)),
    ]
    if door.enabled:
        found.insert(1, Snippet(key="mqtt", title="MQTT", language="shell", text=_mosquitto(sender, door)))
    return found


def _address(sender: Sender) -> str:
    return f"{sender.base_url}/api/v2/devices/{sender.device_id}/telemetry"


def _curl(sender: Sender) -> str:
    token, body = f"Authorization: Bearer {sender.token}", f'{{"data": {EXAMPLE}}}'
    return (
        f"curl {shlex.quote(_address(sender))} \\\n"
        f"  -H {shlex.quote(token)} \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(body)}"
    )


def _mosquitto(sender: Sender, door: MqttDoor) -> str:
    host = name_of(sender.base_url)
    tls = f"-p {door.tls_port} --tls-use-os-certs" if door.tls_port else f"-p {door.port}"
    return (
        f"mosquitto_pub -h {shlex.quote(host)} {tls} -q 1 \\\n"
        f"  -u {sender.device_id} -P {sender.token} -i {sender.device_id} \\\n"
        f"  -t d/{sender.device_id}/t -m {shlex.quote(EXAMPLE)}"
    )


def name_of(base_url: str) -> str:
    """The host in an address, without the port."""
    host = base_url.partition("://")[2]
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _python(sender: Sender) -> str:
    return f"""import json, time, urllib.request

URL = {_address(sender)!r}
TOKEN = {sender.token!r}

while True:
    body = json.dumps({{"data": {{"temperature": 21.5}}}}).encode()
    headers = {{"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"}}
    urllib.request.urlopen(urllib.request.Request(URL, body, headers), timeout=10).read()
    time.sleep(60)
"""
