"""Executions of commands over the native API, and the queue of a device."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.commands import wire
from penstock.api.v2.commands.examples import DONE, EXECUTION, EXECUTION_PATH, HISTORY, QUEUE
from penstock.api.v2.commands.translate import from_core_execution, from_core_history, from_core_queue, to_core_execution_filter
from penstock.api.v2.devices.examples import DEVICE_PATH
from penstock.api.v2.wire import ListOf
from penstock.core.commands.executions import ExecutionService
from penstock.kit.ids import DeviceId, ExecutionId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "commands:read", "commands:write"


class ExecutionEndpoints:
    """List, get and cancel executions; get and update a device's queue."""

    routes = Routes("/api/v2", surface="v2", tag="Commands")

    def __init__(self, executions: ExecutionService) -> None:
        self._executions = executions

    @routes.get(
        "/command-executions",
        scope=READ,
        example=Example(query={"state": "queued"}, answer={"data": [EXECUTION], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.ExecutionQuery, None]) -> ListOf[wire.Execution]:
        """List executions.

        Newest first. Filters are combined with AND; `from` and `to` bound the time of the request.
        """
        requested = to_core_execution_filter(call.query)
        page = await self._executions.list(call.actor, requested, call.query.limit, call.query.cursor)
        return ListOf([from_core_execution(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/command-executions/{execution_id}",
        scope=READ,
        example=Example(path=EXECUTION_PATH, answer=DONE | {"history": HISTORY}),
    )
    async def get(self, call: Call[None, None]) -> wire.ExecutionWithHistory:
        """Get an execution with its history."""
        return from_core_history(*await self._executions.get(call.actor, _execution_id(call)))

    @routes.post(
        "/command-executions/{execution_id}/cancel",
        scope=WRITE,
        refuses=(409,),
        example=Example(
            path=EXECUTION_PATH,
            answer=EXECUTION
            | {
                "state": "cancelled",
                "status": "Failed",
                "reason": "cancelled",
                "finished_at": "2026-05-02T09:16:00Z",
            },
        ),
    )
    async def cancel(self, call: Call[None, None]) -> wire.Execution:
        """Cancel a waiting execution.

        An execution that was already dispatched cannot be cancelled; the call returns 409. Repeating the call has no effect.
        """
        return from_core_execution(await self._executions.cancel(call.actor, _execution_id(call)))

    @routes.get(
        "/devices/{device_id}/command-queue",
        scope=READ,
        of_project=True,
        example=Example(path=DEVICE_PATH, answer=QUEUE),
    )
    async def get_queue(self, call: Call[None, None]) -> wire.Queue:
        """Get a device's queue."""
        return from_core_queue(await self._executions.queue(call.actor, _device_id(call)))

    @routes.patch(
        "/devices/{device_id}/command-queue",
        scope=WRITE,
        of_project=True,
        example=Example(path=DEVICE_PATH, body={"one_at_a_time": True}, answer=QUEUE),
    )
    async def update_queue(self, call: Call[None, wire.QueuePatch]) -> wire.Queue:
        """Set whether a device receives one command at a time."""
        body = call.body.one_at_a_time
        return from_core_queue(await self._executions.set_one_at_a_time(call.actor, _device_id(call), body))


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])


def _execution_id(call: Call[Any, Any]) -> ExecutionId:
    return path_id(Prefix.EXECUTION, call.path["execution_id"])
