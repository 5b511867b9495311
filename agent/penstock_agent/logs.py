"""The log: a file that is rotated at one megabyte, or standard error if no file is set."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from penstock_agent.config import Config

MAX_BYTES = 1_048_576
KEPT_FILES = 2
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


def set_up_log(config: Config) -> None:
    """Configure the log, replacing the previous configuration. If the file cannot be written, standard error is used."""
    handler, fault = _open(config.log_file)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    # A copy, because removing a handler changes the list.
    for before in root.handlers[:]:
        root.removeHandler(before)
        before.close()
    root.addHandler(handler)
    root.setLevel(_LEVELS[config.log_level])
    logging.getLogger("websockets").setLevel(logging.WARNING)  # at debug level it would log the token
    if fault:
        logging.getLogger(__name__).warning("the log goes to standard error: %s", fault)


def _open(file: str) -> tuple[logging.Handler, str]:
    if not file:
        return logging.StreamHandler(sys.stderr), ""
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        return RotatingFileHandler(file, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"), ""
    except OSError as error:
        return logging.StreamHandler(sys.stderr), f"{file}: {error.strerror}"
