"""Refusals about webhooks."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class EndpointNotFound(PenstockError):
    """The organisation has no webhook endpoint with this id."""

    kind, code = Kind.NOT_FOUND, "webhooks.endpoint_not_found"
    message = "webhook endpoint {endpoint_id} not found"


class MessageNotFound(PenstockError):
    """The organisation has no webhook message with this id, or none any more."""

    kind, code = Kind.NOT_FOUND, "webhooks.message_not_found"
    message = "webhook message {message_id} not found"


class EndpointLimitReached(PenstockError):
    """There are as many webhook endpoints as there may be."""

    kind, code = Kind.EXHAUSTED, "webhooks.limit_reached"
    message = "there are at most {limit} webhook endpoints {of}"


class EndpointDisabled(PenstockError):
    """The endpoint is disabled: nothing is sent to it before it is enabled."""

    kind, code = Kind.CONFLICT, "webhooks.endpoint_disabled"
    message = "webhook endpoint {endpoint_id} is disabled"


class PayloadGone(PenstockError):
    """The message's payload is older than payloads are kept, so that it cannot be sent again."""

    kind, code = Kind.CONFLICT, "webhooks.payload_gone"
    message = "the payload of message {message_id} is not kept any more"


class NotSigned(PenstockError):
    """Messages of this format carry no signature: there is no secret to rotate."""

    kind, code = Kind.CONFLICT, "webhooks.not_signed"
    message = "messages to endpoint {endpoint_id} are not signed"
