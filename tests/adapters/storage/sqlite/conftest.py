"""A directory that a server has filled, and its backup, as the tests of the commands have them."""

from __future__ import annotations

from tests.cli.conftest import archive, data_dir, filled

__all__ = ["archive", "data_dir", "filled"]
