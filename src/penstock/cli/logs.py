"""The log's output: standard error, coloured on a terminal, one JSON object per line otherwise."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Literal, TextIO, cast

import structlog

from penstock.kit.quoting import one_line

Level = Literal["debug", "info", "warning", "error"]


class _Lines:
    """A stream that loses what cannot be written: standard error may be a file on a disk that is full.

    Without a buffer of its own, which would be written again at the end of the process and change its exit status.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            if self._stream is sys.__stderr__:
                os.write(self._stream.fileno(), text.encode(errors="backslashreplace"))
            else:
                self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def configure_logs(level: Level = "info") -> None:
    """Send log lines of at least this level to standard error.

    Libraries log only warnings and errors at any level: at debug some of them log the data of connections, including keys.
    """
    out = _Lines(sys.stderr)
    least = getattr(logging, level.upper())
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    person = sys.stderr.isatty()
    rendered: list[Any] = (
        [
            _without_controls,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]  # never local variables
        if person
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, out)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler], force=True)
    # Of aiosmtpd, which warns of each command that it does not know: a line for every guess of every client.
    logging.getLogger("mail.log").setLevel(logging.ERROR)


def _without_controls(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Values come from outside, and a terminal obeys the escape sequences in them. In JSON they are escaped."""
    for name, value in event.items():
        if isinstance(value, str) and name not in ("exception", "stack"):  # these have lines, and are the program's own
            event[name] = one_line(value)
    return event
