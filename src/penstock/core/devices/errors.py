"""Errors about devices and sensors."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DeviceNotFound(PenstockError):
    """The caller's organisation has no device with this id or identifier."""

    kind, code = Kind.NOT_FOUND, "devices.not_found"
    message = "device {device_id} was not found"


class DevicePaused(PenstockError):
    """The device is paused and must not report until it is resumed."""

    kind, code = Kind.FORBIDDEN, "devices.paused"
    message = "the device is paused"


class DeviceTokenInvalid(PenstockError):
    """The device id or its access token is wrong. The response does not reveal which."""

    kind, code = Kind.UNAUTHENTICATED, "devices.token_invalid"
    message = "the device id or its access token is wrong"


class IdentifierTaken(PenstockError):
    """Another device of the organisation has this identifier."""

    kind, code = Kind.CONFLICT, "devices.identifier_taken"
    message = "{kind} {value} is already assigned to another device"


class SensorNotFound(PenstockError):
    """The device has no sensor with this key."""

    kind, code = Kind.NOT_FOUND, "sensors.not_found"
    message = "sensor {key} was not found"


class SensorExists(PenstockError):
    """The device already has a sensor with this key."""

    kind, code = Kind.CONFLICT, "sensors.exists"
    message = "sensor {key} already exists on this device"


class DeviceLimitReached(PenstockError):
    """The organisation has reached its plan's limit of devices."""

    kind, code = Kind.EXHAUSTED, "devices.limit_reached"
    message = "the plan allows at most {count} devices"
    shown = ("limit", "scope", "count", "remaining")


class DeviceNotConnected(PenstockError):
    """The device has no open connection on which it receives messages."""

    kind, code = Kind.UNAVAILABLE, "devices.not_connected"
    message = "the device is not connected or not subscribed to commands"


class DeviceBusy(PenstockError):
    """The device has reached the limit of unacknowledged messages."""

    kind, code = Kind.UNAVAILABLE, "devices.busy"
    message = "the device has {waiting} unacknowledged messages; retry later"


class DeliveryUnconfirmed(PenstockError):
    """The connection ended before the device acknowledged the message. It may or may not have received it."""

    kind, code = Kind.UNAVAILABLE, "devices.delivery_unconfirmed"
    message = "the connection ended before the device acknowledged the message"


class DeliveryRefused(PenstockError):
    """The device, or its connection, does not accept this message."""

    kind, code = Kind.PRECONDITION, "devices.delivery_refused"
    message = "the device did not accept the message: {reason}"
