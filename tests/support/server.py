"""A real server in a process of its own, for tests at the user's level."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

from penstock.bootstrap import Control, DataDir, open_control
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.ids import Prefix, encode
from penstock.settings import LIMITS_OF_DIALECTS, load_settings
from tests.support import server_logs
from tests.support.forked import Forked, run_penstock, start_penstock

Work = Callable[[Control], Awaitable[Any]]
NO_HOME = "/dev/null/home"
"""A folder that cannot exist: a test that needs one names its own."""
PENSTOCK = [sys.executable, "-m", "penstock.cli.main"]


@dataclass
class Org:
    """An organisation as `penstock bootstrap` printed it, with clients that carry its key.

    `run` does work on the control database inside the server that has it open; None where that is another process.
    """

    organization_id: str
    project_id: str
    user_email: str
    user_password: str
    api_key: str
    project_alias: str = ""
    data_dir: Path = Path()
    run: Callable[[Work], Any] | None = field(default=None, repr=False)

    def headers(self) -> dict[str, str]:
        return {"X-API-Key": self.api_key, "X-Organization-Id": self.organization_id}


@dataclass
class RunningServer:
    """A server process with its address."""

    data_dir: Path
    process: Forked | subprocess.Popen[str]
    base_url: str
    log_path: Path
    mqtt_port: int = 0
    mail_port: int = 0
    grpc_port: int = 0
    orgs: dict[str, Org] = field(default_factory=dict)

    def client(self, org: Org | None = None, **options: object) -> httpx.Client:
        """A client of the server, with an organisation's key if one is given."""
        headers = org.headers() if org else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30, **{"verify": shared_tls(), **options})

    def kill(self) -> None:
        """End it as a power failure of the process would: kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator would: SIGTERM. The exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def runs(self) -> bool:
        return self.process.poll() is None

    def log(self) -> str:
        return self.log_path.read_text()

    def rss_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@functools.cache
def shared_tls() -> ssl.SSLContext:
    """One context for all clients: to load the certificates of all authorities takes longer than most tests."""
    return httpx.create_ssl_context()


NO_WAIT: dict[str, str | None] = {"PENSTOCK_ALARMS_INTERVAL_S": "0.5"}
"""Meters are otherwise evaluated once a minute, for which tests would wait."""


def clean_environment(extra: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The environment without settings of Penstock that the developer may have, plus the test's own; None leaves one out.

    All tests come from one address and send many bad credentials, which is no attack here.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    given: dict[str, str | None] = (
        {
            f"PENSTOCK_LIMITS_{name.upper()}": "1000000"
            for name in ("bad_credentials_per_minute", "codes_per_minute", *LIMITS_OF_DIALECTS)
        }
        | {"PENSTOCK_PEOPLE_ATTEMPTS_PER_ACCOUNT": "1000000", "PENSTOCK_PEOPLE_ATTEMPTS_PER_ADDRESS": "1000000"}
        | {"PENSTOCK_PEOPLE_INVITATIONS_PER_DAY": "1000000"}
        | {"PENSTOCK_WEBHOOKS_MAX_ENDPOINTS": "1000000"}  # each holding has one
        | {"PENSTOCK_MQTT_PORT": "0"}  # the usual one may be taken by another server of the developer's
        | {"XDG_CONFIG_HOME": NO_HOME, "XDG_STATE_HOME": NO_HOME}  # where the developer may have profiles
        | dict(extra or {})
    )
    return kept | {name: value for name, value in given.items() if value is not None}


def run_cli(
    *args: str, environment: Mapping[str, str | None] | None = None, entered: bytes | None = None, umask: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a `penstock` command to its end, with a standard input and a umask if they are given."""
    return run_penstock(args, clean_environment(environment), entered=entered, umask=umask)


def bootstrap_org(data_dir: Path, name: str = "Acme") -> Org:
    """Make an organisation as `penstock bootstrap` does. Works beside a running server too.

    Starting the command takes longer than what it does, and hundreds of servers are started; it has tests of its own.
    """

    async def bootstrap() -> Bootstrapped:
        async with open_control(DataDir(data_dir), load_settings(environment=clean_environment())) as control:
            return await control.tenancy.bootstrap(name, f"{name.lower()}@example.org")

    with ThreadPoolExecutor(1) as apart:  # from the event loop that an asynchronous test runs in
        return org_of(apart.submit(asyncio.run, bootstrap()).result(), data_dir)


def org_of(made: Bootstrapped, data_dir: Path, run: Callable[[Work], Any] | None = None) -> Org:
    """A new organisation as tests know it."""
    return Org(
        organization_id=encode(Prefix.ORGANIZATION, made.organization.id),
        project_id=encode(Prefix.PROJECT, made.project.id),
        user_email=made.user_email,
        user_password=made.user_password,
        api_key=made.key.value,
        project_alias=made.project.alias,
        data_dir=data_dir,
        run=run,
    )


def start_server(
    data_dir: Path,
    *,
    port: int = 0,
    environment: Mapping[str, str | None] | None = None,
    args: tuple[str, ...] = (),
    program: Sequence[str] | None = None,
) -> RunningServer:
    """Start `penstock serve`, or another program that takes its arguments, and wait until it says that it accepts traffic."""
    log_path = data_dir.parent / f"{data_dir.name}-server.log"
    arguments = ["serve", "--data-dir", str(data_dir), "--http", f"127.0.0.1:{port}", *args]
    with log_path.open("a") as log:
        process = _start(program, arguments, clean_environment(NO_WAIT | dict(environment or {})), log)
    assert process.stdout is not None
    deadline = time.monotonic() + 30
    line = process.stdout.readline()
    while "is listening on" not in line:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.communicate()
            raise AssertionError(f"the server did not start: {line}{log_path.read_text()}")
        line = process.stdout.readline()
    started = RunningServer(
        data_dir, process, line.split()[-1], log_path, port_in(line, "mqtt"), port_in(line, "smtp"), port_in(line, "grpc")
    )
    ports = [port_in(line, "mqtt"), port_in(line, "smtp"), port_in(line, "grpc") or port_in(line, "grpcs")]
    started = RunningServer(data_dir, process, line.split()[-1], log_path, *ports)
    server_logs.follow(started)
    return started


def _start(program: Sequence[str] | None, arguments: Sequence[str], environment: Mapping[str, str], log: IO[str]) -> Any:
    if program is None:
        return start_penstock(arguments, environment, log)
    return subprocess.Popen([*program, *arguments], stdout=subprocess.PIPE, stderr=log, text=True, env=dict(environment))


def port_in(line: str, scheme: str) -> int:
    """The port that a server named in its line for MQTT, mails or gRPC; 0 when it has none."""
    return next((int(word.rpartition(":")[2].rstrip(",")) for word in line.split() if word.startswith(f"{scheme}://")), 0)
    """The port that a server named in its line for MQTT, mails or gRPC, also with TLS; 0 when it has none."""
    named = (word for word in line.split() if word.startswith((f"{scheme}://", f"{scheme}s://")))
    return next((int(word.rpartition(":")[2].rstrip(",")) for word in named), 0)


@contextmanager
def running_server(
    data_dir: Path, *, orgs: tuple[str, ...] = ("Acme",), environment: Mapping[str, str] | None = None, **options: object
) -> Iterator[RunningServer]:
    """A server with organisations, ended at the end."""
    made = {name: bootstrap_org(data_dir, name) for name in orgs}
    server = start_server(data_dir, environment=environment, **options)  # type: ignore[arg-type]
    server.orgs = made
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            try:
                server.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.process.kill()
                server.process.wait()
        assert server.process.stdout is not None
        server.process.stdout.close()
