"""Chat channels over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.notifications import wire
from penstock.api.v2.notifications.examples import CHANNEL, CHANNEL_PATH, CHANNEL_URL
from penstock.api.v2.notifications.translate import from_core_channel
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, NewestFirst
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.models import ChannelKind, ChannelPatch, NewChannel
from penstock.kit.fields import changes_in
from penstock.kit.ids import ChannelId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "notifications:read", "notifications:write"


class ChannelEndpoints:
    """Create, list, change, delete and test chat channels."""

    routes = Routes("/api/v2/notification-channels", surface="v2", tag="Notifications")

    def __init__(self, channels: ChannelService) -> None:
        self._channels = channels

    @routes.get(
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [CHANNEL], "next_cursor": None}),
    )
    async def list(self, call: Call[NewestFirst, None]) -> ListOf[wire.Channel]:
        """List chat channels.

        Newest first by default.
        """
        page = await self._channels.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_channel(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        refuses=(409, 429),
        example=Example(body={"name": "operations", "kind": "slack", "url": CHANNEL_URL}, answer=CHANNEL),
    )
    async def create(self, call: Call[None, wire.ChannelCreate]) -> wire.Channel:
        """Create a chat channel.

        Alerts and rules post to it by its name. The credential in its address is never returned again. An address that is not
        public is rejected, here or when a message is sent. It also requires `alerts:read` and `rules:read`.
        """
        body = call.body
        new = NewChannel(
            name=body.name,
            kind=ChannelKind(body.kind),
            url=body.url or "",
            token=body.token or "",
            chat=body.chat or "",
        )
        return from_core_channel(await self._channels.create(call.actor, new))

    @routes.get(
        "/{channel_id}",
        scope=READ,
        example=Example(path=CHANNEL_PATH, answer=CHANNEL),
    )
    async def get(self, call: Call[None, None]) -> wire.Channel:
        """Get a chat channel.

        `failures` and `last_error` show whether its messages are accepted.
        """
        return from_core_channel(await self._channels.get(call.actor, _channel_id(call)))

    @routes.patch(
        "/{channel_id}",
        scope=WRITE,
        example=Example(path=CHANNEL_PATH, body={"url": CHANNEL_URL}, answer=CHANNEL),
    )
    async def update(self, call: Call[None, wire.ChannelPatch]) -> wire.Channel:
        """Change a chat channel.

        Omitted fields are unchanged. The count of failures is reset. It also requires `alerts:read` and `rules:read`.
        """
        changes = changes_in(call.body)
        return from_core_channel(await self._channels.update(call.actor, _channel_id(call), ChannelPatch(**changes)))

    @routes.delete(
        "/{channel_id}",
        scope=WRITE,
        example=Example(path=CHANNEL_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a chat channel.

        Actions of alerts and rules that name it fail from then on.
        """
        await self._channels.delete(call.actor, _channel_id(call))

    @routes.post(
        "/{channel_id}/test",
        scope=WRITE,
        idempotent=False,
        example=Example(path=CHANNEL_PATH, answer={"delivered": True, "error": None}),
    )
    async def test(self, call: Call[None, None]) -> wire.ChannelTested:
        """Send a test message to a chat channel.

        The message is sent immediately; the response states whether the chat service accepted it.
        """
        error = await self._channels.test(call.actor, _channel_id(call))
        return wire.ChannelTested(not error, error or None)


def _channel_id(call: Call[Any, Any]) -> ChannelId:
    return path_id(Prefix.CHANNEL, call.path["channel_id"])
