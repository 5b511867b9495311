"""The composition root: the one place that names concrete classes and puts them together.

`open_control` opens what the command line needs; `run_server` builds a whole server, serves, and takes it down again in
the opposite order.
"""

from __future__ import annotations

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.server import Control, Server, open_control, open_server, run_server

__all__ = ["Control", "DataDir", "Server", "open_control", "open_server", "run_server"]
