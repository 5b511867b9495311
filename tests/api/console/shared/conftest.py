"""A browser of an owner, and one of a visitor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def visitor(in_process: InProcessServer) -> Iterator[Browser]:
    with Browser(in_process.client()) as browser:
        yield browser
