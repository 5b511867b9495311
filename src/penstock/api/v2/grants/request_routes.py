"""Requests to read seeds over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.grants import wire
from penstock.api.v2.grants.examples import APPROVED, DENIED, REQUEST, REQUEST_PATH, TOKEN_PATH
from penstock.api.v2.grants.translate import from_core_request
from penstock.api.v2.wire import ListOf
from penstock.core.tokens.approvals import SeedRequestService
from penstock.core.tokens.grant_models import Purpose, RequestState
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, SeedRequestId
from penstock.kit.operation import Example

SCOPE = "tokens:seed"


class SeedRequestEndpoints:
    """Read a seed after a second person approved it."""

    routes = Routes("/api/v2", surface="v2", tag="Tokens")

    def __init__(self, requests: SeedRequestService) -> None:
        self._requests = requests

    @routes.get(
        "/seed-requests",
        scope=SCOPE,
        example=Example(query={"state": "open"}, answer={"data": [REQUEST], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.RequestQuery, None]) -> ListOf[wire.Request]:
        """List requests to read seeds.

        Newest first, of tokens whose seeds the caller may read; those that are open unless `state` says otherwise. They are
        kept for 90 days.
        """
        query = call.query
        state = converted(query.state, RequestState)
        page = await self._requests.list(call.actor, query.token, state, query.limit, query.cursor)
        return ListOf([from_core_request(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/tokens/{token}/seed-requests",
        scope=SCOPE,
        status=201,
        refuses=(409, 429),
        example=Example(path=TOKEN_PATH, body={"reason": "new phone"}, answer=REQUEST),
    )
    async def create(self, call: Call[None, wire.RequestCreate]) -> wire.Request:
        """Request to read the seed of a token.

        For tokens with `four_eyes`. The caller must be allowed to read the seed, apart from the approval of a second person.
        """
        body = call.body
        made = await self._requests.request(call.actor, call.path["token"], Purpose(body.purpose), body.reason)
        return from_core_request(made)

    @routes.post(
        "/tokens/{token}/seed-requests/{request_id}/approve",
        scope=SCOPE,
        refuses=(409,),
        example=Example(path=REQUEST_PATH, answer=APPROVED),
    )
    async def approve(self, call: Call[None, None]) -> wire.Request:
        """Approve a request of another person.

        The user or key that made it can then read the seed once, until the time `until`.
        """
        return from_core_request(await self._requests.approve(call.actor, call.path["token"], _request_id(call)))

    @routes.post(
        "/tokens/{token}/seed-requests/{request_id}/deny",
        scope=SCOPE,
        refuses=(409,),
        example=Example(path=REQUEST_PATH, answer=DENIED),
    )
    async def deny(self, call: Call[None, None]) -> wire.Request:
        """Deny a request of another person."""
        return from_core_request(await self._requests.deny(call.actor, call.path["token"], _request_id(call)))


def _request_id(call: Call[Any, Any]) -> SeedRequestId:
    return path_id(Prefix.SEED_REQUEST, call.path["request_id"])
