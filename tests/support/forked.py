"""Run `penstock` as a process of its own that is forked from one where it is imported already (`fork_server.py`).

The process is as real as one that the shell starts: its own memory, files, signals and exit status. Only imports are shared, so
tests of what happens before and during them start it by `subprocess` (`tests/cli/test_main.py`, for example).
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
BEFORE_IMPORTS = ("PYTHON", "LD_", "MALLOC_", "FAKETIME")
"""How variables are called that only a fresh process obeys."""
_asking = threading.Lock()


class Forked:
    """A running `penstock`, with the part of `subprocess.Popen` that tests use."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        stderr: IO[str],
        *,
        entered: bytes | None = None,
        umask: int | None = None,
    ) -> None:
        """`words` are `penstock` or the name of a module, and arguments. What is `entered` comes through a pipe."""
        reading, output = os.pipe()
        self._report, report = os.pipe()
        self.args = list(words)
        request: dict[str, Any] = {"arguments": self.args, "environment": dict(environment), "folder": str(Path.cwd())}
        request |= {} if umask is None else {"umask": umask}
        inputs = [] if entered is None else [_piped(entered)]
        try:
            with _asking:
                descriptors = [output, stderr.fileno(), report, *inputs]
                socket.send_fds(_fork_server()[0], [json.dumps(request).encode()], descriptors)
        finally:
            for descriptor in inputs:
                os.close(descriptor)
            os.close(output)
            os.close(report)
        self.stdout = open(reading, encoding="utf-8")  # noqa: SIM115  the caller closes it, as that of a Popen
        self.returncode: int | None = None
        self._reported = b""
        self._reading = threading.Lock()
        while b"\n" not in self._reported:
            self._read_report()
        self.pid = int(self._reported.split(b"\n")[0])

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._ended_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end. Returns the exit status.

        Raises:
            subprocess.TimeoutExpired: it has not ended.
        """
        status = self._ended_within(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def communicate(self) -> tuple[str, None]:
        """Read its output to the end, and wait for its end."""
        with self.stdout:
            said = self.stdout.read()
        self.wait()
        return said, None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._report)

    def _ended_within(self, timeout: float | None) -> int | None:
        while self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                return None
            # One thread may wait for a server that another one kills. The pipe stays open, so that its number means nothing else.
            with self._reading:
                if self.returncode is None:
                    self._read_report()
                if self._reported.count(b"\n") == 2:
                    self.returncode = int(self._reported.split(b"\n")[1])
        return self.returncode

    def _read_report(self) -> None:
        read = os.read(self._report, 64)
        assert read, "the fork server is gone"
        self._reported += read


def _piped(content: bytes) -> int:
    """The end of a pipe to read from, whose other end has this content written into it."""
    reading, writing = os.pipe()

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), open(writing, "wb") as pipe:
            pipe.write(content)

    threading.Thread(target=write, name="pipe").start()
    return reading


def start_penstock(arguments: Sequence[str], environment: Mapping[str, str], stderr: IO[str]) -> Forked | subprocess.Popen[str]:
    """Start `penstock` with its output in a pipe; as a fresh process where the environment is about how Python starts."""
    if sys.platform == "linux" and not _asks_for_a_fresh_process(environment):
        return Forked(["penstock", *arguments], environment, stderr)
    command = [sys.executable, "-m", "penstock.cli.main", *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True, env=dict(environment)
    )


def penstock_of_a_shell() -> tuple[list[str], list[int]]:
    """The words that run `penstock` in a shell, and the descriptors that the shell has to inherit."""
    if sys.platform != "linux":
        return [sys.executable, "-m", "penstock.cli.main"], []
    requests = _fork_server()[0].fileno()
    return [sys.executable, "-IS", str(Path(__file__).with_name("fork_client.py")), str(requests)], [requests]


def run_penstock(
    arguments: Sequence[str], environment: Mapping[str, str], *, entered: bytes | None = None, umask: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with a standard input and a umask if they are given."""
    if sys.platform != "linux" or _asks_for_a_fresh_process(environment):
        command = [sys.executable, "-m", "penstock.cli.main", *arguments]
        mask = -1 if umask is None else umask
        done = subprocess.run(command, input=entered or b"", capture_output=True, env=dict(environment), check=False, umask=mask)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())
    with tempfile.TemporaryFile("w+") as errors:
        process = Forked(["penstock", *arguments], environment, errors, entered=entered, umask=umask)
        output, _ = process.communicate()
        errors.seek(0)
        return subprocess.CompletedProcess(list(arguments), process.wait(), output, errors.read())


def run_module(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module to its end as `python -m` does, in a process that has imported `penstock` already."""
    if sys.platform != "linux":
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=dict(environment), check=False)
    with tempfile.TemporaryFile("w+") as errors:
        process = Forked([module, *arguments], environment, errors)
        output, _ = process.communicate()
        errors.seek(0)
        return subprocess.CompletedProcess([module, *arguments], process.wait(), output, errors.read())


def _asks_for_a_fresh_process(environment: Mapping[str, str]) -> bool:
    changed = {name for name in {*environment, *os.environ} if environment.get(name) != os.environ.get(name)}
    return any(name.startswith(BEFORE_IMPORTS) for name in changed)


@functools.cache
def _fork_server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The socket of this process's fork server, and the server, which ends when the socket is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.support.fork_server", str(theirs.fileno())]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        server = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], **quiet)
    atexit.register(_end, ours, server)
    return ours, server


def _end(requests: socket.socket, server: subprocess.Popen[bytes]) -> None:
    """End the fork server with this process, which would otherwise warn that it is still running."""
    requests.close()
    server.terminate()
    server.wait()
