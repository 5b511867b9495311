"""The consumers of the reading log are those that the statements about it name."""

from __future__ import annotations

import re

from penstock.adapters.storage.sqlite.connection import statements

from .tree import python_files


def consumers_of_readings() -> set[str]:
    """The name of each worker that stores a position in the reading log."""
    texts = [path.read_text("utf-8") for path in python_files("src/penstock/workers")]
    return {name for text in texts for name in re.findall(r'^CONSUMER = "(\w+)"$', text, re.MULTILINE)}


def test_the_statements_name_the_consumers_of_readings() -> None:
    for name in ("newest_cursor", "rewind_consumers"):
        (named,) = re.findall(r"name IN \(([^)]*)\)", statements()[name])
        assert set(re.findall(r"'(\w+)'", named)) == consumers_of_readings(), name
