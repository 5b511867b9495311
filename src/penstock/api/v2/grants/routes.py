"""Grants of tokens over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.grants import subject_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.grants import wire
from penstock.api.v2.grants.examples import ELEVATED, GRANT, GRANT_PATH, NEW_GRANT, TOKEN_PATH
from penstock.api.v2.grants.translate import from_core_grant, to_core_end, to_core_grant
from penstock.api.v2.wire import ListOf, Page
from penstock.core.tokens.grants import GrantService
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import GrantId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "tokens:read", "tokens:write"


class GrantEndpoints:
    """Who may use a token."""

    routes = Routes("/api/v2/tokens/{token}/grants", surface="v2", tag="Tokens")

    def __init__(self, grants: GrantService) -> None:
        self._grants = grants

    @routes.get(scope=READ, example=Example(path=TOKEN_PATH, answer={"data": [GRANT], "next_cursor": None}))
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Grant]:
        """List the grants of a token.

        Oldest first. Callers who reach only what is granted see the grants to themselves, to their groups and to the key.
        """
        page = await self._grants.list(call.actor, call.path["token"], call.query.limit, call.query.cursor)
        return ListOf([from_core_grant(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        refuses=(409, 429),
        example=Example(path=TOKEN_PATH, body=NEW_GRANT, answer=GRANT),
    )
    async def create(self, call: Call[None, wire.GrantCreate]) -> wire.Grant:
        """Grant a token to a group, user or key.

        It applies from the next call, and no longer from its end on. To grant the seed needs the scope tokens:seed as well. A
        key to which something was granted can access only what is granted from then on, also after the grant has ended.
        """
        return from_core_grant(await self._grants.grant(call.actor, call.path["token"], to_core_grant(call.body)))

    @routes.patch(
        "/{grant_id}",
        scope=WRITE,
        example=Example(path=GRANT_PATH, body={"expires_in_s": 2592000}, answer=GRANT),
    )
    async def update(self, call: Call[None, wire.GrantPatch]) -> wire.Grant:
        """Set when a grant ends."""
        at_us, in_us = to_core_end(call.body.expires_at, call.body.expires_in_s)
        return from_core_grant(await self._grants.set_end(call.actor, call.path["token"], _grant_id(call), at_us, in_us))

    @routes.delete("/{grant_id}", scope=WRITE, status=204, example=Example(path=GRANT_PATH))
    async def revoke(self, call: Call[None, None]) -> None:
        """Revoke a grant.

        It no longer applies to the next call.
        """
        await self._grants.revoke(call.actor, call.path["token"], _grant_id(call))

    @routes.post(
        "/{grant_id}/elevate",
        scope=WRITE,
        status=201,
        refuses=(409, 429),
        example=Example(path=GRANT_PATH, body={"expires_in_s": 7200, "reason": "new phone"}, answer=ELEVATED),
    )
    async def elevate(self, call: Call[None, wire.Elevation]) -> wire.Grant:
        """Grant the seed for a while to a holder of codes.

        Returns the grant of the seed, which ends by itself: after these seconds, and not after the grant of the codes. Needs
        the scope tokens:seed as well.
        """
        for_us = call.body.expires_in_s * SECOND_US
        made = await self._grants.elevate(call.actor, call.path["token"], _grant_id(call), for_us, call.body.reason)
        return from_core_grant(made)


class GrantsOfSubjectEndpoints:
    """What a group, user or key was granted."""

    routes = Routes("/api/v2/token-grants", surface="v2", tag="Tokens")

    def __init__(self, grants: GrantService) -> None:
        self._grants = grants

    @routes.get(
        scope=READ,
        example=Example(query={"subject": "grp_0c2k9fq7w3m1x"}, answer={"data": [GRANT], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.SubjectQuery, None]) -> ListOf[wire.Grant]:
        """List what was granted to a group, user or key.

        Oldest first. What was granted to the groups of a user is listed with the groups. Callers who reach only what is
        granted can ask for themselves and their groups.
        """
        subject = subject_of(call.query.subject, "subject")
        page = await self._grants.list_of(call.actor, subject, call.query.limit, call.query.cursor)
        return ListOf([from_core_grant(one) for one in page.items], page.next_cursor)


def _grant_id(call: Call[Any, Any]) -> GrantId:
    return path_id(Prefix.GRANT, call.path["grant_id"])
