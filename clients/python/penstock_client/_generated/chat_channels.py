"""`client.chat_channels`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class ChatChannels(Resource):
    """Chat channels that alerts and rules post to, and quiet hours."""

    def create(
        self,
        *,
        name: str,
        kind: Literal["discord", "slack", "teams", "telegram"],
        url: str | Unset | None = UNSET,
        token: str | Unset | None = UNSET,
        chat: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Channel:
        """Create a chat channel.

        Alerts and rules post to it by its name. The credential in its address is never returned again. An address that
        is not public is rejected, here or when a message is sent. It also requires `alerts:read` and `rules:read`.

        Requires the scope `notifications:write`.
        """
        request = Request(
            "POST",
            "/api/v2/notification-channels",
            body=present({"name": name, "kind": kind, "url": url, "token": token, "chat": chat}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Channel = self._call(request)
        return answer

    def delete(self, channel_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a chat channel.

        Actions of alerts and rules that name it fail from then on.

        Requires the scope `notifications:write`.

        `channel_id`: A chat channel's id (`chn_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/notification-channels/{quoted(channel_id)}", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, channel_id: str, *, request_timeout: float | None = None) -> schemas.Channel:
        """Get a chat channel.

        `failures` and `last_error` show whether its messages are accepted.

        Requires the scope `notifications:read`.

        `channel_id`: A chat channel's id (`chn_…`).
        """
        request = Request("GET", f"/api/v2/notification-channels/{quoted(channel_id)}", timeout_s=request_timeout)
        answer: schemas.Channel = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Channel]:
        """List chat channels.

        Newest first by default.

        A page of the list, newest first unless sorted otherwise.

        Requires the scope `notifications:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET",
            "/api/v2/notification-channels",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def test(self, channel_id: str, *, request_timeout: float | None = None) -> schemas.ChannelTested:
        """Send a test message to a chat channel.

        The message is sent immediately; the response states whether the chat service accepted it.

        Requires the scope `notifications:write`.

        `channel_id`: A chat channel's id (`chn_…`).
        """
        request = Request("POST", f"/api/v2/notification-channels/{quoted(channel_id)}/test", timeout_s=request_timeout)
        answer: schemas.ChannelTested = self._call(request)
        return answer

    def update(
        self,
        channel_id: str,
        *,
        url: str | Unset = UNSET,
        token: str | Unset = UNSET,
        chat: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Channel:
        """Change a chat channel.

        Omitted fields are unchanged. The count of failures is reset. It also requires `alerts:read` and `rules:read`.

        Requires the scope `notifications:write`.

        `channel_id`: A chat channel's id (`chn_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/notification-channels/{quoted(channel_id)}",
            body=present({"url": url, "token": token, "chat": chat}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Channel = self._call(request)
        return answer


class AsyncChatChannels(AsyncResource):
    """As `ChatChannels`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        kind: Literal["discord", "slack", "teams", "telegram"],
        url: str | Unset | None = UNSET,
        token: str | Unset | None = UNSET,
        chat: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Channel:
        """Create a chat channel.

        As `ChatChannels.create`.
        """
        request = Request(
            "POST",
            "/api/v2/notification-channels",
            body=present({"name": name, "kind": kind, "url": url, "token": token, "chat": chat}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Channel = await self._call(request)
        return answer

    async def delete(self, channel_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a chat channel.

        As `ChatChannels.delete`.
        """
        request = Request(
            "DELETE", f"/api/v2/notification-channels/{quoted(channel_id)}", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, channel_id: str, *, request_timeout: float | None = None) -> schemas.Channel:
        """Get a chat channel.

        As `ChatChannels.get`.
        """
        request = Request("GET", f"/api/v2/notification-channels/{quoted(channel_id)}", timeout_s=request_timeout)
        answer: schemas.Channel = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Channel]:
        """List chat channels.

        As `ChatChannels.list`.
        """
        request = Request(
            "GET",
            "/api/v2/notification-channels",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def test(self, channel_id: str, *, request_timeout: float | None = None) -> schemas.ChannelTested:
        """Send a test message to a chat channel.

        As `ChatChannels.test`.
        """
        request = Request("POST", f"/api/v2/notification-channels/{quoted(channel_id)}/test", timeout_s=request_timeout)
        answer: schemas.ChannelTested = await self._call(request)
        return answer

    async def update(
        self,
        channel_id: str,
        *,
        url: str | Unset = UNSET,
        token: str | Unset = UNSET,
        chat: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Channel:
        """Change a chat channel.

        As `ChatChannels.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/notification-channels/{quoted(channel_id)}",
            body=present({"url": url, "token": token, "chat": chat}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Channel = await self._call(request)
        return answer
