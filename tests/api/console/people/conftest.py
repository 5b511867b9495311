"""What the tests of these pages share: an organisation of their own, its people, and browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.people import Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def registry(in_process: InProcessServer, org: Org) -> Registry:
    return Registry(org.data_dir, org.organization_id, in_process.run)


@pytest.fixture(scope="module")
def owner(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def visitor(in_process: InProcessServer) -> Iterator[Browser]:
    with Browser(in_process.client()) as browser:
        yield browser
