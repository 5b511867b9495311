"""Stores the counts of failed evaluations, every few seconds instead of for each failure."""

from __future__ import annotations

from typing import Protocol

from penstock.core.database import OpensOrganizations, SystemDatabase
from penstock.core.expressions.error_counts import EvaluationErrors, HasErrorCounts, HasSystemErrorCounts
from penstock.workers.loop import run_loop

INTERVAL_S = 2.0


class EvaluationErrorTransaction(HasSystemErrorCounts, OpensOrganizations[HasErrorCounts], Protocol):
    """The transaction of the worker."""


class EvaluationErrorsWorker:
    """The worker. If the process is killed, the counts of the last seconds are lost."""

    def __init__(self, database: SystemDatabase[EvaluationErrorTransaction], errors: EvaluationErrors) -> None:
        self._database = database
        self._errors = errors
        self._loaded = False

    async def run(self) -> None:
        """Run until cancelled, then write one last time."""
        await run_loop(self.step, INTERVAL_S, "evaluation_errors_delayed", last=self.step)

    async def step(self) -> None:
        """Load the stored counts once, then write those that changed since the last time."""
        if not self._loaded:
            async with self._database.system_snapshot() as tx:
                self._errors.load(await tx.evaluation_errors.list())
            self._loaded = True
        drained = self._errors.drain()
        if not drained:
            return
        try:
            async with self._database.system() as tx:
                for counted in drained:
                    await tx.for_organization(counted.org_id).evaluation_errors.save(counted)
        except BaseException:
            self._errors.restore(drained)
            raise
