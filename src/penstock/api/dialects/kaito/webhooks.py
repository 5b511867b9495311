"""Kaito's endpoints for webhooks: decode, call, encode."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from penstock.api.dialects.kaito.webhook_format import NAME
from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.core.webhooks.models import Endpoint, NewEndpoint
from penstock.core.webhooks.service import EndpointService
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.clock import format_time
from penstock.kit.ids import text_of
from penstock.kit.operation import Example
from penstock.kit.paging import all_items
from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment

PREFIX = "whk"
"""The prefix of Kaito's endpoint ids; the digits are those of Penstock's ids."""
_ENDPOINT = {
    "endpointId": "whk_0c2k9fq7w3w8h",
    "url": "https://hooks.example.org/kaito",
    "events": ["sms.inbound", "audit.event"],
    "enabled": True,
    "createdAt": "2026-05-02T09:00:00Z",
}
_AT_ONCE = 1_000


@hides("secret")
class EndpointCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint to create; without a secret one is generated."""

    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    events: Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(min_length=1, max_length=64)]
    secret: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


class KaitoEndpoint(Struct, frozen=True, rename="camel"):
    """An endpoint in Kaito's format."""

    endpoint_id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: Moment


@hides("secret")
class EndpointCreated(Struct, frozen=True):
    """An endpoint and its secret, which is returned once."""

    endpoint: KaitoEndpoint
    secret: str


class EndpointList(Struct, frozen=True):
    """All endpoints."""

    endpoints: list[KaitoEndpoint]


class EventTypes(Struct, frozen=True, rename="camel"):
    """All topics."""

    event_types: list[str]


class KaitoWebhookEndpoints:
    """Webhook endpoints in Kaito's format."""

    routes = Routes("/v1/webhooks", surface="kaito", tag="Kaito")

    def __init__(self, endpoints: EndpointService) -> None:
        self._endpoints = endpoints

    @routes.post(
        "/endpoints",
        scope="webhooks:write",
        status=201,
        refuses=(429,),
        example=Example(
            body={"url": "https://hooks.example.org/kaito", "events": ["sms.inbound", "audit.event"], "secret": None},
            answer={"endpoint": _ENDPOINT, "secret": "whsec_…"},
        ),
    )
    async def create(self, call: Call[None, EndpointCreate]) -> Answer[EndpointCreated]:
        """Create a webhook endpoint (Kaito).

        Its messages have the headers `Kaito-Timestamp` and `Kaito-Signature`. The secret is returned once.
        """
        body = call.body
        new = NewEndpoint(url=body.url, topics=tuple(body.events), format=NAME, secret=body.secret)
        made = await self._endpoints.create(call.actor, new)
        return Answer(body=EndpointCreated(_to_wire(made.endpoint), made.secret))

    @routes.get(
        "/endpoints",
        scope="webhooks:read",
        example=Example(answer={"endpoints": [_ENDPOINT]}),
    )
    async def list(self, call: Call[None, None]) -> Answer[EndpointList]:
        """List webhook endpoints (Kaito).

        Newest first, only those whose messages are in Kaito's format.
        """
        found = await all_items(lambda cursor: self._endpoints.list(call.actor, None, _AT_ONCE, cursor))
        return Answer(body=EndpointList([_to_wire(one) for one in found if one.format == NAME]))

    @routes.get(
        "/event-types",
        scope="webhooks:read",
        example=Example(answer={"eventTypes": ["sms.inbound", "audit.event"]}),
    )
    async def event_types(self, call: Call[None, None]) -> Answer[EventTypes]:
        """List the topics of webhooks (Kaito)."""
        return Answer(body=EventTypes(list(CATALOGUE)))


def _to_wire(endpoint: Endpoint) -> KaitoEndpoint:
    return KaitoEndpoint(
        endpoint_id=text_of(PREFIX, endpoint.id),
        url=endpoint.url,
        events=list(endpoint.topics),
        enabled=endpoint.enabled,
        created_at=format_time(endpoint.created_us),
    )
