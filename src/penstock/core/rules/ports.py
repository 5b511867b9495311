"""The door to actions: who carries out what a rule wants done. Each type of action has one runner or writer.

Every act has a stable id, made of its run and its place in it. A runner is asked again after a crash, with the same id.
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
    """An action of a rule could not be done; the run says so."""

    kind, code = Kind.PRECONDITION, "rules.action_failed"
    message = "{reason}"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One action of one run. `fields` are the action's, with the values in them; `device_id` is the device it concerns."""

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
        """The word for the action's type."""
        return name_of(self.action)

    @property
    def device(self) -> DeviceId:
        """The device it is about.

        Raises:
            ActionFailed: there is none.
        """
        if self.device_id is None:
            raise ActionFailed(reason="no device caused this run, and the action names none")
        return self.device_id


class ActionRunner(Protocol):
    """Carries out the actions of one type outside the run's transaction. The same act done twice must have one effect."""

    async def run(self, act: Act) -> str:
        """Carry it out; a detail for the run's history, such as an id.

        Raises:
            PenstockError: it cannot be done; the run fails with the reason.
        """


class ActionWriter(Protocol):
    """Carries out the actions of one type by writing them down, in the transaction that notes that they are done."""

    async def write(self, tx: RuleTransaction, act: Act) -> str:
        """Write it down; a detail for the run's history.

        Raises:
            PenstockError: it cannot be done; the run fails with the reason.
        """


class ActionRunners(msgspec.Struct, frozen=True, kw_only=True):
    """Who carries out what, by type. A type that nobody carries out makes the run fail with that reason."""

    outside: Mapping[type[Action], ActionRunner]
    inside: Mapping[type[Action], ActionWriter]
