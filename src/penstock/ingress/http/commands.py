"""Commands for devices without a connection: fetch the waiting commands, and acknowledge them.

Both calls carry the device's own access token. Fetching counts as receipt: the returned commands are `received` when the
response leaves, and are never returned again. With `confirm=true` the device acknowledges each receipt itself, and until then a
repeatable command is returned again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
import structlog
from msgspec import Meta

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.errors import ExecutionNotFound
from penstock.core.commands.messages import AcknowledgementMessage, CommandMessage, command_message, read_acknowledgement
from penstock.core.commands.models import State
from penstock.core.commands.queue import CommandQueue
from penstock.core.devices.errors import DevicePaused
from penstock.core.devices.models import DeviceStatus
from penstock.core.tenancy.errors import CredentialMissing
from penstock.ingress.http.admission import Admission
from penstock.kit.decoding import decode_query
from penstock.kit.errors import InternalError, InvalidInput, PenstockError
from penstock.kit.http import (
    BodyBudget,
    ClientGone,
    Receive,
    Scope,
    Send,
    check_json_type,
    credential,
    has_body,
    read_body,
    send_json,
    send_problem,
)
from penstock.kit.ids import Prefix, decode, encode
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of
from penstock.kit.wire_types import one_of

MAX_BODY_BYTES = 65_536
_PATH = "/api/v2/device/commands"
_EXECUTION_ID = "cmd_0c2k9fq7w3e8t"
_log = structlog.get_logger()


class Fetch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The maximum number of commands to fetch, and whether the device confirms each receipt itself."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    confirm: bool = False


class Fetched(msgspec.Struct, frozen=True):
    """The commands that wait for the device, in the order in which they were requested."""

    data: list[CommandMessage]


class Acknowledged(msgspec.Struct, frozen=True):
    """The command's new state."""

    id: str
    state: Annotated[str, one_of(*State)]


class DeviceCommands:
    """The calls of a device for its commands."""

    def __init__(self, queue: CommandQueue, admission: Admission, budget: BodyBudget) -> None:
        self._queue = queue
        self._admission = admission
        self._budget = budget

    @asgi_operation(
        "GET",
        _PATH,
        surface="v2",
        tag="Commands",
        device_token=True,
        query=Fetch,
        answer=Fetched,
        example=Example(
            query={"limit": "10"},
            answer={
                "data": [
                    {
                        "id": _EXECUTION_ID,
                        "name": "set_interval",
                        "parameters": {"seconds": 30},
                        "created_at": "2026-05-02T09:15:04Z",
                        "expires_at": "2026-05-03T09:15:04Z",
                    }
                ]
            },
        ),
        scope=None,
    )
    async def fetch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Fetch commands as a device.

        Called with the device's access token. Fetching counts as receipt. With `confirm=true` a command counts as received only
        when the device acknowledges it, and a repeatable one is returned again until then.
        """

        async def answer(device: Actor) -> Fetched:
            query = decode_query(scope["query_string"], Fetch)
            found = await self._queue.poll(device, query.limit, confirm=query.confirm)
            return Fetched([command_message(one) for one in found])

        await self._carry_out(scope, send, answer)

    @asgi_operation(
        "POST",
        f"{_PATH}/{{execution_id}}/ack",
        surface="v2",
        tag="Commands",
        device_token=True,
        body=AcknowledgementMessage,
        answer=Acknowledged,
        max_body_bytes=MAX_BODY_BYTES,
        refuses=(409,),
        example=Example(
            path={"execution_id": _EXECUTION_ID},
            body={"ok": True, "result": {"seconds": 30}},
            answer={"id": _EXECUTION_ID, "state": "done"},
        ),
        scope=None,
    )
    async def acknowledge(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Acknowledge a command as a device.

        Called with the device's access token. Repeating the same outcome has no effect; a different one is rejected with 409.
        """

        async def answer(device: Actor) -> Acknowledged:
            if has_body(scope):
                check_json_type(scope)
            raw = await read_body(scope, receive, MAX_BODY_BYTES, self._budget) or b"{}"
            named, acknowledgement = read_acknowledgement(raw)
            text = scope["path"].split("/")[5]
            execution_id = decode(Prefix.EXECUTION, text)
            if execution_id is None:
                raise ExecutionNotFound(execution_id=text[:64])
            if named not in (None, execution_id):
                raise InvalidInput.field("id", "must be the id of the command in the path")
            execution = await self._queue.acknowledge(device, execution_id, acknowledgement)
            return Acknowledged(encode(Prefix.EXECUTION, execution.id), execution.state.value)

        await self._carry_out(scope, send, answer)

    async def _carry_out(self, scope: Scope, send: Send, answer: Callable[[Actor], Awaitable[Any]]) -> None:
        request_id = request_id_of(scope)
        try:
            body = msgspec.json.encode(await answer(await self._device(scope)))
        except PenstockError as error:
            await send_problem(send, error, request_id)
        except ClientGone:
            return
        except Exception:
            _log.exception("ingest_failed", request_id=request_id)
            await send_problem(send, InternalError(), request_id)
        else:
            await send_json(send, 200, body, [(b"x-request-id", request_id.encode())])

    async def _device(self, scope: Scope) -> Actor:
        token = credential(scope)
        if not token:
            raise CredentialMissing()
        device = await self._admission.device(token)
        if device.status is not DeviceStatus.ACTIVE:
            raise DevicePaused()
        return Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id)
