"""Servers under strace: system calls that fail or kill at the n-th call, and a record of what was called in which order."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import RunningServer

ATTACH_S = 15.0


def need_strace() -> None:
    """Skip the test where strace is missing or may not trace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is missing (Debian: apt-get install strace)")
    tried = subprocess.run(["strace", "-qqq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"strace cannot trace here: {tried.stderr.strip()}")


def killed_at(call: str, number: int) -> list[str]:
    """The command before a server's that kills it when one of its threads enters a system call for the n-th time."""
    return _injected(call, f"signal=SIGKILL:when={number}")


def failing_at(call: str, number: int, error: str) -> list[str]:
    """The command before a server's under which, for each of its threads, the n-th system call of a kind fails."""
    return _injected(call, f"error={error}:when={number}")


def _injected(call: str, what: str) -> list[str]:
    # -D hands the process over: it is ours, and strace is its grandchild. Not with --seccomp-bpf, which in 6.1 counts wrong.
    options = ["-D", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}"]
    return ["strace", *options, "-e", f"inject={call}:{what}"]


@contextmanager
def attached(server: RunningServer, *options: str, to: Path | None = None) -> Iterator[None]:
    """Trace all threads of a running server for a while; the record goes to a file."""
    command = ["strace", "-f", "-p", str(server.process.pid), "-o", str(to or "/dev/null"), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        said = strace.stderr.readline()  # "Process 17 attached with 12 threads": all of them are stopped by now
        assert "attached" in said, said
        rest = threading.Thread(target=strace.stderr.read)
        rest.start()
        try:
            yield
        finally:
            if strace.poll() is None:
                strace.send_signal(signal.SIGINT)  # detaches, and lets the server go on
            strace.wait(ATTACH_S)
            rest.join(ATTACH_S)


@dataclass(frozen=True)
class Call:
    """A system call, or one end of it where another thread's calls came between."""

    thread: str
    name: str
    file: str
    text: str
    begins: bool
    ends: bool


_LINE = re.compile(
    r"(?P<thread>\d+) +(?:<\.\.\. (?P<again>\w+) resumed>|(?P<name>\w+)\((?:\d+<(?P<file>(?:->|[^>])*)>)?)(?P<text>.*)"
)


def calls(record: Path) -> Iterator[Call]:
    """The calls of a record in their order. What another thread interrupts appears twice: its begin, then its end."""
    files: dict[str, str] = {}
    for line in record.read_text("latin-1").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        thread, text = found["thread"], found["text"]
        if found["again"]:
            yield Call(thread, found["again"], files.get(thread, ""), text, begins=False, ends=True)
        else:
            files[thread] = found["file"] or ""
            yield Call(thread, found["name"], files[thread], text, begins=True, ends="<unfinished ...>" not in text)
