"""The door to actions: who carries out what an alert wants done.

A runner is registered under the word by which definitions name its actions. Webhooks need none: they follow the outbox, which
every alert's events go through.
"""

from __future__ import annotations

from typing import Protocol

from penstock.core.alerts.actions import Action
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.store import AlertTransaction


class ActionRunner(Protocol):
    """Carries out the actions of one type."""

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        """Look at an action before it becomes part of a definition.

        Raises:
            InvalidInput: it cannot be carried out; the field is named.
        """

    async def run(self, job: ActionJob) -> None:
        """Carry an action out. Called again with the same job after a crash or failure: idempotent by its id.

        Raises:
            PenstockError: not now, or never; it is tried again some times.
        """


class ActionRunners:
    """Runners by the type of action."""

    def __init__(self) -> None:
        self._runners: dict[str, ActionRunner] = {}

    def register(self, name: str, runner: ActionRunner) -> None:
        """Make a runner known."""
        self._runners[name] = runner

    def find(self, name: str) -> ActionRunner | None:
        """The runner of a type of action."""
        return self._runners.get(name)
