"""Brokers of others as processes of the test's own: NATS, which comes with the development packages, and mosquitto.

NATS speaks MQTT 3.1.1 and is always there. Mosquitto speaks 5 too, is no Python package, and may be missing: `make tools`
installs it where it can. Both keep sessions and messages over a restart, and let in only `USER` with `PASSWORD`.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.leaving import leave
from tests.support.waiting import CEILING_S

from .agent_process import Relay
from .authority import Pair

USER, PASSWORD = "plant", "Valve-7731-Moss"
PATIENCE_S = CEILING_S
_PUBACK = 4
_PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin"
MOSQUITTO = shutil.which("mosquitto", path=_PLACES)
MISSING = "mosquitto is not installed here, and nobody could install it: `make tools`"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Broker:
    """One broker. It listens on one port, with TLS if it has a certificate."""

    versions = ("3.1.1",)

    def __init__(self, folder: Path, tls: Pair | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.tls = tls
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What to run, its configuration written."""
        raise AssertionError

    def start(self) -> None:
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert time.monotonic() < deadline, self.log()
            assert self.process.poll() is None, self.log()
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE_S)

    def log(self) -> str:
        return (self.folder / "broker.log").read_text(errors="replace")


class Nats(Broker):
    def command(self) -> list[str]:
        tls = f'tls {{ cert_file: "{self.tls.certificate}", key_file: "{self.tls.key}" }}' if self.tls else ""
        config = self.folder / "nats.conf"
        config.write_text(
            f'server_name: "broker"\nhost: "127.0.0.1"\nport: {free_port()}\n'
            f'jetstream {{ store_dir: "{self.folder / "store"}" }}\n'
            f'authorization {{ user: "{USER}", password: "{PASSWORD}" }}\n'
            f'mqtt {{ host: "127.0.0.1", port: {self.port}, ack_wait: "2s", {tls} }}\n'
        )
        return [str(Path(sys.executable).parent / "nats-server"), "-c", str(config)]


class Mosquitto(Broker):
    versions = ("5", "3.1.1")

    def command(self) -> list[str]:
        assert MOSQUITTO is not None
        users = self.folder / "users"
        users.write_text(f"{USER}:{PASSWORD}\n")
        users.chmod(0o600)
        subprocess.run([shutil.which("mosquitto_passwd", path=_PLACES) or "mosquitto_passwd", "-U", str(users)], check=True)
        lines = [
            f"listener {self.port} 127.0.0.1",
            *([f"certfile {self.tls.certificate}", f"keyfile {self.tls.key}"] if self.tls else []),
            "allow_anonymous false",
            f"password_file {users}",
            "persistence true",
            f"persistence_location {self.folder}/",
            "max_queued_messages 0",
            *(["user root"] if Path("/root").owner() == "root" and Path.home() == Path("/root") else []),
        ]
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join(lines) + "\n")
        return [MOSQUITTO, "-c", str(config), "-v"]


class Publisher:
    """A device of others, by paho. What it hears of topics that it listens to stands in `heard`."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.on_heard: Callable[[str, bytes], None] = lambda topic, payload: None
        self._listening = threading.Event()
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.username_pw_set(USER, PASSWORD)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: self._listening.set()
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()

    def listen(self, topic: str) -> Publisher:
        """Hear what comes on a topic, from now on."""
        self._listening.clear()
        self.client.subscribe(topic, 1)
        assert self._listening.wait(PATIENCE_S)
        return self

    def _hear(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        self.heard.append((message.topic, message.payload))
        self.on_heard(message.topic, message.payload)

    def publish(self, topic: str, payload: bytes | str, qos: int = 1, *, retain: bool = False) -> None:
        """Publish, and wait until the broker has it."""
        sent = self.client.publish(topic, payload, qos, retain)
        sent.wait_for_publish(PATIENCE_S)
        assert sent.is_published()

    def close(self) -> None:
        leave(self.client)


class Withholding(Relay):
    """A relay to a broker that can keep its PUBACKs back; `kept` counts them. Everything else goes through at once."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.withholds = False
        self.kept = 0

    def _relay(self, client: socket.socket) -> None:
        with client, suppress(OSError), self.open_to_target(client) as server:
            self._open += [client, server]
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            late, reader = b"", server.makefile("rb")
            while (first := reader.read(1)) != b"":
                size, shift, head = 0, 0, first
                while True:
                    byte = reader.read(1)
                    head += byte
                    size |= (byte[0] & 0x7F) << shift
                    shift += 7
                    if byte[0] < 0x80:
                        break
                packet = head + reader.read(size)
                if self.withholds and first[0] >> 4 == _PUBACK:
                    self.kept += 1
                    late += packet
                else:
                    client.sendall(late + packet)
                    late = b""

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
