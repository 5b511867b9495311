"""How tools call the API: a port, and the calls within the process of a server. Those over HTTP are `cli/mcp_calls.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from penstock.api.shared.in_process import CREDENTIAL_HEADERS, ORIGIN_HEADERS, ApiAnswer, InProcess, passed_on
from penstock.core.actor import OWN_ORGANIZATION, Actor
from penstock.core.people.roles import OWN_CUSTOMER, OWN_DEVICES
from penstock.kit.http import Scope
from penstock.kit.operation import Operation

_PASSED_ON = (CREDENTIAL_HEADERS | ORIGIN_HEADERS) - {b"x-organization-id"}
Allowed = Callable[[Operation], bool]
"""Whether the caller can call an operation, as far as its credential says. The operation itself has the last word."""


class ApiCalls(Protocol):
    """Calls operations as one caller."""

    async def call(self, method: str, path: str, query: str = "", body: bytes | None = None) -> ApiAnswer:
        """The response to a call; `path` and `query` are encoded, `body` is JSON. An unreachable server is a response too."""

    async def allowed(self) -> Allowed:
        """Which operations the caller can call."""


class OwnCalls:
    """Calls within the process, because of a request of the endpoint for assistants, and with its credential."""

    def __init__(self, api: InProcess, outer: Scope, actor: Actor) -> None:
        self._api = api
        self._outer = outer
        self._actor = actor
        # The organisation that the request names, if any, is already known to be the key's.
        self._headers = [*passed_on(outer, _PASSED_ON), (b"x-organization-id", OWN_ORGANIZATION.encode())]

    async def call(self, method: str, path: str, query: str = "", body: bytes | None = None) -> ApiAnswer:
        """The response to a call."""
        return await self._api.call(self._outer, method, path, query=query, headers=self._headers, body=body)

    async def allowed(self) -> Allowed:
        """Which operations the key can call."""
        return lambda operation: can_call(self._actor, operation)


def can_call(actor: Actor, operation: Operation) -> bool:
    """Whether an actor would be admitted to an operation, as `api/shared/admission.py` decides it."""
    if operation.scope is None or (actor.project_id is not None and not operation.of_project):
        return False
    if actor.resident_id is not None:
        return operation.of_resident and actor.allows(OWN_DEVICES)
    if actor.customer_id is not None:
        return operation.of_customer and actor.allows(OWN_CUSTOMER)
    return actor.allows(operation.scope)


def with_scopes(scopes: Collection[str]) -> Allowed:
    """Which operations a key with these scopes can call."""
    return lambda operation: operation.scope in scopes
