"""What stands for the programs that a page calls: `python -m tests.support.guide_programs NAME ARGUMENT…`.

`serve` is the real command, whose words follow, except that it takes any free port and is stopped once it serves. `mosquitto_pub`
and `mosquitto_sub` are paho with the same flags, as the real ones are not on every machine, and speak to the server of the page
instead of port 1883. `mosquitto_sub` ends with the first message of a device's own topic, for which something waits; else once
it is subscribed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import Any

from tests.support.leaving import leave
from tests.support.waiting import eventually


def serve(arguments: list[str]) -> int:
    """Run a server until it serves."""
    if "--http" in arguments:
        at = arguments.index("--http")
        del arguments[at : at + 2]
    if "--grpc" in arguments:  # at any free port: other servers of the tests may have the usual one
        arguments[arguments.index("--grpc") + 1] = "127.0.0.1:0"
    with subprocess.Popen([*arguments, "--http", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True, close_fds=False) as server:
        assert server.stdout is not None
        serves = any("is listening on" in line for line in server.stdout)
        server.terminate()
        return server.wait() if serves else 1


def mosquitto(name: str, arguments: list[str]) -> int:
    """Publish one message, or subscribe; 1 when the server refuses any of it."""
    # Only here, as `serve` would wait for it.
    import paho.mqtt.client as paho
    from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

    parser = argparse.ArgumentParser(name, add_help=False)
    for flag in "huPitm":
        parser.add_argument(f"-{flag}", default="")
    parser.add_argument("-q", type=int, default=0)
    parser.add_argument("-C", type=int, default=0)
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args(arguments)
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=given.i, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(given.u, given.P)
    codes: list[Any] = []
    heard: list[str] = []

    def connected(_client: Any, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        codes.append(code)
        if not code.is_failure:
            _ = client.subscribe(given.t, given.q) if name == "mosquitto_sub" else client.publish(given.t, given.m, given.q)

    client.on_connect = connected
    client.on_publish = lambda _client, _data, _id, code, _properties: codes.append(code)
    client.on_subscribe = lambda _client, _data, _id, found, _properties: codes.extend(found)
    client.on_message = lambda _client, _data, message: heard.append(message.payload.decode())
    client.connect(given.h, int(os.environ["GUIDE_MQTT_PORT"]))
    client.loop_start()
    refused: list[str] = []

    def is_over() -> bool:
        refused[:] = [str(code) for code in codes if code.is_failure]
        waits = name == "mosquitto_sub" and given.t.startswith("d/")
        return bool(refused or (len(codes) == 2 and (heard or not waits)))

    assert eventually(is_over), "no answer"
    leave(client)
    print(*heard)  # noqa: T201
    print(*refused, file=sys.stderr)  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    program, *rest = sys.argv[1:]
    raise SystemExit(serve(rest) if program == "serve" else mosquitto(program, rest))
