"""Secrets over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.secrets import wire
from penstock.api.v2.secrets.examples import NEW, PATH, SHOWN, VERSION, VERSION_PATH
from penstock.api.v2.secrets.translate import from_core_secret, from_core_use, from_core_version, to_core_filter
from penstock.api.v2.wire import ListOf, Page
from penstock.core.vault.errors import SecretVersionNotFound
from penstock.core.vault.models import NewSecret
from penstock.core.vault.secrets import SecretService
from penstock.kit.ids import Prefix, SecretId
from penstock.kit.operation import Example

READ, WRITE, REVEAL = "secrets:read", "secrets:write", "secrets:reveal"
MAX_BODY_BYTES = 524_288
"""A value of 64 KiB whose characters are escaped, with room for the rest."""
MAX_DIGITS = 15


class SecretEndpoints:
    """Create, list, change, read and delete secrets, and their versions."""

    routes = Routes("/api/v2/secrets", surface="v2", tag="Secrets")

    def __init__(self, secrets: SecretService) -> None:
        self._secrets = secrets

    @routes.get(
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [SHOWN], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.SecretQuery, None]) -> ListOf[wire.Secret]:
        """List secrets.

        Newest first, with their uses and without their values. The secrets of connections, channels, webhooks and other
        things are listed too, as managed.
        """
        page = await self._secrets.list(call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor)
        return ListOf([from_core_secret(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        refuses=(409, 429),
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW, answer=SHOWN | {"uses": 0, "used_by": []}),
    )
    async def create(self, call: Call[None, wire.SecretCreate]) -> wire.Secret:
        """Create a secret.

        Fields of connections, chat channels and webhooks that take a secret also take `secret://NAME`, which refers to it.
        """
        body = call.body
        new = NewSecret(name=body.name, value=body.value, description=body.description)
        return from_core_secret(await self._secrets.create(call.actor, new))

    @routes.get(
        "/{secret_id}",
        scope=READ,
        example=Example(path=PATH, answer=SHOWN),
    )
    async def get(self, call: Call[None, None]) -> wire.Secret:
        """Get a secret.

        Without its value.
        """
        return from_core_secret(await self._secrets.get(call.actor, _secret_id(call)))

    @routes.patch(
        "/{secret_id}",
        scope=WRITE,
        refuses=(409,),
        example=Example(
            path=PATH, body={"description": "Of the old broker"}, answer=SHOWN | {"description": "Of the old broker"}
        ),
    )
    async def update(self, call: Call[None, wire.SecretPatch]) -> wire.Secret:
        """Change the description of a secret."""
        return from_core_secret(await self._secrets.describe(call.actor, _secret_id(call), call.body.description))

    @routes.delete(
        "/{secret_id}",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a secret.

        All its versions are deleted. A secret in use is not deleted; the error names what uses it.
        """
        await self._secrets.delete(call.actor, _secret_id(call))

    @routes.get(
        "/{secret_id}/value",
        scope=REVEAL,
        refuses=(409,),
        example=Example(path=PATH, answer={"version": 1, "value": "correct horse"}),
    )
    async def value(self, call: Call[wire.SecretValueQuery, None]) -> wire.SecretContent:
        """Read the value of a secret.

        Each call is recorded in the audit log. Values of managed secrets cannot be read here.
        """
        version, value = await self._secrets.read(call.actor, _secret_id(call), call.query.version)
        return wire.SecretContent(version.version, value)

    @routes.get(
        "/{secret_id}/versions",
        scope=READ,
        example=Example(path=PATH, answer={"data": [VERSION], "next_cursor": None}),
    )
    async def versions(self, call: Call[None, None]) -> ListOf[wire.SecretVersion]:
        """List the versions of a secret.

        Newest first, all on one page, without their values. The newest ten are kept.
        """
        return ListOf([from_core_version(one) for one in await self._secrets.versions(call.actor, _secret_id(call))])

    @routes.post(
        "/{secret_id}/versions",
        scope=WRITE,
        status=201,
        refuses=(409,),
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=PATH, body={"value": "battery staple"}, answer=VERSION),
    )
    async def add_version(self, call: Call[None, wire.SecretVersionCreate]) -> wire.SecretVersion:
        """Replace the value of a secret.

        Everything that uses the secret uses the new value from its next call on; connections to brokers reconnect.
        """
        return from_core_version(await self._secrets.add_version(call.actor, _secret_id(call), call.body.value))

    @routes.post(
        "/{secret_id}/versions/{version}/restore",
        scope=WRITE,
        status=201,
        refuses=(409,),
        example=Example(path=VERSION_PATH, answer=VERSION),
    )
    async def restore(self, call: Call[None, None]) -> wire.SecretVersion:
        """Restore an older value of a secret.

        It becomes current again, as a new version.
        """
        version = call.path["version"]
        if not (version.isascii() and version.isdigit() and len(version) <= MAX_DIGITS):
            raise SecretVersionNotFound(version=version[:MAX_DIGITS])
        return from_core_version(await self._secrets.restore_version(call.actor, _secret_id(call), int(version)))

    @routes.get(
        "/{secret_id}/used-by",
        scope=READ,
        example=Example(path=PATH, query={"limit": "2"}, answer={"data": SHOWN["used_by"], "next_cursor": None}),
    )
    async def used_by(self, call: Call[Page, None]) -> ListOf[wire.SecretUse]:
        """List what uses a secret.

        Of a managed secret, what it belongs to.
        """
        page = await self._secrets.uses(call.actor, _secret_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_use(one) for one in page.items], page.next_cursor)


def _secret_id(call: Call[Any, Any]) -> SecretId:
    return path_id(Prefix.SECRET, call.path["secret_id"])
