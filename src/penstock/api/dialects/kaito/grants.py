"""Kaito's endpoints for grants of tokens, and for requests to read their seeds: decode, call, encode.

Source: surfaces/kaito.md 3. The vendor documents the permissions and no paths, so the paths are Penstock's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.grants import moment, subject_of
from penstock.api.shared.routes import Routes
from penstock.core.tokens.approvals import SeedRequestService
from penstock.core.tokens.grant_models import Granted, NewGrant, Purpose, RequestState, SeedRequest
from penstock.core.tokens.grants import GrantService
from penstock.core.tokens.models import Permission
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import GrantId, Prefix, SeedRequestId, encode
from penstock.kit.operation import Example
from penstock.kit.wire_types import one_of

PERMISSIONS = {"code-only": Permission.CODE, "full-seed": Permission.SEED}
"""The permissions by the vendor's words."""
_WORDS = {permission: word for word, permission in PERMISSIONS.items()}
Seconds = Annotated[int, Meta(ge=1, le=315_360_000)]
Time = Annotated[str, Meta(max_length=40)]
Reason = Annotated[str, Meta(max_length=500)]
_NAME = {"token": "aws-prod"}
_GRANT_PATH = _NAME | {"grant_id": "grn_0c2k9fq7w3g8k"}
_REQUEST_PATH = _NAME | {"request_id": "srq_0c2k9fq7w3r8k"}
_GRANT: dict[str, Any] = {
    "id": "grn_0c2k9fq7w3g8k",
    "token": "aws-prod",
    "subject": "grp_0c2k9fq7w3m1x",
    "subject_name": "Contractors",
    "permission": "code-only",
    "expires_at": "2026-06-01T00:00:00Z",
    "reason": "audit in May",
    "created_at": "2026-05-02T09:00:00Z",
}
_ELEVATED = _GRANT | {"id": "grn_0c2k9fq7w3h2m", "permission": "full-seed", "expires_at": "2026-05-02T11:00:00Z"}
_REQUEST: dict[str, Any] = {
    "id": "srq_0c2k9fq7w3r8k",
    "token": "aws-prod",
    "purpose": "read",
    "reason": "new phone",
    "state": "open",
    "requested_by": "lena@example.org",
    "decided_by": None,
    "created_at": "2026-05-02T09:00:00Z",
    "expires_at": "2026-05-03T09:00:00Z",
}
_APPROVED = _REQUEST | {"state": "approved", "decided_by": "ada@example.org", "expires_at": "2026-05-02T09:20:00Z"}
_DENIED = _REQUEST | {"state": "denied", "decided_by": "ada@example.org", "expires_at": "2026-05-02T09:05:00Z"}


class GrantCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A grant to make to a group, user or key, by its id."""

    subject: Annotated[str, Meta(min_length=1, max_length=64)]
    permission: Literal["code-only", "full-seed"] = "code-only"
    expires_at: Time | None = None
    expires_in_s: Seconds | None = None
    reason: Reason = ""


class GrantPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """When a grant ends from now on; a time of null: not by itself."""

    expires_at: Time | UnsetType | None = UNSET
    expires_in_s: Seconds | UnsetType = UNSET


class Elevation(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds the seed is granted."""

    expires_in_s: Seconds
    reason: Reason = ""


class KaitoGrant(Struct, frozen=True, kw_only=True):
    """A grant in Kaito's words."""

    id: str
    token: str
    subject: str
    subject_name: str
    permission: Annotated[str, one_of(*PERMISSIONS)]
    expires_at: str | None
    reason: str
    created_at: str


class RequestCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the seed is read, or why from now on no approval is required (`end_four_eyes`)."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    purpose: Literal["read", "end_four_eyes"] = "read"


class KaitoRequest(Struct, frozen=True, kw_only=True):
    """A request to read a seed."""

    id: str
    token: str
    purpose: Annotated[str, one_of(*Purpose)]
    reason: str
    state: Annotated[str, one_of(*RequestState)]
    requested_by: str
    decided_by: str | None
    created_at: str
    expires_at: str


class ListQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The page of a list."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: Annotated[str, Meta(max_length=512)] | None = None


