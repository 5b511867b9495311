"""Refusals about notifications."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class ChannelNotFound(PenstockError):
    """No chat channel with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "notifications.channel_not_found"
    message = "chat channel {channel_id} not found"


class ChannelExists(PenstockError):
    """Another chat channel of the organisation has this name."""

    kind, code = Kind.CONFLICT, "notifications.channel_exists"
    message = "there is a chat channel named {name}"


class ChannelLimitReached(PenstockError):
    """The organisation has as many chat channels as one may have."""

    kind, code = Kind.EXHAUSTED, "notifications.channel_limit_reached"
    message = "an organisation has at most {limit} chat channels"


class ChannelFailed(PenstockError):
    """A chat channel did not take a message."""

    kind, code = Kind.UNAVAILABLE, "notifications.channel_failed"
    message = "the chat channel {name} did not take the message: {reason}"


class SmsLimitReached(PenstockError):
    """The plan's SMS of this calendar month (UTC) are used up."""

    kind, code = Kind.EXHAUSTED, "plans.sms_limit_reached"
    message = "the plan's {limit} SMS of this month are used up"


class ChannelNotInPlan(PenstockError):
    """The plan has no alerts by this channel."""

    kind, code = Kind.FORBIDDEN, "plans.channel_not_allowed"
    message = "the plan {plan} has no alerts by {channel}"
