"""Executions of commands over the native API, and a device's queue."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import commands_wire as wire
from penstock.api.v2.command_examples import DONE, EXECUTION, EXECUTION_PATH, HISTORY, TAG
from penstock.api.v2.commands_translate import (
    from_core_execution,
    from_core_history,
    from_core_queue,
    to_core_execution_filter,
)
from penstock.api.v2.examples import DEVICE_ID, DEVICE_PATH
from penstock.api.v2.wire import ListOf
from penstock.core.commands.executions import ExecutionService
from penstock.kit.ids import DeviceId, ExecutionId, Prefix
from penstock.kit.operation import Example, operation

READ, WRITE = "commands:read", "commands:write"
PATH = "/api/v2/command-executions"
QUEUE_PATH = "/api/v2/devices/{device_id}/command-queue"
QUEUE: dict[str, Any] = {"device_id": DEVICE_ID, "one_at_a_time": True, "queued": 2, "under_way": 1}


class ExecutionEndpoints:
    """List, look at and cancel executions; a device's queue."""

    def __init__(self, executions: ExecutionService) -> None:
        self._executions = executions

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List executions",
        description="Newest first. Filters are combined with and; `from` and `to` are times of asking.",
        scope=READ,
        query=wire.ExecutionQuery,
        answer=ListOf[wire.Execution],
        example=Example(query={"state": "queued"}, answer={"data": [EXECUTION], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.ExecutionQuery, None]) -> ListOf[wire.Execution]:
        wanted = to_core_execution_filter(call.query)
        page = await self._executions.list(call.actor, wanted, call.query.limit, call.query.cursor)
        return ListOf([from_core_execution(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{PATH}/{{execution_id}}",
        surface="v2",
        tag=TAG,
        summary="Get an execution with its history",
        scope=READ,
        answer=wire.ExecutionWithHistory,
        example=Example(path=EXECUTION_PATH, answer=DONE | {"history": HISTORY}),
    )
    async def get(self, call: Call[None, None]) -> wire.ExecutionWithHistory:
        return from_core_history(*await self._executions.get(call.actor, _execution_id(call)))

    @operation(
        "POST",
        f"{PATH}/{{execution_id}}/cancel",
        surface="v2",
        tag=TAG,
        summary="Take an execution back that still waits",
        description="One that was handed out cannot be taken back, and is refused with 409. One that was taken back already "
        "is answered alike.",
        scope=WRITE,
        answer=wire.Execution,
        refuses=(409,),
        example=Example(
            path=EXECUTION_PATH,
            answer=EXECUTION
            | {
                "state": "cancelled",
                "status": "Failed",
                "reason": "taken back",
                "finished_at": "2026-05-02T09:16:00Z",
            },
        ),
    )
    async def cancel(self, call: Call[None, None]) -> wire.Execution:
        return from_core_execution(await self._executions.cancel(call.actor, _execution_id(call)))

    @operation(
        "GET",
        QUEUE_PATH,
        surface="v2",
        tag=TAG,
        summary="Get a device's queue",
        scope=READ,
        of_project=True,
        answer=wire.Queue,
        example=Example(path=DEVICE_PATH, answer=QUEUE),
    )
    async def get_queue(self, call: Call[None, None]) -> wire.Queue:
        return from_core_queue(await self._executions.queue(call.actor, _device_id(call)))

    @operation(
        "PATCH",
        QUEUE_PATH,
        surface="v2",
        tag=TAG,
        summary="Set whether a device does one command at a time",
        scope=WRITE,
        of_project=True,
        body=wire.QueuePatch,
        answer=wire.Queue,
        example=Example(path=DEVICE_PATH, body={"one_at_a_time": True}, answer=QUEUE),
    )
    async def update_queue(self, call: Call[None, wire.QueuePatch]) -> wire.Queue:
        wanted = call.body.one_at_a_time
        return from_core_queue(await self._executions.set_one_at_a_time(call.actor, _device_id(call), wanted))


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])


def _execution_id(call: Call[Any, Any]) -> ExecutionId:
    return path_id(Prefix.EXECUTION, call.path["execution_id"])
