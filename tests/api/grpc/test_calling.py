"""Calls of operations, as a client of grpcio sees them."""

from __future__ import annotations

from tests.support.grpc_server import Caller, shown
from tests.support.server import Org


def test_a(caller: Caller, org: Org) -> None:
    made = caller.call("DevicesService/CreateDevice", name="Pump").device
    print(shown(made))
    assert caller.call("DevicesService/GetDevice", device_id=made.id).device == made
