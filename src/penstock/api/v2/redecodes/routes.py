"""Re-decodes over the native API: start, read, list and cancel."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.profiles.examples import PROFILE_ID
from penstock.api.v2.profiles.routes import READ, WRITE
from penstock.api.v2.redecodes import wire
from penstock.api.v2.redecodes.examples import CANCELLED, QUEUED, REDECODE_PATH, RUNNING
from penstock.api.v2.redecodes.translate import from_core_redecode, to_core_filter, to_core_selection
from penstock.api.v2.wire import ListOf
from penstock.core.redecodes.service import RedecodeService
from penstock.kit.ids import Prefix, RedecodeId
from penstock.kit.operation import Example


class RedecodeEndpoints:
    """Decode stored uplinks again, after a codec was mended."""

    routes = Routes("/api/v2/redecodes", surface="v2", tag="Device profiles")

    def __init__(self, redecodes: RedecodeService) -> None:
        self._redecodes = redecodes

    @routes.post(
        "",
        scope=WRITE,
        of_project=True,
        status=202,
        refuses=(404, 409, 422, 429),
        example=Example(body={"profile_id": PROFILE_ID, "from": "2026-04-01T00:00:00Z"}, answer=QUEUED),
    )
    async def start(self, call: Call[None, wire.RedecodeCreate]) -> wire.Redecode:
        """Start a re-decode.

        Stored uplinks are decoded again from their bytes, in the background, by the codec of their device's profile; those
        without values come first. Their readings get the new values; times and ids stay. No alert, rule or webhook sees them
        again. An organisation's re-decodes run one after another, and those of the same uplinks must not overlap.
        """
        return from_core_redecode(await self._redecodes.start(call.actor, to_core_selection(call.body)))

    @routes.get(
        "",
        scope=READ,
        of_project=True,
        example=Example(answer={"data": [RUNNING], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.RedecodeQuery, None]) -> ListOf[wire.Redecode]:
        """List re-decodes.

        Newest first.
        """
        page = await self._redecodes.list(call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor)
        return ListOf([from_core_redecode(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{redecode_id}",
        scope=READ,
        of_project=True,
        example=Example(path=REDECODE_PATH, answer=RUNNING),
    )
    async def get(self, call: Call[None, None]) -> wire.Redecode:
        """Get a re-decode with its progress."""
        return from_core_redecode(await self._redecodes.get(call.actor, _redecode_id(call)))

    @routes.post(
        "/{redecode_id}/cancel",
        scope=WRITE,
        of_project=True,
        example=Example(path=REDECODE_PATH, answer=CANCELLED),
    )
    async def cancel(self, call: Call[None, None]) -> wire.Redecode:
        """Cancel a re-decode.

        What it has decoded stays so. One that has ended is returned unchanged.
        """
        return from_core_redecode(await self._redecodes.cancel(call.actor, _redecode_id(call)))


def _redecode_id(call: Call[Any, Any]) -> RedecodeId:
    return path_id(Prefix.REDECODE, call.path["redecode_id"])
