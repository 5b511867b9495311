"""Events of executions. The topic is `command.` followed by the new state; fields are only ever added."""

from __future__ import annotations

import msgspec

from penstock.core.commands.models import Execution, State
from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId, RuleId

TOPICS = {state: f"command.{state.value}" for state in State}


class CommandMoved(msgspec.Struct, frozen=True, kw_only=True):
    """The state of an execution changed. `chain` are the rules that led to the request."""

    execution_id: ExecutionId
    device_id: DeviceId
    definition_id: DefinitionId
    name: str
    state: str
    reason: str
    at_us: int
    chain: tuple[RuleId, ...] = ()


def command_moved(execution: Execution, at_us: int) -> CommandMoved:
    """The event for an execution's current state."""
    return CommandMoved(
        execution_id=execution.id,
        device_id=execution.device_id,
        definition_id=execution.definition_id,
        name=execution.name,
        state=execution.state.value,
        reason=execution.reason,
        at_us=at_us,
        chain=execution.chain,
    )
