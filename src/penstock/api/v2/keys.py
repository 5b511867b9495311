"""API keys over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import keys_wire as wire
from penstock.api.v2.wire import ListOf
from penstock.core.tenancy.key_styles import KeyStyle
from penstock.core.tenancy.keys import KeyService
from penstock.core.tenancy.models import ApiKey, KeyRequest, KeyStatus, NewKey, SingleUse
from penstock.core.tenancy.scopes import CATALOGUE, parse_scopes
from penstock.kit.clock import SECOND_US, Clock, format_time, format_time_or_none, parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import KeyId, Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Keys"
PATH = "/api/v2/keys"
SCOPE = "org:admin"
KEY_PATH = {"key_id": "key_0c2k9fq7w3c2k"}
KEY: dict[str, Any] = {
    "id": "key_0c2k9fq7w3c2k",
    "name": "Reports",
    "prefix": "psk_7Qb1",
    "style": "penstock",
    "status": "active",
    "scopes": ["devices:read", "telemetry:read"],
    "allowed_cidrs": ["192.0.2.0/24"],
    "single_use": None,
    "used_from": None,
    "calls_per_minute": None,
    "project_id": None,
    "created_at": "2026-04-14T06:00:00Z",
    "created_by": "usr_0c2k9fq7w3u4d",
    "expires_at": "2027-04-14T06:00:00Z",
    "rotated_at": None,
    "valid_until": None,
    "replaced_by": None,
    "revoked_at": None,
    "last_used_at": "2026-05-02T09:15:04Z",
    "last_used_from": "192.0.2.7",
}
CREATED = {
    "key": KEY | {"last_used_at": None, "last_used_from": ""},
    "value": "psk_7Qb1Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
    "warning": "copy the value now, it is not shown again",
}


class KeyEndpoints:
    """Create, list, rename, rotate and revoke keys."""

    def __init__(self, keys: KeyService, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    @operation(
        "GET",
        "/api/v2/scopes",
        surface="v2",
        tag=TAG,
        summary="List the scopes that a key can carry",
        scope="profile:read",
        of_project=True,
        answer=ListOf[wire.ScopeInfo],
        example=Example(answer={"data": [{"name": "devices:read", "description": "See devices"}], "next_cursor": None}),
    )
    async def list_scopes(self, call: Call[None, None]) -> ListOf[wire.ScopeInfo]:
        return ListOf([wire.ScopeInfo(name, text) for name, text in sorted(CATALOGUE.items())])

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List keys",
        description="Newest first; rotated and revoked ones stay.",
        scope=SCOPE,
        query=wire.KeyQuery,
        answer=ListOf[wire.Key],
        example=Example(query={"status": "active"}, answer={"data": [KEY], "next_cursor": None}),
    )
    async def list_keys(self, call: Call[wire.KeyQuery, None]) -> ListOf[wire.Key]:
        status = KeyStatus(call.query.status) if call.query.status else None
        page = await self._keys.list(call.actor, status, call.query.limit, call.query.cursor)
        return ListOf([self._shown(key) for key in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Create a key",
        description="The answer shows the key's value, once. Nobody can grant a scope that they do not have themselves.",
        scope=SCOPE,
        status=201,
        body=wire.KeyCreate,
        answer=wire.CreatedKey,
        example=Example(
            body={
                "name": "Reports",
                "scopes": ["devices:read", "telemetry:read"],
                "expires_at": "2099-04-14T06:00:00Z",
                "allowed_cidrs": ["127.0.0.0/8"],
            },
            answer=CREATED,
        ),
    )
    async def create(self, call: Call[None, wire.KeyCreate]) -> wire.CreatedKey:
        return self._created(await self._keys.create(call.actor, _to_core(call.body)))

    @operation(
        "GET",
        f"{PATH}/{{key_id}}",
        surface="v2",
        tag=TAG,
        summary="Get a key",
        scope=SCOPE,
        answer=wire.Key,
        example=Example(path=KEY_PATH, answer=KEY),
    )
    async def get(self, call: Call[None, None]) -> wire.Key:
        return self._shown(await self._keys.get(call.actor, _key_id(call)))

    @operation(
        "PATCH",
        f"{PATH}/{{key_id}}",
        surface="v2",
        tag=TAG,
        summary="Rename a key",
        description="Scopes and restrictions of a key never change: rotate or make another.",
        scope=SCOPE,
        body=wire.KeyPatch,
        answer=wire.Key,
        example=Example(path=KEY_PATH, body={"name": "Monthly reports"}, answer=KEY | {"name": "Monthly reports"}),
    )
    async def rename(self, call: Call[None, wire.KeyPatch]) -> wire.Key:
        return self._shown(await self._keys.rename(call.actor, _key_id(call), call.body.name))

    @operation(
        "POST",
        f"{PATH}/{{key_id}}/rotate",
        surface="v2",
        tag=TAG,
        summary="Give a key another value",
        description="The new value is shown once, under a new id and with the same rights. The old value stops at once, or "
        "after `overlap_s`; its row stays as rotated.",
        scope=SCOPE,
        status=201,
        body=wire.KeyRotate,
        answer=wire.CreatedKey,
        example=Example(path=KEY_PATH, body={"overlap_s": 3600}, answer=CREATED),
    )
    async def rotate(self, call: Call[None, wire.KeyRotate]) -> wire.CreatedKey:
        return self._created(await self._keys.rotate(call.actor, _key_id(call), call.body.overlap_s * SECOND_US))

    @operation(
        "POST",
        f"{PATH}/{{key_id}}/revoke",
        surface="v2",
        tag=TAG,
        summary="End a key for good",
        description="At once and for ever; the row stays. A key that is revoked already is answered alike.",
        scope=SCOPE,
        answer=wire.Key,
        example=Example(path=KEY_PATH, answer=KEY | {"status": "revoked", "revoked_at": "2026-05-02T09:15:04Z"}),
    )
    async def revoke(self, call: Call[None, None]) -> wire.Key:
        return self._shown(await self._keys.revoke(call.actor, _key_id(call)))

    def _created(self, new: NewKey) -> wire.CreatedKey:
        return wire.CreatedKey(self._shown(new.key), new.value)

    def _shown(self, key: ApiKey) -> wire.Key:
        return wire.Key(
            id=encode(Prefix.KEY, key.id),
            name=key.name,
            prefix=key.prefix,
            style=key.style.value,
            status=key.status(self._clock.now_us()).value,
            scopes=sorted(key.scopes),
            allowed_cidrs=list(key.cidrs),
            single_use=key.single_use.value if key.single_use else None,
            used_from=key.used_from,
            calls_per_minute=key.per_minute,
            project_id=encode(Prefix.PROJECT, key.project_id) if key.project_id is not None else None,
            created_at=format_time(key.created_us),
            created_by=key.created_by,
            expires_at=format_time_or_none(key.expires_us),
            rotated_at=format_time_or_none(key.rotated_us),
            valid_until=format_time_or_none(key.valid_until_us),
            replaced_by=encode(Prefix.KEY, key.replaced_by) if key.replaced_by is not None else None,
            revoked_at=format_time_or_none(key.revoked_us),
            last_used_at=format_time_or_none(key.last_used_us),
            last_used_from=key.last_address,
        )


def _to_core(body: wire.KeyCreate) -> KeyRequest:
    expires_us = None
    if body.expires_at is not None:
        try:
            expires_us = parse_time(body.expires_at)
        except ValueError as error:
            raise InvalidInput.field("expires_at", str(error), "time") from None
    return KeyRequest(
        name=body.name,
        scopes=parse_scopes(body.scopes),
        style=KeyStyle(body.style),
        expires_us=expires_us,
        cidrs=tuple(body.allowed_cidrs),
        single_use=SingleUse(body.single_use) if body.single_use else None,
        per_minute=body.calls_per_minute,
        project_id=None if body.project_id is None else body_id(Prefix.PROJECT, body.project_id, "project_id"),
    )


def _key_id(call: Call[Any, Any]) -> KeyId:
    return path_id(Prefix.KEY, call.path["key_id"])
