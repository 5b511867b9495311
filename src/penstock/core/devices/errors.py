"""Refusals about devices and sensors."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DeviceNotFound(PenstockError):
    """No device with this id or identifier in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "devices.not_found"
    message = "device {device_id} not found"


class DevicePaused(PenstockError):
    """The device is paused: it may not report until it is resumed."""

    kind, code = Kind.FORBIDDEN, "devices.paused"
    message = "the device is paused"


class DeviceTokenInvalid(PenstockError):
    """The device id or its access token is wrong; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "devices.token_invalid"
    message = "the device id or its access token is wrong"


class IdentifierTaken(PenstockError):
    """Another device of the organisation has this identifier."""

    kind, code = Kind.CONFLICT, "devices.identifier_taken"
    message = "another device has the {kind} {value}"


class SensorNotFound(PenstockError):
    """No sensor with this key on the device."""

    kind, code = Kind.NOT_FOUND, "sensors.not_found"
    message = "sensor {key} not found"


class SensorExists(PenstockError):
    """The device has a sensor with this key already."""

    kind, code = Kind.CONFLICT, "sensors.exists"
    message = "the device has a sensor {key} already"


class DeviceLimitReached(PenstockError):
    """The plan allows no more devices."""

    kind, code = Kind.EXHAUSTED, "devices.limit_reached"
    message = "the plan allows {count} devices"
    shown = ("limit", "scope", "count", "remaining")


class PairCodeInvalid(PenstockError):
    """The pair code is unknown, was used or replaced, or is too old; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "devices.pair_code_invalid"
    message = "the pair code is wrong, used or too old"


class DeviceNotConnected(PenstockError):
    """The device has no connection open on which it waits for messages."""

    kind, code = Kind.UNAVAILABLE, "devices.not_connected"
    message = "the device is not connected, or does not wait for commands"


class DeviceBusy(PenstockError):
    """As many messages as may be wait for the device's acknowledgement already."""

    kind, code = Kind.UNAVAILABLE, "devices.busy"
    message = "the device has not acknowledged {waiting} messages yet"


class DeliveryUnconfirmed(PenstockError):
    """The connection ended before the device acknowledged: it may have the message or not."""

    kind, code = Kind.UNAVAILABLE, "devices.delivery_unconfirmed"
    message = "the connection ended before the device acknowledged"


class DeliveryRefused(PenstockError):
    """The device, or its connection, does not take this message."""

    kind, code = Kind.PRECONDITION, "devices.delivery_refused"
    message = "the device did not take the message: {reason}"
