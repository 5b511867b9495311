"""What the tests of pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser
from tests.support.in_process import InProcessServer


@pytest.fixture(scope="module")
def store(in_process: InProcessServer) -> ColdStore:
    """A cold store of the module's own."""
    return ColdStore(in_process)


@pytest.fixture(scope="module")
def owner(store: ColdStore) -> Iterator[Browser]:
    """The owner's browser, for all tests of a module."""
    with store.owner() as browser:
        yield browser
