"""penstock-agent in a process of its own, an application on its socket, and what may stand between it and the server."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.agents import until
from tests.support.waiting import CEILING_S

AGENT = [sys.executable, "-m", "penstock_agent.cli"]


def agent_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without settings of the developer's, or of a proxy on their machine, plus the test's own."""
    ours = ("PENSTOCK_", "IOTTLY_")
    proxies = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours) and name.upper() not in proxies}
    return kept | dict(extra or {})


def run_agent(*arguments: str, environment: Mapping[str, str] | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the agent to its end."""
    return subprocess.run(
        [*AGENT, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        env=agent_environment(environment),
        check=False,
    )


class AgentFolder:
    """Settings, state and scripts of an agent, and the processes that run on them one after the other."""

    def __init__(self, folder: Path, *, token: str = "", endpoint: str = "", **settings: object) -> None:
        """`settings` are keys such as `telemetry__buffer_size`."""
        self.folder = folder
        self.file = folder / "agent.conf"
        self.log_file = folder / "agent.log"
        self.socket_path = str(folder / "sdk.socket")
        self.commands = folder / "commands"
        self.commands.mkdir(parents=True)
        self.process: subprocess.Popen[str] | None = None
        self.settings: dict[str, object] = {
            "agent__token": token,
            "agent__log_file": self.log_file,
            "connection__endpoint": endpoint or "ws://127.0.0.1:1/ws",
            "connection__reconnect_interval": 0.1,
            "connection__reconnect_max": 0.3,
            "telemetry__enabled": "false",
            "telemetry__flush_interval_ms": 20,
            "local__state_dir": folder / "state",
            "local__sdk_socket": self.socket_path,
            "local__commands_dir": self.commands,
        }
        self.write(**settings)

    def write(self, **settings: object) -> None:
        """Write the file anew, with some keys changed."""
        self.settings |= settings
        sections: dict[str, list[str]] = {}
        for name, value in self.settings.items():
            section, key = name.split("__")
            sections.setdefault(section, []).append(f"{key} = {value}")
        draft = self.file.with_suffix(".new")
        draft.write_text("\n".join(line for name, keys in sections.items() for line in (f"[{name}]", *keys)) + "\n")
        draft.replace(self.file)

    def script(self, name: str, body: str) -> None:
        """Add a script for a command, written for the shell."""
        path = self.commands / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the agent, and wait until applications can connect."""
        self.process = subprocess.Popen(
            [*AGENT, "start", "--config", str(self.file)],
            stderr=subprocess.PIPE,
            text=True,
            env=agent_environment(environment),
        )
        until(self._takes_applications, "the agent's socket")

    def _takes_applications(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(self.socket_path)
            return True
        return False

    def wait_for_log(self, text: str, times: int = 1) -> None:
        """Wait until the log holds a text."""
        until(lambda: self.log().count(text) >= times, f"{text!r} in the log")

    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""

    def kill(self) -> None:
        """End it as a power failure of the process would: kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as systemd would: SIGTERM. The exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        try:
            status = process.wait(timeout=CEILING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        assert process.stderr is not None
        process.stderr.close()
        return status

    def rss_bytes(self) -> int:
        assert self.process is not None
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def agent_in(folder: Path, **settings: Any) -> Iterator[AgentFolder]:
    """A folder for an agent, whose process is ended at the end."""
    agent = AgentFolder(folder, **settings)
    try:
        yield agent
    finally:
        agent.stop()


class Application:
    """An application as the vendor's SDK speaks: JSON lines over the agent's socket."""

    def __init__(self, agent: AgentFolder, name: str = "app") -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(CEILING_S)
        self._socket.connect(agent.socket_path)
        self._lines = self._socket.makefile("rb")
        self.name = name
        self.greeting = self.receive()
        self.send({"signal": {"sdkclient": {"name": name, "status": "connected", "version": "1.3.0"}}})

    def send(self, line: dict[str, Any] | bytes) -> None:
        self._socket.sendall(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")

    def send_reading(self, payload: dict[str, Any], channel: str | None = None) -> None:
        data: dict[str, Any] = {"sdkclient": {"name": self.name}, "payload": payload}
        self.send({"data": data | ({"channel": channel} if channel else {})})

    def call(self, script: str, arguments: dict[str, Any]) -> None:
        self.send({"signal": {"sdkclient": {"name": self.name, "call": {script: arguments}}}})

    def receive(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._lines.readline())
        return found

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


class Relay:
    """A relay between agent and server that can be cut, frozen and closed. `connections` counts those it took."""

    def __init__(self, port: int) -> None:
        """`port` is the server's."""
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self.frozen = False
        self.closed_to_new = False
        self._open: list[socket.socket] = []
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Close every connection at once, without a goodbye."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self._ended = True
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def open_to_target(self, client: socket.socket) -> socket.socket:
        """A connection to where the client wants to go."""
        return socket.create_connection(self._target)

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.closed_to_new:
                client.close()
                continue
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError), self.open_to_target(client) as server:
            self.connections += 1
            self._open += [client, server]
            while True:
                ready, _, _ = select.select([client, server], [], [], 0.05)
                if self.frozen:
                    time.sleep(0.05)
                    continue
                for one in ready:
                    data = one.recv(65_536)
                    if not data:
                        return
                    (server if one is client else client).sendall(data)


class HttpProxy(Relay):
    """An HTTP proxy that knows CONNECT (RFC 9110, 9.3.6). `asked_for` are the hosts that it was asked to connect to."""

    def __init__(self) -> None:
        self.asked_for: list[str] = []
        super().__init__(0)

    def open_to_target(self, client: socket.socket) -> socket.socket:
        head = b""
        while b"\r\n\r\n" not in head:
            data = client.recv(4096)
            if not data:
                raise OSError("the client went")
            head += data
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        if method != "CONNECT":
            client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            raise OSError("not CONNECT")
        self.asked_for.append(target)
        host, _, port = target.rpartition(":")
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return server
