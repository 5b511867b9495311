"""Calls the handlers of operations: in a transaction around them, if a request has an idempotency key or a condition.

The use case then commits together with the stored response, or after the condition was checked, and nothing can come between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.api.shared.call import Answer, Call, Stream
from penstock.api.shared.conditions import CHANGES, Readers, check_conditions, etag_of, has_conditions
from penstock.api.shared.idempotency import from_kept, idempotency_of, to_kept
from penstock.api.shared.surface import SurfaceRules
from penstock.core.database import HoldingDatabase
from penstock.core.idempotency import HasIdempotency, IdempotencyKey
from penstock.kit.clock import Clock
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.operation import Bound, Operation


class _AlreadyAnswered(Exception):
    """Another request with the same key was answered while this one was being checked."""

    def __init__(self, stored: bytes) -> None:
        super().__init__()
        self.stored = stored


class Handling:
    """Calls handlers and encodes what they return. `readers` are the operations whose responses have an entity tag, by path."""

    def __init__(
        self, database: HoldingDatabase[HasIdempotency], clock: Clock, rules: Sequence[SurfaceRules], readers: Readers
    ) -> None:
        self._database = database
        self._clock = clock
        self._encode = {rule.surface: rule.encode for rule in rules}
        self._readers = readers

    def has_tag(self, operation: Operation) -> bool:
        """Whether the responses of an operation have an entity tag."""
        reader = self._readers.get(operation.path)
        # A change that returns what the GET does saves its caller that GET.
        return reader is not None and (operation.method == "GET" or operation.answer == reader.operation.answer)

    async def answer(self, bound: Bound, call: Call[Any, Any]) -> Stream | Answer[bytes]:
        """Call the handler, in a transaction around it if the request has an idempotency key or a condition."""
        operation = bound.operation
        key = idempotency_of(call) if operation.idempotent else None
        conditional = operation.method in CHANGES and operation.path in self._readers and has_conditions(call.scope)
        if key is None and not conditional:
            return self._encoded(operation, await bound.handle(call))
        if key is not None and (stored := await self._stored(call, key)) is not None:
            return from_kept(stored)
        try:
            return await self._answer_held(bound, call, key, conditional=conditional)
        except _AlreadyAnswered as found:
            return from_kept(found.stored)

    async def _stored(self, call: Call[Any, Any], key: IdempotencyKey) -> bytes | None:
        async with self._database.snapshot(call.actor.org_id) as tx:
            return await tx.idempotency.find(call.actor.id, key)

    async def _answer_held(
        self, bound: Bound, call: Call[Any, Any], key: IdempotencyKey | None, *, conditional: bool
    ) -> Stream | Answer[bytes]:
        async def on_begin(tx: HasIdempotency) -> None:
            # Again: the same request may have been carried out since, and from here on there is no other writer.
            if key is not None and (stored := await tx.idempotency.find(call.actor.id, key)) is not None:
                raise _AlreadyAnswered(stored)
            if conditional:
                await self._check_conditions(bound.operation, call)

        failure: PenstockError | None = None
        async with self._database.held(call.actor.org_id, on_begin) as begun:
            try:
                answer = self._encoded(bound.operation, await bound.handle(call))
                tx = await begun()
            except PenstockError as error:
                # Raised after the commit: what the use case committed before it failed, such as a failed attempt, must stay.
                failure = error
            else:
                if key is not None and isinstance(answer, Answer):
                    await tx.idempotency.keep(call.actor.id, key, to_kept(answer, bound.operation.status), self._clock.now_us())
        if failure is not None:
            try:
                raise failure
            finally:
                del failure  # an error that its own frame holds keeps the request alive
        return answer

    async def _check_conditions(self, operation: Operation, call: Call[Any, Any]) -> None:
        """Compare the conditions of a change with the current state, in the transaction of the change.

        Raises:
            PreconditionFailed: one of them does not hold.
        """
        reader = self._readers[operation.path]
        try:
            # The reader's own scope is not required: nothing that is read is returned.
            found = self._encoded(reader.operation, await reader.handle(msgspec.structs.replace(call, query=None, body=None)))
        except PenstockError as error:
            # A PUT can create what does not exist yet. For the others the missing object is the error.
            if error.kind is not Kind.NOT_FOUND or operation.method != "PUT":
                raise
            check_conditions(call.scope, None)
            return
        assert isinstance(found, Answer)
        check_conditions(call.scope, etag_of(found.body or b""))

    def _encoded(self, operation: Operation, answer: Any) -> Stream | Answer[bytes]:
        """A handler's response with its content encoded."""
        if isinstance(answer, Stream):
            return answer
        if not isinstance(answer, Answer):
            answer = Answer(body=answer)
        body = answer.body if isinstance(answer.body, bytes) else self._encode[operation.surface](answer.body)
        return Answer(body=body, status=answer.status, headers=answer.headers)
