"""`client.secrets`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Secrets(Resource):
    """Values under a name that connections, chat channels and webhooks refer to, with their versions."""

    def create(
        self,
        *,
        name: str,
        value: str,
        description: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Secret:
        """Create a secret.

        Fields of connections, chat channels and webhooks that take a secret also take `secret://NAME`, which refers to
        it.

        Requires the scope `secrets:write`.
        """
        request = Request(
            "POST",
            "/api/v2/secrets",
            body=present({"name": name, "value": value, "description": description}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Secret = self._call(request)
        return answer

    def delete(self, secret_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a secret.

        All its versions are deleted. A secret in use is not deleted; the error names what uses it.

        Requires the scope `secrets:write`.

        `secret_id`: A secret's id (`sec_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/secrets/{quoted(secret_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, secret_id: str, *, request_timeout: float | None = None) -> schemas.Secret:
        """Get a secret.

        Without its value.

        Requires the scope `secrets:read`.

        `secret_id`: A secret's id (`sec_…`).
        """
        request = Request("GET", f"/api/v2/secrets/{quoted(secret_id)}", timeout_s=request_timeout)
        answer: schemas.Secret = self._call(request)
        return answer

    def get_value(
        self, secret_id: str, *, version: int | None = None, request_timeout: float | None = None
    ) -> schemas.SecretContent:
        """Read the value of a secret.

        Each call is recorded in the audit log. Values of managed secrets cannot be read here.

        The version to read: the current one by default.

        Requires the scope `secrets:reveal`.

        `secret_id`: A secret's id (`sec_…`). `version`: The number of the version to read; by default the current one.
        """
        request = Request(
            "GET", f"/api/v2/secrets/{quoted(secret_id)}/value", query={"version": version}, timeout_s=request_timeout
        )
        answer: schemas.SecretContent = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        name: str | None = None,
        managed: bool | None = None,
        owner_kind: Literal["channel", "connection", "sms_account", "token", "webhook"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Secret]:
        """List secrets.

        Newest first, with their uses and without their values. The secrets of connections, channels, webhooks and other
        things are listed too, as managed.

        Filters for secrets.

        `q` is searched for in the name, `name` is the whole name. `managed` selects the secrets that belong to a
        connection, a channel, a webhook, a token or an SMS account, or those with a name; `owner_kind` those of one
        kind of owner.

        Requires the scope `secrets:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `name`: The whole name of a secret.
        `managed`: Only secrets that belong to an object, such as a connection, or only those with a name. `owner_kind`:
        Only secrets that belong to an object of this kind.
        """
        request = Request(
            "GET",
            "/api/v2/secrets",
            query={"limit": limit, "cursor": cursor, "q": q, "name": name, "managed": managed, "owner_kind": owner_kind},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_uses(
        self, secret_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.SecretUse]:
        """List what uses a secret.

        Of a managed secret, what it belongs to.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `secrets:read`.

        `secret_id`: A secret's id (`sec_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/secrets/{quoted(secret_id)}/used-by",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_versions(self, secret_id: str, *, request_timeout: float | None = None) -> Pages[schemas.SecretVersion]:
        """List the versions of a secret.

        Newest first, all on one page, without their values. The newest ten are kept.

        Requires the scope `secrets:read`.

        `secret_id`: A secret's id (`sec_…`).
        """
        request = Request("GET", f"/api/v2/secrets/{quoted(secret_id)}/versions", timeout_s=request_timeout)
        return self._list(request)

    def restore_value(
        self, secret_id: str, version: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SecretVersion:
        """Restore an older value of a secret.

        It becomes current again, as a new version.

        Requires the scope `secrets:write`.

        `secret_id`: A secret's id (`sec_…`). `version`: The number of a version of the secret.
        """
        request = Request(
            "POST",
            f"/api/v2/secrets/{quoted(secret_id)}/versions/{quoted(version)}/restore",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SecretVersion = self._call(request)
        return answer

    def set_value(
        self, secret_id: str, *, value: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SecretVersion:
        """Replace the value of a secret.

        Everything that uses the secret uses the new value from its next call on; connections to brokers reconnect.

        Requires the scope `secrets:write`.

        `secret_id`: A secret's id (`sec_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/secrets/{quoted(secret_id)}/versions",
            body=present({"value": value}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SecretVersion = self._call(request)
        return answer

    def update(
        self, secret_id: str, *, description: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Secret:
        """Change the description of a secret.

        Requires the scope `secrets:write`.

        `secret_id`: A secret's id (`sec_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/secrets/{quoted(secret_id)}",
            body=present({"description": description}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Secret = self._call(request)
        return answer


class AsyncSecrets(AsyncResource):
    """As `Secrets`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        value: str,
        description: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Secret:
        """Create a secret.

        As `Secrets.create`.
        """
        request = Request(
            "POST",
            "/api/v2/secrets",
            body=present({"name": name, "value": value, "description": description}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Secret = await self._call(request)
        return answer

    async def delete(self, secret_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a secret.

        As `Secrets.delete`.
        """
        request = Request("DELETE", f"/api/v2/secrets/{quoted(secret_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, secret_id: str, *, request_timeout: float | None = None) -> schemas.Secret:
        """Get a secret.

        As `Secrets.get`.
        """
        request = Request("GET", f"/api/v2/secrets/{quoted(secret_id)}", timeout_s=request_timeout)
        answer: schemas.Secret = await self._call(request)
        return answer

    async def get_value(
        self, secret_id: str, *, version: int | None = None, request_timeout: float | None = None
    ) -> schemas.SecretContent:
        """Read the value of a secret.

        As `Secrets.get_value`.
        """
        request = Request(
            "GET", f"/api/v2/secrets/{quoted(secret_id)}/value", query={"version": version}, timeout_s=request_timeout
        )
        answer: schemas.SecretContent = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        name: str | None = None,
        managed: bool | None = None,
        owner_kind: Literal["channel", "connection", "sms_account", "token", "webhook"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Secret]:
        """List secrets.

        As `Secrets.list`.
        """
        request = Request(
            "GET",
            "/api/v2/secrets",
            query={"limit": limit, "cursor": cursor, "q": q, "name": name, "managed": managed, "owner_kind": owner_kind},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_uses(
        self, secret_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.SecretUse]:
        """List what uses a secret.

        As `Secrets.list_uses`.
        """
        request = Request(
            "GET",
            f"/api/v2/secrets/{quoted(secret_id)}/used-by",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_versions(self, secret_id: str, *, request_timeout: float | None = None) -> AsyncPages[schemas.SecretVersion]:
        """List the versions of a secret.

        As `Secrets.list_versions`.
        """
        request = Request("GET", f"/api/v2/secrets/{quoted(secret_id)}/versions", timeout_s=request_timeout)
        return self._list(request)

    async def restore_value(
        self, secret_id: str, version: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SecretVersion:
        """Restore an older value of a secret.

        As `Secrets.restore_value`.
        """
        request = Request(
            "POST",
            f"/api/v2/secrets/{quoted(secret_id)}/versions/{quoted(version)}/restore",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SecretVersion = await self._call(request)
        return answer

    async def set_value(
        self, secret_id: str, *, value: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.SecretVersion:
        """Replace the value of a secret.

        As `Secrets.set_value`.
        """
        request = Request(
            "POST",
            f"/api/v2/secrets/{quoted(secret_id)}/versions",
            body=present({"value": value}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SecretVersion = await self._call(request)
        return answer

    async def update(
        self, secret_id: str, *, description: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Secret:
        """Change the description of a secret.

        As `Secrets.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/secrets/{quoted(secret_id)}",
            body=present({"description": description}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Secret = await self._call(request)
        return answer
