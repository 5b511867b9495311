"""The port to actions. Each type of action has one runner or writer.

Every act has a stable id, built from its run and its position. After a crash a runner is called again with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from penstock.core.rules.definition import Action, name_of
from penstock.core.rules.models import Run
from penstock.core.rules.store import RuleTransaction
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import DeviceId, Prefix, encode


class ActionFailed(PenstockError):
    """A rule action failed; the run states the reason."""

    kind, code = Kind.PRECONDITION, "rules.action_failed"
    message = "{reason}"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One action of one run. `fields` are the action's fields with their values, `device_id` the device it concerns."""

    run: Run
    rule_name: str
    step: int
    action: Action
    device_id: DeviceId | None
    fields: dict[str, Any]

    @property
    def id(self) -> str:
        """The act's stable id."""
        return f"{encode(Prefix.RUN, self.run.id)}.{self.step}"

    @property
    def type(self) -> str:
        """The name of the action's type."""
        return name_of(self.action)

    @property
    def device(self) -> DeviceId:
        """The device it concerns.

        Raises:
            ActionFailed: it concerns no device.
        """
        if self.device_id is None:
            raise ActionFailed(reason="no device triggered this run, and the action has no device_id")
        return self.device_id


class ActionRunner(Protocol):
    """Executes the actions of one type outside the run's transaction. Executing the same act twice must have one effect."""

    async def run(self, act: Act) -> str:
        """Execute an act; return a detail for the run's history, such as an id.

        Raises:
            PenstockError: it failed; the run fails with the reason.
        """


class ActionWriter(Protocol):
    """Executes the actions of one type by writing to the store, in the transaction that records that they are done."""

    async def write(self, tx: RuleTransaction, act: Act) -> str:
        """Execute an act; return a detail for the run's history.

        Raises:
            PenstockError: it failed; the run fails with the reason.
        """


class ActionRunners(msgspec.Struct, frozen=True, kw_only=True):
    """The runners and writers by type of action. An action of a type without one makes its run fail with that reason."""

    outside: Mapping[type[Action], ActionRunner]
    inside: Mapping[type[Action], ActionWriter]
