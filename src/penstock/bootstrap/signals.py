"""Signals that do not stop a server. SIGHUP loads the certificate again; SIGUSR1 and SIGUSR2 do nothing.

The default of all three is to end the process: a log rotation that sends one, or a terminal that closes, would stop the server.
SIGTERM and SIGINT belong to the front door.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from penstock.adapters.frontdoor.certificate import ServerCertificate

HARMLESS = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_log = structlog.get_logger()


def ignore_signals() -> None:
    """Ignore the harmless signals until there is a loop that handles them."""
    for number in HARMLESS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def handled_signals(certificate: ServerCertificate | None) -> Iterator[None]:
    """Handle the harmless signals on the running loop. Outside of the main thread there are no signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    for number in HARMLESS:
        loop.add_signal_handler(number, partial(_ignored, number.name))
    if certificate is not None:
        loop.add_signal_handler(signal.SIGHUP, certificate.reload)
    try:
        yield
    finally:
        for number in HARMLESS:
            loop.remove_signal_handler(number)
        ignore_signals()  # the loop restores the default, which would end a server that is stopping


def _ignored(name: str) -> None:
    _log.info("signal_ignored", signal=name, reason="there is no certificate to load" if name == "SIGHUP" else "it has no use")
