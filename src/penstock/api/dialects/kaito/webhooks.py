"""Kaito's endpoints for webhooks: decode, call, encode."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from penstock.api.shared.call import Answer, Call
from penstock.core.webhooks.models import Endpoint, Format, NewEndpoint
from penstock.core.webhooks.service import EndpointService
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.clock import format_time
from penstock.kit.ids import text_of
from penstock.kit.operation import Example, operation
from penstock.kit.secret import hides

PATH = "/v1/webhooks/endpoints"
PREFIX = "whk"
"""Kaito's ids of endpoints; the digits are those of ours."""
TAG = "Kaito"
_ENDPOINT = {
    "endpointId": "whk_0c2k9fq7w3w8h",
    "url": "https://hooks.example.org/kaito",
    "events": ["sms.inbound", "audit.event"],
    "enabled": True,
    "createdAt": "2026-05-02T09:00:00Z",
}
_LISTED = 1_000


@hides("secret")
class EndpointCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """An endpoint to make; without a secret one is made."""

    url: Annotated[str, Meta(min_length=1, max_length=2048)]
    events: Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(min_length=1, max_length=64)]
    secret: Annotated[str, Meta(min_length=1, max_length=256)] | None = None


class KaitoEndpoint(Struct, frozen=True, rename="camel"):
    """An endpoint as Kaito shows it."""

    endpoint_id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: str


@hides("secret")
class EndpointCreated(Struct, frozen=True):
    """An endpoint and its secret, which is shown once."""

    endpoint: KaitoEndpoint
    secret: str


class EndpointList(Struct, frozen=True):
    """All endpoints."""

    endpoints: list[KaitoEndpoint]


class EventTypes(Struct, frozen=True, rename="camel"):
    """All topics."""

    event_types: list[str]


class KaitoWebhookEndpoints:
    """Webhook endpoints, as Kaito shows them."""

    def __init__(self, endpoints: EndpointService) -> None:
        self._endpoints = endpoints

    @operation(
        "POST",
        PATH,
        surface="kaito",
        tag=TAG,
        summary="Make a webhook endpoint (Kaito)",
        description="Its messages carry `Kaito-Timestamp` and `Kaito-Signature`. The secret is shown once.",
        scope="webhooks:write",
        status=201,
        body=EndpointCreate,
        answer=EndpointCreated,
        refuses=(429,),
        example=Example(
            body={"url": "https://hooks.example.org/kaito", "events": ["sms.inbound", "audit.event"], "secret": None},
            answer={"endpoint": _ENDPOINT, "secret": "whsec_…"},
        ),
    )
    async def create(self, call: Call[None, EndpointCreate]) -> Answer:
        body = call.body
        wanted = NewEndpoint(url=body.url, topics=tuple(body.events), format=Format.KAITO, secret=body.secret)
        made = await self._endpoints.create(call.actor, wanted)
        return Answer(body=EndpointCreated(_shown(made.endpoint), made.secret))

    @operation(
        "GET",
        PATH,
        surface="kaito",
        tag=TAG,
        summary="List webhook endpoints (Kaito)",
        description="Newest first: those whose messages are in Kaito's form.",
        scope="webhooks:read",
        answer=EndpointList,
        example=Example(answer={"endpoints": [_ENDPOINT]}),
    )
    async def list(self, call: Call[None, None]) -> Answer:
        page = await self._endpoints.list(call.actor, None, _LISTED, None)
        return Answer(body=EndpointList([_shown(one) for one in page.items if one.format is Format.KAITO]))

    @operation(
        "GET",
        "/v1/webhooks/event-types",
        surface="kaito",
        tag=TAG,
        summary="List the topics of webhooks (Kaito)",
        scope="webhooks:read",
        answer=EventTypes,
        example=Example(answer={"eventTypes": ["sms.inbound", "audit.event"]}),
    )
    async def event_types(self, call: Call[None, None]) -> Answer:
        return Answer(body=EventTypes(list(CATALOGUE)))


def _shown(endpoint: Endpoint) -> KaitoEndpoint:
    return KaitoEndpoint(
        endpoint_id=text_of(PREFIX, endpoint.id),
        url=endpoint.url,
        events=list(endpoint.topics),
        enabled=endpoint.enabled,
        created_at=format_time(endpoint.created_us),
    )
