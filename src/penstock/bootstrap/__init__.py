"""The composition root: the only place that names concrete classes and connects them.

`open_control` opens the parts that the command line needs. `run_server` builds a whole server, serves, and closes everything in
the reverse order.
"""

from __future__ import annotations

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap.server import Control, Server, open_control, open_server, run_server

__all__ = ["Control", "DataDir", "Server", "open_control", "open_server", "run_server"]
