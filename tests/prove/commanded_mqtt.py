"""A device in a process of its own that can be killed: `python -m tests.prove.commanded_mqtt PORT DEVICE TOKEN NOTEBOOK`.

It writes down what it executes before paho acknowledges the message, and answers after that, as a careful device does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


def main(port: int, device: str, token: str, notebook: Path) -> None:
    """Execute until killed, or until the server is gone."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=device, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(device, token)

    def execute(_client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        command = json.loads(message.payload)
        with notebook.open("a") as notes:
            notes.write(f"{command['id']} {command['command']}\n")
        client.publish(f"d/{device}/c/ack", json.dumps({"id": command["id"], "ok": True}), 1)

    client.on_message = execute
    client.on_connect = lambda *_: client.subscribe(f"d/{device}/c", 1)
    client.connect("127.0.0.1", port, keepalive=30)
    while client.loop(timeout=1.0) == paho.MQTT_ERR_SUCCESS:
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
