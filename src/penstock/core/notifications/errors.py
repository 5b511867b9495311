"""Errors about notifications."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ChannelNotFound(PenstockError):
    """The caller's organisation has no chat channel with this id."""

    kind, code = Kind.NOT_FOUND, "notifications.channel_not_found"
    message = "chat channel {channel_id} was not found"


class ChannelExists(PenstockError):
    """Another chat channel of the organisation has this name."""

    kind, code = Kind.CONFLICT, "notifications.channel_exists"
    message = "chat channel {name} already exists"


class ChannelLimitReached(PenstockError):
    """The organisation has reached its limit of chat channels."""

    kind, code = Kind.EXHAUSTED, "notifications.channel_limit_reached"
    message = "an organisation can have at most {limit} chat channels"


class ChannelFailed(PenstockError):
    """The chat service did not accept a message. The fact `wait_us`, if there is one, is how long the service asks to wait."""

    kind, code = Kind.UNAVAILABLE, "notifications.channel_failed"
    message = "chat channel {name} did not accept the message: {reason}"


class SmsLimitReached(PenstockError):
    """The plan's limit of SMS per calendar month (UTC) is exceeded."""

    kind, code = Kind.EXHAUSTED, "plans.sms_limit_reached"
    message = "the plan's limit of {limit} SMS per month is exceeded"


class ChannelNotInPlan(PenstockError):
    """The plan does not include alerts over this channel."""

    kind, code = Kind.FORBIDDEN, "plans.channel_not_allowed"
    message = "the plan {plan} does not include alerts by {channel}"
