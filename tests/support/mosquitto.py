"""Mosquitto, a broker of others, as a process of the test's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from .authority import Pair

USER, PASSWORD = "plant", "Valve-7731-Moss"
BINARY = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin")
MISSING = "mosquitto is not installed: `make tools` installs it where apt-get may"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Mosquitto:
    """A broker that keeps sessions and messages across restarts. `password` says whether it asks for the one of `USER`."""

    folder: Path
    password: bool = False
    tls: Pair | None = None
    more: str = ""
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert BINARY is not None
        config = self.folder / "mosquitto.conf"
        config.write_text(self._config())
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.process = subprocess.Popen([BINARY, "-c", str(config), "-v"], stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert time.monotonic() < deadline and self.process.poll() is None, self.log()
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def restart(self) -> None:
        self.stop()
        self.start()

    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")

    def _config(self) -> str:
        lines = [f"listener {self.port} 127.0.0.1", "per_listener_settings false"]
        if self.tls is not None:
            lines += [f"listener {self.tls_port} 127.0.0.1", f"certfile {self.tls.certificate}", f"keyfile {self.tls.key}"]
        if self.password:
            users = self.folder / "users"
            users.write_text(f"{USER}:{PASSWORD}\n")
            users.chmod(0o600)
            subprocess.run([str(Path(shutil.which("mosquitto_passwd") or "mosquitto_passwd")), "-U", str(users)], check=True)
            lines += ["allow_anonymous false", f"password_file {users}"]
        else:
            lines += ["allow_anonymous true"]
        lines += ["persistence true", f"persistence_location {self.folder}/", "user root", "max_queued_messages 0", self.more]
        return "\n".join(lines) + "\n"


@contextmanager
def running_mosquitto(folder: Path, **options: object) -> Iterator[Mosquitto]:
    """A broker, ended at the end."""
    broker = Mosquitto(folder, **options)  # type: ignore[arg-type]
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
