"""An organisation that calls a server in this process through a channel of grpcio."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.grpc_server import Caller, caller_at
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    """An organisation of the tests of a module."""
    return in_process.new_org()


@pytest.fixture(scope="module")
def caller(in_process: InProcessServer, org: Org) -> Iterator[Caller]:
    """Calls with the key of that organisation."""
    with caller_at(in_process.grpc_port(), org) as found:
        yield found
