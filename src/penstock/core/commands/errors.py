"""Errors about commands."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DefinitionNotFound(PenstockError):
    """No command with this id exists, or this device does not support it."""

    kind, code = Kind.NOT_FOUND, "commands.not_found"
    message = "command {definition_id} was not found"


class DefinitionExists(PenstockError):
    """The device, the type or the project already has a command with this name."""

    kind, code = Kind.CONFLICT, "commands.exists"
    message = "command {name} already exists"


class DefinitionLimitReached(PenstockError):
    """The device, the type or the project has reached its limit of commands."""

    kind, code = Kind.EXHAUSTED, "commands.limit_reached"
    message = "a device, type or project can have at most {limit} commands"


class ExecutionNotFound(PenstockError):
    """No execution with this id exists, or it belongs to another device."""

    kind, code = Kind.NOT_FOUND, "commands.execution_not_found"
    message = "execution {execution_id} was not found"


class MoveNotAllowed(PenstockError):
    """The state of the execution does not allow this: it was already dispatched, or has ended."""

    kind, code = Kind.CONFLICT, "commands.move_not_allowed"
    message = "execution {execution_id} is {state} and cannot be changed by: {move}"


class QueueFull(PenstockError):
    """The command queue of this device is full."""

    kind, code = Kind.EXHAUSTED, "commands.queue_full"
    message = "the queue of this device is full with {limit} commands"
