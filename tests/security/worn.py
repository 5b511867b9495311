"""Things that calls may use up, so that not every call needs new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import httpx

from penstock.kit.errors import PenstockError
from penstock.kit.operation import Operation
from tests.security.calls import Answer, Request, request_for, send
from tests.security.holding import Holding, make_holding
from tests.support.server import Org

MakeRequest = Callable[[Operation, Holding], Request]


class Worn:
    """What an organisation holds, for many calls one after the other.

    A call that is refused on things that others used before it is made again on new ones, and only that answer counts. What
    cannot even be asked for on used ones, as nobody can sign in whose password was changed, is asked for on new ones too.
    """

    def __init__(self, client: httpx.Client, org: Org, calling: httpx.Client | None = None) -> None:
        """`calling` is the client that makes the calls, if not the one that makes the things."""
        self._client = client
        self._calling = calling or client
        self._org = org
        self._used = make_holding(client, org, "worn")

    def check(self, operation: Operation, check: Callable[[Holding], object]) -> None:
        """Check something on used things, and where that fails on new ones, of which it must be true."""
        try:
            check(self._used)
        except (AssertionError, PenstockError):
            check(make_holding(self._client, self._org, "new", operation))

    def answer(self, operation: Operation, make_request: MakeRequest = request_for) -> Answer:
        """The answer to a call that must be good: on used things if they still serve, else on new ones."""
        answer = self._sent(operation, make_request, self._used)
        if answer is not None and answer.status < 300:
            return answer
        new = make_holding(self._client, self._org, "new", operation)
        return send(self._calling, make_request(operation, new))

    def _sent(self, operation: Operation, make_request: MakeRequest, holding: Holding) -> Answer | None:
        try:
            return send(self._calling, make_request(operation, holding))
        except (AssertionError, PenstockError):
            return None


ENDS_SESSIONS = ("/password", "/sign-out", "/mfa", "/token")
"""Parts of the paths of calls after which somebody is signed in no more, or cannot sign in as before; a device neither."""


def sparing(operations: Iterable[Operation]) -> list[Operation]:
    """In an order in which they leave each other as much as they can: who reads comes first, who removes last, from the leaves
    to the root."""

    def place(operation: Operation) -> tuple[int, int]:
        if operation.method == "GET":
            return 0, 0
        if operation.method == "DELETE":
            return 3, -operation.path.count("/")
        return 2 if any(part in operation.path for part in ENDS_SESSIONS) else 1, 0

    return sorted(operations, key=place)
