"""Iottly's endpoints for messages and commands: decode, call, encode."""

from __future__ import annotations

from collections.abc import Callable

from penstock.api.dialects.iottly import examples, wire
from penstock.api.dialects.iottly.errors import NoMessages
from penstock.api.dialects.iottly.filters import Filter, parse_filter
from penstock.api.dialects.iottly.names import device_name
from penstock.api.dialects.iottly.places import Places
from penstock.api.dialects.iottly.translate import (
    document_of,
    from_core_page,
    from_core_reading,
    message_type,
    to_core_page,
)
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.search import ReadingSearch
from penstock.kit.clock import MAX_US, MIN_US
from penstock.kit.operation import Example

EVER = TimeRange(from_us=MIN_US, to_us=MAX_US)


class IottlyMessageEndpoints:
    """The messages of devices."""

    routes = Routes("/v1.0/project", surface="iottly", tag="Iottly")

    def __init__(self, *, places: Places, search: ReadingSearch) -> None:
        self._places = places
        self._search = search

    @routes.get(
        "/{project_alias}/messages/{device_uuid}",
        scope="telemetry:read",
        of_project=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"queryJson": '{"type": "userdefined"}', "numMessages": "1"},
            answer=examples.MESSAGES,
        ),
    )
    async def latest(self, call: Call[wire.LatestQuery, None]) -> wire.LatestMessages:
        """List the latest messages of a device (Iottly).

        Newest first, by the device's time, in MongoDB's extended JSON. A filter can contain equality, `$eq`, `$ne`, `$gt`,
        `$gte`, `$lt`, `$lte`, `$in`, `$nin`, `$exists`, `$and`, `$or`, dotted paths and `$date`; anything else is rejected. A
        filter that matches too few of the first 50,000 messages is rejected too: narrow it by `devicetimestamp`.
        """
        project, device = await self._places.device(call)
        sender = device_name(device)
        requested = parse_filter(call.query.query_json) if call.query.query_json else None
        query = HistoryQuery(
            device_id=device.id, range=requested.span if requested else EVER, descending=True, limit=call.query.num_messages
        )
        found = await self._search.find(call.actor, query, matches=_matching(requested, sender, project.alias))
        return wire.LatestMessages(200, [from_core_reading(reading, sender, project.alias) for reading in found])

    @routes.get(
        "/{project_alias}/device/{device_uuid}/messages/paginated",
        scope="telemetry:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, query={"l": "1", "type": "userdefined"}, answer=examples.PAGE),
    )
    async def page(self, call: Call[wire.PageQuery, None]) -> wire.MessagePage:
        """List the messages of a device by page (Iottly).

        Ordered by the device's time. Returns 404 if the page is empty.
        """
        project, device = await self._places.device(call)
        query = call.query
        found = await self._search.find(
            call.actor, to_core_page(device.id, query), matches=_of_type(query.type), skip=(query.p - 1) * query.l
        )
        if not found:
            raise NoMessages()
        return from_core_page(found, device_name(device), project.alias)


def _matching(filters: Filter | None, sender: str, project: str) -> Callable[[Reading], bool] | None:
    if filters is None:
        return None
    matches = filters.matches
    return lambda reading: matches(document_of(reading, sender, project))


def _of_type(requested: str) -> Callable[[Reading], bool] | None:
    return None if requested == "all" else lambda reading: message_type(reading) == requested
