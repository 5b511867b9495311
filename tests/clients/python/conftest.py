"""Clients of the session's server with Acme's key, and a server that answers as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from penstock_client import AsyncClient, Client
from tests.clients.python.scripted import Scripted
from tests.support.server import Org, RunningServer, shared_tls


@pytest.fixture
def client(server: RunningServer, acme: Org) -> Iterator[Client]:
    with httpx.Client(verify=shared_tls(), timeout=30) as http:
        yield Client(server.base_url, acme.api_key, acme.organization_id, http_client=http)


@pytest.fixture
async def async_client(server: RunningServer, acme: Org) -> AsyncIterator[AsyncClient]:
    async with httpx.AsyncClient(verify=shared_tls(), timeout=30) as http:
        yield AsyncClient(server.base_url, acme.api_key, http_client=http)


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    with Scripted() as running:
        yield running
