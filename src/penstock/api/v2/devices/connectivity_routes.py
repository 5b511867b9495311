"""When devices came online and went offline, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples, wire
from penstock.api.v2.devices.translate import from_core_connectivity, to_core_connectivity_query
from penstock.api.v2.wire import ListOf
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class ConnectivityEndpoints:
    """The connectivity history of a device."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Devices")

    def __init__(self, history: ConnectivityService) -> None:
        self._history = history

    @routes.get(
        "/{device_id}/connectivity",
        scope="devices:read",
        of_project=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"from": "2026-05-02T00:00:00Z"},
            answer={
                "data": [
                    {"connectivity": "online", "reason": "connected", "at": "2026-05-02T09:15:04Z"},
                    {"connectivity": "offline", "reason": "last_will", "at": "2026-05-02T09:12:30Z"},
                ],
                "next_cursor": None,
            },
        ),
    )
    async def list(self, call: Call[wire.ConnectivityQuery, None]) -> ListOf[wire.ConnectivityChange]:
        """List the connectivity changes of a device.

        Newest first, each with its reason. Streams report them live.
        """
        requested = to_core_connectivity_query(path_id(Prefix.DEVICE, call.path["device_id"]), call.query)
        page = await self._history.history(call.actor, requested, call.query.limit, call.query.cursor)
        return ListOf([from_core_connectivity(one) for one in page.items], page.next_cursor)
