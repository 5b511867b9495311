"""API keys over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.keys import wire
from penstock.api.v2.keys.examples import CREATED, KEY, KEY_PATH
from penstock.api.v2.keys.translate import to_core_key
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf
from penstock.core.people.roles import SCOPES_OF_ROLES
from penstock.core.tenancy.keys import KeyService, root_of
from penstock.core.tenancy.models import ApiKey, KeyStatus, NewKey
from penstock.core.tenancy.scopes import CATALOGUE
from penstock.kit.clock import SECOND_US, Clock, format_time, format_time_or_none
from penstock.kit.ids import KeyId, Prefix, encode
from penstock.kit.operation import Example

SCOPE = "org:admin"


class KeyEndpoints:
    """Create, list, rename, rotate and revoke keys."""

    routes = Routes("/api/v2", surface="v2", tag="Keys")

    def __init__(self, keys: KeyService, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    @routes.get(
        "/scopes",
        scope="profile:read",
        of_project=True,
        example=Example(answer={"data": [{"name": "devices:read", "description": "See devices"}], "next_cursor": None}),
    )
    async def list_scopes(self, call: Call[None, None]) -> ListOf[wire.ScopeInfo]:
        """List the scopes that a key can have."""
        return ListOf([wire.ScopeInfo(name, text) for name, text in sorted(CATALOGUE.items())])

    @routes.get(
        "/keys",
        scope=SCOPE,
        example=Example(query={"status": "active"}, answer={"data": [KEY], "next_cursor": None}),
    )
    async def list_keys(self, call: Call[wire.KeyQuery, None]) -> ListOf[wire.Key]:
        """List keys.

        Newest first by default, including rotated and revoked ones.
        """
        status = KeyStatus(call.query.status) if call.query.status else None
        page = await self._keys.list(call.actor, status, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([self._to_wire(key) for key in page.items], page.next_cursor)

    @routes.post(
        "/keys",
        scope=SCOPE,
        status=201,
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
        """Create a key.

        The response contains the key's value, once. You can grant only scopes that you have. The key's root is you, or the root
        of the key that makes the call; when that user is removed, so are the keys that they answer for.
        """
        return self._created(await self._keys.create(call.actor, to_core_key(call.body)))

    @routes.get(
        "/keys/{key_id}",
        scope=SCOPE,
        example=Example(path=KEY_PATH, answer=KEY),
    )
    async def get(self, call: Call[None, None]) -> wire.Key:
        """Get a key."""
        return self._to_wire(await self._keys.get(call.actor, _key_id(call)))

    @routes.patch(
        "/keys/{key_id}",
        scope=SCOPE,
        example=Example(path=KEY_PATH, body={"name": "Monthly reports"}, answer=KEY | {"name": "Monthly reports"}),
    )
    async def rename(self, call: Call[None, wire.KeyPatch]) -> wire.Key:
        """Rename a key.

        The scopes and restrictions of a key cannot be changed: create another key instead.
        """
        return self._to_wire(await self._keys.rename(call.actor, _key_id(call), call.body.name))

    @routes.post(
        "/keys/{key_id}/rotate",
        scope=SCOPE,
        status=201,
        example=Example(path=KEY_PATH, body={"overlap_s": 3600}, answer=CREATED),
    )
    async def rotate(self, call: Call[None, wire.KeyRotate]) -> wire.CreatedKey:
        """Rotate a key.

        Returns the new value once, under a new id and with the same rights, restrictions and root. The old value becomes invalid
        immediately, or after `overlap_s`; the old key stays in the list as rotated.
        """
        return self._created(await self._keys.rotate(call.actor, _key_id(call), call.body.overlap_s * SECOND_US))

    @routes.post(
        "/keys/{key_id}/revoke",
        scope=SCOPE,
        example=Example(path=KEY_PATH, answer=KEY | {"status": "revoked", "revoked_at": "2026-05-02T09:15:04Z"}),
    )
    async def revoke(self, call: Call[None, None]) -> wire.Key:
        """Revoke a key.

        The key becomes invalid immediately and permanently; it stays in the list. Repeating the call has no effect.
        """
        return self._to_wire(await self._keys.revoke(call.actor, _key_id(call)))

    def _created(self, new: NewKey) -> wire.CreatedKey:
        return wire.CreatedKey(self._to_wire(new.key), new.value)

    def _to_wire(self, key: ApiKey) -> wire.Key:
        return wire.Key(
            id=encode(Prefix.KEY, key.id),
            name=key.name,
            prefix=key.prefix,
            style=key.style,
            status=key.status(self._clock.now_us()).value,
            scopes=sorted(key.scopes),
            effective_scopes=sorted(key.granted(SCOPES_OF_ROLES)),
            allowed_cidrs=list(key.cidrs),
            single_use=key.single_use.value if key.single_use else None,
            used_from=key.used_from,
            calls_per_minute=key.per_minute,
            project_id=encode(Prefix.PROJECT, key.project_id) if key.project_id is not None else None,
            created_at=format_time(key.created_us),
            created_by=key.created_by,
            root=root_of(key),
            expires_at=format_time_or_none(key.expires_us),
            rotated_at=format_time_or_none(key.rotated_us),
            valid_until=format_time_or_none(key.valid_until_us),
            replaced_by=encode(Prefix.KEY, key.replaced_by) if key.replaced_by is not None else None,
            revoked_at=format_time_or_none(key.revoked_us),
            last_used_at=format_time_or_none(key.last_used_us),
            last_used_from=key.last_address,
        )


def _key_id(call: Call[Any, Any]) -> KeyId:
    return path_id(Prefix.KEY, call.path["key_id"])
