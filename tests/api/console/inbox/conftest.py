"""Browsers of an owner and of a viewer of the same organisation, and its API."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.console import Browser, browser_of
from tests.support.console_people import HOSTILE, viewer_of
from tests.support.in_process import InProcessServer
from tests.support.inboxes import fresh_number
from tests.support.server import Org

INBOX = "/console/inbox"


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


@pytest.fixture(scope="module")
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture(scope="module")
def viewer(in_process: InProcessServer, org: Org, request: pytest.FixtureRequest) -> Iterator[Browser]:
    with viewer_of(in_process, org, request.module.__name__.rpartition("_")[0].rpartition("_")[2]) as browser:
        yield browser


@pytest.fixture
def number(api: httpx.Client) -> str:
    """A number that is in use."""
    value = fresh_number()
    assert api.post("/api/v2/inbox/addresses", json={"value": value, "label": HOSTILE}).status_code == 201
    return value
