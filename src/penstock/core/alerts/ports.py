"""The port to actions.

A runner is registered under the name that definitions use for its actions. Webhooks need none: they follow the outbox, which
contains every alert event.
"""

from __future__ import annotations

from typing import Protocol

from penstock.core.alerts.actions import Action
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.store import AlertTransaction


class ActionRunner(Protocol):
    """Executes the actions of one type."""

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        """Check an action before it becomes part of a definition.

        Raises:
            InvalidInput: it cannot be executed; the field is named.
        """

    async def run(self, job: ActionJob) -> None:
        """Execute an action. Called again with the same job after a crash or failure: idempotent by the job's id.

        Raises:
            PenstockError: it failed, temporarily or permanently; it is retried a limited number of times.
        """


class ActionRunners:
    """Runners by the type of action."""

    def __init__(self) -> None:
        self._runners: dict[str, ActionRunner] = {}

    def register(self, name: str, runner: ActionRunner) -> None:
        """Add a runner."""
        self._runners[name] = runner

    def find(self, name: str) -> ActionRunner | None:
        """The runner for a type of action, or None."""
        return self._runners.get(name)
