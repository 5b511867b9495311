"""A server in this process, keys of any sort, and what the two organisations hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx
import pytest

from penstock.bootstrap import Control
from penstock.core.actor import Actor
from penstock.core.tenancy.models import KeyRequest
from penstock.kit.ids import Prefix, decode
from tests.security.by_message import ByMessage
from tests.security.holding import Holding, MakeHolding, make_holding
from tests.security.worn import Worn
from tests.support.exchange import InProcessTransport
from tests.support.grpc_calls import GrpcClient, client_of, listening
from tests.support.in_process import InProcessServer
from tests.support.server import Org

MakeKeys = Callable[..., list[str]]


@pytest.fixture(scope="session")
def server(in_process: InProcessServer) -> InProcessServer:
    """In this folder no socket is the subject, but for a few tests, which call the same server over one."""
    return in_process


@pytest.fixture(scope="session")
def acme(server: InProcessServer) -> Org:
    return server.orgs["Acme"]


@pytest.fixture(scope="session")
def other(server: InProcessServer) -> Org:
    return server.orgs["Other"]


@pytest.fixture(scope="session")
def client(server: InProcessServer) -> Iterator[httpx.Client]:
    """A client that carries no credential."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="session")
def make_keys(server: InProcessServer) -> MakeKeys:
    """A function that makes keys of an organisation, one per set of scopes."""

    def make(org: Org, scopes: Iterable[Iterable[str]], *, expires_us: int | None = None, revoked: bool = False) -> list[str]:
        org_id = decode(Prefix.ORGANIZATION, org.organization_id)
        assert org_id is not None
        actor = Actor.system(org_id)

        async def make_all(control: Control) -> list[tuple[int, str]]:
            wanted = [KeyRequest(name="test", scopes=frozenset(one)) for one in scopes]
            made = [await control.keys.create(actor, one) for one in wanted]
            return [(new.key.id, new.value) for new in made]

        made = server.run(make_all)
        if expires_us is not None:
            with sqlite3.connect(server.data_dir / "penstock.db", timeout=10) as database:
                ends = [(expires_us, key_id) for key_id, _ in made]
                database.executemany("UPDATE api_keys SET expires_us = ? WHERE id = ?", ends)
            database.close()
        if revoked:
            with sqlite3.connect(server.data_dir / "penstock.db", timeout=10) as database:
                database.executemany("UPDATE api_keys SET revoked_us = 1 WHERE id = ?", [(key_id,) for key_id, _ in made])
            database.close()
        return [value for _, value in made]

    return make


@pytest.fixture(scope="session")
def new_holding(client: httpx.Client, server: InProcessServer) -> MakeHolding:
    """A function that gives an organisation a set of things of its own, of which nothing is still being stored."""

    def make(*about: Any) -> Holding:
        made = make_holding(client, *about)
        server.store_notes()
        return made

    return make


@pytest.fixture(scope="session")
def theirs(new_holding: MakeHolding, acme: Org) -> Holding:
    """What Acme has: in the matrix, what must stay hidden."""
    return new_holding(acme, "acme")


@pytest.fixture
def own(client: httpx.Client, acme: Org) -> Worn:
    """What Acme has for calls of its own."""
    return Worn(client, acme)


@pytest.fixture(scope="session")
def grpc_client(server: InProcessServer) -> Iterator[GrpcClient]:
    """A client of gRPC that carries no credential."""
    with listening(server) as running, client_of(running) as made:
        yield made


@pytest.fixture(scope="session")
def by_message(server: InProcessServer, client: httpx.Client, grpc_client: GrpcClient) -> Iterator[httpx.Client]:
    """A client that carries no credential either, and makes a call of gRPC of every request that is one there."""
    otherwise = server.client()._transport
    assert isinstance(otherwise, InProcessTransport)
    with httpx.Client(transport=ByMessage(grpc_client, otherwise), base_url=client.base_url) as made:
        yield made
