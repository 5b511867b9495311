"""The log's output: standard error, coloured on a terminal, one JSON object per line otherwise."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal


@contextmanager
def importing_without(package: str) -> Iterator[None]:
    """Make a package appear as not installed to what is imported meanwhile, unless it is loaded already.

    None in `sys.modules` makes an import of that name fail with ModuleNotFoundError (The Python Language Reference, 5.3.1).
    """
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # the documented way; typeshed has only what is usual
    try:
        yield
    finally:
        del sys.modules[package]


# structlog uses rich, if it is installed, for tracebacks with the values of variables, which are never printed here. With it
# every command started 25 ms later. No other import of structlog comes before this one.
with importing_without("rich"):
    import structlog

Level = Literal["debug", "info", "warning", "error"]


def configure_logs(level: Level = "info") -> None:
    """Send log lines of at least this level to standard error.

    Libraries log only warnings and errors at any level: at debug some of them log the data of connections, including keys.
    """
    least = getattr(logging, level.upper())
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    person = sys.stderr.isatty()
    rendered: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]  # never local variables
        if person
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler], force=True)
