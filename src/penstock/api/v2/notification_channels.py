"""Chat channels over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import notifications_wire as wire
from penstock.api.v2.wire import ListOf
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.models import Channel, ChannelKind, ChannelPatch, NewChannel
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.ids import ChannelId, Prefix, encode
from penstock.kit.operation import Example, operation
from penstock.kit.secret import MASK

TAG = "Notifications"
READ, WRITE = "notifications:read", "notifications:write"
PATH = "/api/v2/notification-channels"
ONE = f"{PATH}/{{channel_id}}"
CHANNEL: dict[str, Any] = {
    "id": "chn_0c2k9fq7w3h1n",
    "name": "operations",
    "kind": "slack",
    "target": f"https://hooks.slack.com/{MASK}x7Qd",
    "last_sent_at": "2026-05-02T09:15:04Z",
    "failures": 0,
    "last_error": None,
    "last_error_at": None,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
CHANNEL_PATH = {"channel_id": CHANNEL["id"]}
_URL = "https://hooks.slack.com/services/T00000000/B00000000/x7Qdx7Qdx7Qdx7Qdx7Qdx7Qd"


class ChannelEndpoints:
    """Make, list, change, delete and try out chat channels."""

    def __init__(self, channels: ChannelService) -> None:
        self._channels = channels

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List chat channels",
        description="Newest first.",
        scope=READ,
        query=wire.ChannelQuery,
        answer=ListOf[wire.Channel],
        example=Example(query={"limit": "2"}, answer={"data": [CHANNEL], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.ChannelQuery, None]) -> ListOf[wire.Channel]:
        page = await self._channels.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_shown(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Make a chat channel",
        description="Alerts and rules say something in it by its name. What lets us write there is never shown again. An address "
        "that is not public is refused, here or at the latest when it would be called.",
        scope=WRITE,
        status=201,
        body=wire.ChannelCreate,
        answer=wire.Channel,
        refuses=(409, 429),
        example=Example(body={"name": "operations", "kind": "slack", "url": _URL}, answer=CHANNEL),
    )
    async def create(self, call: Call[None, wire.ChannelCreate]) -> wire.Channel:
        body = call.body
        wanted = NewChannel(
            name=body.name,
            kind=ChannelKind(body.kind),
            url=body.url or "",
            token=body.token or "",
            chat=body.chat or "",
        )
        return _shown(await self._channels.create(call.actor, wanted))

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a chat channel",
        description="`failures` and `last_error` tell whether messages are taken there.",
        scope=READ,
        answer=wire.Channel,
        example=Example(path=CHANNEL_PATH, answer=CHANNEL),
    )
    async def get(self, call: Call[None, None]) -> wire.Channel:
        return _shown(await self._channels.get(call.actor, _channel_id(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change where a chat channel is",
        description="A field that is left out stays. Failures of before are forgotten.",
        scope=WRITE,
        body=wire.ChannelPatch,
        answer=wire.Channel,
        example=Example(path=CHANNEL_PATH, body={"url": _URL}, answer=CHANNEL),
    )
    async def update(self, call: Call[None, wire.ChannelPatch]) -> wire.Channel:
        changes = {name: value for name in call.body.__struct_fields__ if (value := getattr(call.body, name)) is not UNSET}
        return _shown(await self._channels.update(call.actor, _channel_id(call), ChannelPatch(**changes)))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Delete a chat channel",
        description="Alerts and rules that name it fail to say anything there.",
        scope=WRITE,
        status=204,
        example=Example(path=CHANNEL_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._channels.delete(call.actor, _channel_id(call))
        return Answer()

    @operation(
        "POST",
        f"{ONE}/test",
        surface="v2",
        tag=TAG,
        summary="Say something in a chat channel",
        description="At once; the answer tells whether it was taken.",
        scope=WRITE,
        answer=wire.ChannelTested,
        example=Example(path=CHANNEL_PATH, answer={"delivered": True, "error": None}),
    )
    async def test(self, call: Call[None, None]) -> wire.ChannelTested:
        error = await self._channels.test(call.actor, _channel_id(call))
        return wire.ChannelTested(not error, error or None)


def _shown(channel: Channel) -> wire.Channel:
    return wire.Channel(
        id=encode(Prefix.CHANNEL, channel.id),
        name=channel.name,
        kind=channel.kind.value,
        target=channel.hint,
        last_sent_at=format_time_or_none(channel.last_sent_us),
        failures=channel.failures,
        last_error=channel.last_error,
        last_error_at=format_time_or_none(channel.last_error_us),
        created_at=format_time(channel.created_us),
        updated_at=format_time(channel.updated_us),
    )


def _channel_id(call: Call[Any, Any]) -> ChannelId:
    return path_id(Prefix.CHANNEL, call.path["channel_id"])
