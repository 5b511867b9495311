"""A process that has imported `penstock` once, and forks for each command that a test runs.

What a server imports takes longer than most tests need it for, also what it imports only at its first use. Run by `forked.py`,
which asks over a socket: one message for each command with its arguments, environment and umask, and three descriptors: its
standard output, its standard error, and a pipe that reports its process id and, when it has ended, its exit status. A fourth is
its standard input, if it has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import penstock.adapters.frontdoor.websocket
import penstock.adapters.outbound.client
import penstock.adapters.signatures
import penstock.api.shared.openapi
import penstock.cli.main
import penstock.cli.serve
from penstock.bootstrap import DataDir, open_server
from penstock.settings import load_settings
from tests.support.quick_certificates import make_certificates_quick
from tests.support.quick_databases import make_new_databases_quick
from tests.support.quick_passwords import make_passwords_quick

LONGEST_REQUEST = 1 << 18


def main() -> None:
    """Fork for each request until the socket is closed. Returns only in a fork, which runs its command."""
    signal.signal(signal.SIGCHLD, lambda *_: _reap())
    make_passwords_quick()
    make_new_databases_quick()
    make_certificates_quick()
    asyncio.run(_warm_up())
    gc.collect()
    gc.freeze()  # a collection in a fork would copy every page that it looks at
    requests = socket.socket(fileno=int(sys.argv[1]))
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, LONGEST_REQUEST, 4)
        if not message:
            sys.exit()
        if os.fork() == 0:
            requests.close()
            return _keep(json.loads(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _reap() -> None:
    """Wait for the keepers that have ended, so that the time which their commands took is counted as that of the tests."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


async def _warm_up() -> None:
    """Open a server once, so that what it reads and keeps for the process is there in every fork."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_server(DataDir(Path(folder) / "data"), load_settings(environment={}), run_workers=False) as server:
            await server.tenancy.bootstrap("Warm", "warm@example.org")


def _keep(request: dict[str, object], output: int, errors: int, report: int, *entered: int) -> None:
    """Fork again, and report how the command ends: only its parent is told. Returns only in the inner fork."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    command = os.fork()
    if command == 0:
        os.close(report)
        return _become(request, output, errors, *entered)
    for descriptor in (output, errors, *entered):
        os.close(descriptor)
    _report(report, command)
    _end(report, os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))


def _become(request: dict[str, object], *descriptors: int) -> None:
    for source, standard in zip(descriptors, (1, 2, 0), strict=False):
        os.dup2(source, standard)
        os.close(source)
    os.chdir(str(request["folder"]))
    if "umask" in request:
        os.umask(int(str(request["umask"])))
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[call-overload]
    time.tzset()
    sys.argv = request["arguments"]  # type: ignore[assignment]


def _report(report: int, number: int) -> None:
    os.write(report, b"%d\n" % number)


def _end(report: int, status: int) -> NoReturn:
    _report(report, status)
    os._exit(0)


def run() -> None:
    """Run `penstock`, or another module as `python -m` does."""
    if sys.argv[0] == "penstock":
        penstock.cli.main.main()
    else:
        runpy.run_module(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
    run()
