"""The limit of a call of gRPC: the same library with a typed handler that returns a constant, in its own process.

`python -m bench.bare_grpc` runs it as the server runs: one process, uvloop. It is not meant for users.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import uvloop

from bench.machine import SERVER_CORE, on_core
from penstock.api.grpc.converting import struct_from
from penstock.api.grpc.descriptors import message_type

PATH = "/penstock.v1.TelemetryService/GetLatestReading"
_DATA = {
    "id": "tel_000000000001k",
    "seq": 51,
    "time": {"seconds": 1_777_713_304, "nanos": 123_456_000},
    "received_at": {"seconds": 1_777_713_304, "nanos": 123_456_000},
    "kind": "telemetry",
    "backfill": False,
}
_VALUES = {"temperature": 21.53, "humidity": 40.2, "battery_v": 3.61}


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self) -> None:
        self._request = message_type("GetLatestReadingRequest")
        self._response = message_type("GetLatestReadingResponse")

    def service(self, handler_call_details: Any) -> Any:
        async def latest(request: Any, context: Any) -> Any:
            data = _DATA | {"device_id": request.device_id, "data": struct_from(_VALUES)}
            return self._response(latest={"data": data})

        return grpc.unary_unary_rpc_method_handler(
            latest,
            request_deserializer=self._request.FromString,
            response_serializer=self._response.SerializeToString,
        )


@contextmanager
def bare_grpc(*, pinned: bool) -> Iterator[tuple[int, int]]:
    """The process. Yields its port and its process id."""
    with on_core(SERVER_CORE if pinned else None):
        process = subprocess.Popen([sys.executable, "-m", "bench.bare_grpc"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)
        assert process.stdout is not None
        process.stdout.close()


async def main() -> None:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Handlers(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
