"""An organisation with a device and a dashboard, a browser of its owner, and one of a viewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.security.people import Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


@pytest.fixture
def browser(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


@pytest.fixture
def viewer(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    """A browser of somebody who may only read."""
    (person,) = Registry(in_process.data_dir, org.organization_id, in_process.run).members("looks", "viewer")
    with Browser(in_process.client()) as browser:
        browser.cookies["penstock_session"] = person.refresh_token
        yield browser


@pytest.fixture
def visitor(in_process: InProcessServer) -> Iterator[Browser]:
    """A browser of somebody without a session."""
    with Browser(in_process.client()) as browser:
        yield browser


@pytest.fixture
def board(api: httpx.Client) -> dict[str, Any]:
    """A dashboard with a text."""
    made = api.post("/api/v2/dashboards", json={"name": "Climate", "variables": [{"name": "room", "kind": "device"}]}).json()
    options = {"type": "text", "text": "# Hello"}
    assert api.post(f"/api/v2/dashboards/{made['id']}/widgets", json={"options": options}).status_code == 201
    found: dict[str, Any] = made
    return found
