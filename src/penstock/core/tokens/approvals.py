"""Use cases on four eyes: request to read a seed, and decide on the requests of others."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.tenancy.keys import calling_key
from penstock.core.tokens.access import GrantAccess
from penstock.core.tokens.errors import (
    ApprovalNotNeeded,
    OwnRequest,
    SeedRequestDecided,
    SeedRequestLimitReached,
    SeedRequestNotFound,
)
from penstock.core.tokens.grant_config import GrantsConfig
from penstock.core.tokens.grant_models import Purpose, RequestState, SeedRequest, person_of
from penstock.core.tokens.grant_transaction import GrantTransaction
from penstock.core.tokens.models import Permission, Token
from penstock.core.tokens.requests import facts_of, new_request, token_target
from penstock.core.tokens.service import check_reached, get_token
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import MAX_ID, IdSource, Prefix, SeedRequestId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_REQUESTS = 100
"""Requests of one person for one token that can still be decided or used."""
SCOPE = "tokens:seed"


class SeedRequestService:
    """Requests to read the seeds of tokens whose option `four_eyes` is on."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[GrantTransaction],
        access: GrantAccess,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: GrantsConfig,
    ) -> None:
        self._database = database
        self._access = access
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config

    async def request(self, actor: Actor, token: str, purpose: Purpose, reason: str) -> SeedRequest:
        """Request to read a seed, or to end its four eyes. The caller may read the seed, apart from the approval.

        Raises:
            ScopeMissing, TokenNotFound, SeedNotGranted: the caller may not.
            ApprovalNotNeeded: the token's four eyes are off.
            SeedRequestLimitReached.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            found = await self._reachable(tx, actor, token)
            if not found.four_eyes:
                raise ApprovalNotNeeded(token=found.name)
            until_us = now_us + self._config.request_s * SECOND_US
            made = new_request(self._ids.next(SeedRequestId), actor, found, purpose, reason, now_us, until_us)
            if await tx.seed_requests.count_open(found.id, made.person, now_us) >= MAX_REQUESTS:
                raise SeedRequestLimitReached(limit=MAX_REQUESTS)
            await tx.seed_requests.create(made)
            await self._trail.record(tx, actor, "token.seed.request", token_target(found), **facts_of(made))
        return made

    async def approve(self, actor: Actor, token: str, request_id: SeedRequestId) -> SeedRequest:
        """Approve a request of another person. It can then be used once, for some minutes.

        Raises:
            ScopeMissing, TokenNotFound, SeedNotGranted: the caller may not read the seed.
            OwnRequest, SeedRequestNotFound, SeedRequestDecided.
        """
        until_us = self._clock.now_us() + self._config.approval_s * SECOND_US
        return await self._decide(actor, token, request_id, RequestState.APPROVED, until_us)

    async def deny(self, actor: Actor, token: str, request_id: SeedRequestId) -> SeedRequest:
        """Deny a request of another person.

        Raises:
            ScopeMissing, TokenNotFound, SeedNotGranted: the caller may not read the seed.
            OwnRequest, SeedRequestNotFound, SeedRequestDecided.
        """
        return await self._decide(actor, token, request_id, RequestState.DENIED, self._clock.now_us())

    async def list(
        self, actor: Actor, token: str | None, state: RequestState | None, limit: int, cursor: str | None
    ) -> Page[SeedRequest]:
        """Requests, newest first: of all tokens whose seeds the caller may read, or of one.

        Raises:
            TokenNotFound, SeedNotGranted.
        """
        before = decode_cursor(cursor, tuple[int])
        now_us = self._clock.now_us()
        async with self._database.snapshot(actor.org_id) as tx:
            one = None if token is None else (await self._reachable(tx, actor, token)).id
            subjects = await self._access.subjects(tx, actor)
            rows = await tx.seed_requests.list(one, state, limit + 1, before[0] if before else MAX_ID, subjects, now_us)
        found = [msgspec.structs.replace(row, state=row.state_at(now_us)) for row in rows]
        return page_of(found, limit, lambda last: (last.id,))

    async def _decide(
        self, actor: Actor, token: str, request_id: SeedRequestId, state: RequestState, until_us: int
    ) -> SeedRequest:
        now_us, by = self._clock.now_us(), actor.name or actor.kind.value
        async with self._database.transaction(actor.org_id) as tx:
            await calling_key(tx, actor)
            found = await self._reachable(tx, actor, token)
            request = await tx.seed_requests.find(request_id)
            if request is None or request.token_id != found.id:
                raise SeedRequestNotFound(request_id=encode(Prefix.SEED_REQUEST, request_id))
            if person_of(actor) == request.person:
                raise OwnRequest()
            is_open = request.state_at(now_us) is RequestState.OPEN
            if not is_open or not await tx.seed_requests.decide(request, state, until_us, by, person_of(actor), now_us):
                raise SeedRequestDecided(state=request.state_at(now_us).value)
            action = "token.seed.approve" if state is RequestState.APPROVED else "token.seed.deny"
            await self._trail.record(tx, actor, action, token_target(found), **facts_of(request))
        return msgspec.structs.replace(request, state=state, until_us=until_us, decided_by=by, decided_us=now_us)

    async def _reachable(self, tx: GrantTransaction, actor: Actor, text: str) -> Token:
        """A token whose seed the caller may read."""
        actor.require(SCOPE)
        found = await get_token(tx, text)
        await check_reached(self._access, tx, actor, found, text, Permission.SEED)
        return found
