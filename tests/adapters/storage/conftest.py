"""The storage is tested with the threads that it has in a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.quick_statements import own_threads


@pytest.fixture(autouse=True)
def _in_threads() -> Iterator[None]:
    with own_threads():
        yield
