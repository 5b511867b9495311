"""An organisation, its owner's browser, and a client with its key."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture(scope="module")
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client
