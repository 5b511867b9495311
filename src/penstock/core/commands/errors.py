"""Refusals about commands."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class DefinitionNotFound(PenstockError):
    """No command with this id, or none that this device understands."""

    kind, code = Kind.NOT_FOUND, "commands.not_found"
    message = "command {definition_id} not found"


class DefinitionExists(PenstockError):
    """The device, the type or the project has a command of this name already."""

    kind, code = Kind.CONFLICT, "commands.exists"
    message = "there is a command {name} already"


class DefinitionLimitReached(PenstockError):
    """A device, a type or a project has as many commands as it may have."""

    kind, code = Kind.EXHAUSTED, "commands.limit_reached"
    message = "a device, type or project has at most {limit} commands"


class ExecutionNotFound(PenstockError):
    """No execution with this id, or none of this device."""

    kind, code = Kind.NOT_FOUND, "commands.execution_not_found"
    message = "execution {execution_id} not found"


class MoveNotAllowed(PenstockError):
    """The execution is in a state in which this cannot happen: it was handed out already, or has ended."""

    kind, code = Kind.CONFLICT, "commands.move_not_allowed"
    message = "execution {execution_id} is {state}: it is too late, or too early, to {move} it"


class QueueFull(PenstockError):
    """As many commands wait for this device as may wait."""

    kind, code = Kind.EXHAUSTED, "commands.queue_full"
    message = "{limit} commands wait for this device already"
