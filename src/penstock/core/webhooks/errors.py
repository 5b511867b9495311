"""Errors about webhooks."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class EndpointNotFound(PenstockError):
    """The organisation has no webhook endpoint with this id."""

    kind, code = Kind.NOT_FOUND, "webhooks.endpoint_not_found"
    message = "webhook endpoint {endpoint_id} was not found"


class MessageNotFound(PenstockError):
    """The organisation has no webhook message with this id, or it has been deleted."""

    kind, code = Kind.NOT_FOUND, "webhooks.message_not_found"
    message = "webhook message {message_id} was not found"


class EndpointLimitReached(PenstockError):
    """The limit of webhook endpoints is reached."""

    kind, code = Kind.EXHAUSTED, "webhooks.limit_reached"
    message = "there can be at most {limit} webhook endpoints {of}"


class EndpointDisabled(PenstockError):
    """The endpoint is disabled and receives no messages until it is enabled."""

    kind, code = Kind.CONFLICT, "webhooks.endpoint_disabled"
    message = "webhook endpoint {endpoint_id} is disabled"


class PayloadGone(PenstockError):
    """The message's payload has been deleted, so it cannot be sent again."""

    kind, code = Kind.CONFLICT, "webhooks.payload_gone"
    message = "the payload of message {message_id} has been deleted"


class NotSigned(PenstockError):
    """Messages in this format are not signed, so there is no secret to rotate."""

    kind, code = Kind.CONFLICT, "webhooks.not_signed"
    message = "messages to webhook endpoint {endpoint_id} are not signed"