class KaitoGrantEndpoints:
    """Who may use a token, in Kaito's words."""

    routes = Routes("/v1/tokens/{token}/grants", surface="kaito", tag="Kaito")

    def __init__(self, grants: GrantService) -> None:
        self._grants = grants

    @routes.get(scope="tokens:read", example=Example(path=_NAME, answer=[_GRANT]))
    async def list(self, call: Call[ListQuery, None]) -> Answer[list[KaitoGrant]]:
        """List the grants of a token (Kaito).

        A bare array, oldest first; the cursor of the next page is in `X-Next-Cursor`.
        """
        page = await self._grants.list(call.actor, call.path["token"], call.query.limit, call.query.cursor)
        return Answer(body=[_grant(one) for one in page.items], headers=_next(page.next_cursor))

    @routes.post(
        scope="tokens:write",
        status=201,
        refuses=(409, 429),
        example=Example(
            path=_NAME,
            body={"subject": "grp_0c2k9fq7w3m1x", "permission": "code-only", "expires_in_s": 2592000},
            answer=_GRANT,
        ),
    )
    async def create(self, call: Call[None, GrantCreate]) -> Answer[KaitoGrant]:
        """Grant a token to a group, user or key (Kaito).

        `full-seed` needs the scope tokens:seed as well. A key to which something was granted can access only what is granted
        from then on.
        """
        body = call.body
        new = NewGrant(
            subject=subject_of(body.subject, "subject"),
            permission=PERMISSIONS[body.permission],
            expires_us=moment(body.expires_at, "expires_at"),
            expires_in_us=None if body.expires_in_s is None else body.expires_in_s * SECOND_US,
            reason=body.reason,
        )
        return Answer(body=_grant(await self._grants.grant(call.actor, call.path["token"], new)))

    @routes.patch(
        "/{grant_id}",
        scope="tokens:write",
        example=Example(path=_GRANT_PATH, body={"expires_in_s": 2592000}, answer=_GRANT),
    )
    async def update(self, call: Call[None, GrantPatch]) -> Answer[KaitoGrant]:
        """Set when a grant ends (Kaito)."""
        body = call.body
        if body.expires_at is UNSET and body.expires_in_s is UNSET:
            raise InvalidInput.field("expires_at", "must be given, or expires_in_s", "required")
        at_us = None if isinstance(body.expires_at, UnsetType) else moment(body.expires_at, "expires_at")
        in_us = None if isinstance(body.expires_in_s, UnsetType) else body.expires_in_s * SECOND_US
        return Answer(body=_grant(await self._grants.set_end(call.actor, call.path["token"], _grant_id(call), at_us, in_us)))

    @routes.delete("/{grant_id}", scope="tokens:write", status=204, example=Example(path=_GRANT_PATH))
    async def revoke(self, call: Call[None, None]) -> None:
        """Revoke a grant (Kaito)."""
        await self._grants.revoke(call.actor, call.path["token"], _grant_id(call))

    @routes.post(
        "/{grant_id}/elevate",
        scope="tokens:write",
        status=201,
        refuses=(409, 429),
        example=Example(path=_GRANT_PATH, body={"expires_in_s": 7200}, answer=_ELEVATED),
    )
    async def elevate(self, call: Call[None, Elevation]) -> Answer[KaitoGrant]:
        """Grant the seed for a while to a holder of codes (Kaito).

        Returns the grant of the seed, which ends by itself. Needs the scope tokens:seed as well.
        """
        for_us = call.body.expires_in_s * SECOND_US
        made = await self._grants.elevate(call.actor, call.path["token"], _grant_id(call), for_us, call.body.reason)
        return Answer(body=_grant(made))


class KaitoSeedRequestEndpoints:
    """Read a seed after a second person approved it."""

    routes = Routes("/v1/tokens/{token}/seed-requests", surface="kaito", tag="Kaito")

    def __init__(self, requests: SeedRequestService) -> None:
        self._requests = requests

    @routes.get(scope="tokens:seed", example=Example(path=_NAME, answer=[_REQUEST]))
    async def list(self, call: Call[ListQuery, None]) -> Answer[list[KaitoRequest]]:
        """List the requests to read the seed of a token (Kaito).

        A bare array, newest first; the cursor of the next page is in `X-Next-Cursor`.
        """
        page = await self._requests.list(call.actor, call.path["token"], None, call.query.limit, call.query.cursor)
        return Answer(body=[_request(one) for one in page.items], headers=_next(page.next_cursor))

    @routes.post(
        scope="tokens:seed",
        status=201,
        refuses=(409, 429),
        example=Example(path=_NAME, body={"reason": "new phone"}, answer=_REQUEST),
    )
    async def create(self, call: Call[None, RequestCreate]) -> Answer[KaitoRequest]:
        """Request to read the seed of a token (Kaito)."""
        purpose = Purpose(call.body.purpose)
        return Answer(body=_request(await self._requests.request(call.actor, call.path["token"], purpose, call.body.reason)))

    @routes.post(
        "/{request_id}/approve", scope="tokens:seed", refuses=(409,), example=Example(path=_REQUEST_PATH, answer=_APPROVED)
    )
    async def approve(self, call: Call[None, None]) -> Answer[KaitoRequest]:
        """Approve a request of another person (Kaito)."""
        return Answer(body=_request(await self._requests.approve(call.actor, call.path["token"], _request_id(call))))

    @routes.post("/{request_id}/deny", scope="tokens:seed", refuses=(409,), example=Example(path=_REQUEST_PATH, answer=_DENIED))
    async def deny(self, call: Call[None, None]) -> Answer[KaitoRequest]:
        """Deny a request of another person (Kaito)."""
        return Answer(body=_request(await self._requests.deny(call.actor, call.path["token"], _request_id(call))))


def _grant(granted: Granted) -> KaitoGrant:
    grant = granted.grant
    return KaitoGrant(
        id=encode(Prefix.GRANT, grant.id),
        token=granted.token,
        subject=granted.of.text,
        subject_name=granted.subject,
        permission=_WORDS[grant.permission],
        expires_at=converted(grant.expires_us, format_time),
        reason=grant.reason,
        created_at=format_time(grant.created_us),
    )


def _request(request: SeedRequest) -> KaitoRequest:
    return KaitoRequest(
        id=encode(Prefix.SEED_REQUEST, request.id),
        token=request.token,
        purpose=request.purpose.value,
        reason=request.reason,
        state=request.state.value,
        requested_by=request.requested_by,
        decided_by=request.decided_by or None,
        created_at=format_time(request.created_us),
        expires_at=format_time(request.until_us),
    )


def _next(cursor: str | None) -> list[tuple[bytes, bytes]]:
    return [(b"x-next-cursor", cursor.encode())] if cursor else []


def _grant_id(call: Call[Any, Any]) -> GrantId:
    return path_id(Prefix.GRANT, call.path["grant_id"])


def _request_id(call: Call[Any, Any]) -> SeedRequestId:
    return path_id(Prefix.SEED_REQUEST, call.path["request_id"])
