"""Use cases on runs: reading them, and recording them for the workers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.rules.errors import RunNotFound
from penstock.core.rules.models import RAN, Outcome, RuleRan, RuleState, Run, RunFilter
from penstock.core.rules.service import get_rule, moved, target
from penstock.core.rules.store import RuleSystemTransaction, RuleTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, OrgId, Prefix, RuleId, RunId, VersionId, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class RunService:
    """Runs of rules, and stopping rules automatically."""

    def __init__(
        self, *, database: Database[RuleTransaction, RuleSystemTransaction], trail: AuditTrail, clock: Clock, max_failures: int
    ) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock
        self._max_failures = max_failures

    async def get(self, actor: Actor, run_id: RunId) -> Run:
        """Return a run.

        Raises:
            RunNotFound: the caller's organisation has no run with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            run = await tx.rule_runs.find(run_id)
        if run is None:
            raise RunNotFound(run_id=encode(Prefix.RUN, run_id))
        return run

    async def list(self, actor: Actor, filters: RunFilter, limit: int, cursor: str | None) -> Page[Run]:
        """Return a page of runs, newest first."""
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.rule_runs.list(filters, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda last: (last.id,))

    async def list_by_rule(self, actor: Actor, filters: RunFilter, limit: int, cursor: str | None) -> Page[Run]:
        """Return a page of one rule's runs, newest first.

        Raises:
            RuleNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_rule(tx, filters.rule_id or RuleId(0))
        return await self.list(actor, filters, limit, cursor)

    async def keep(self, system: RuleSystemTransaction, runs: Sequence[Run]) -> None:
        """Store runs in the running transaction, except those whose rule already had a run for the same cause."""
        of_org: dict[OrgId, list[Run]] = {}
        for run in runs:
            of_org.setdefault(run.org_id, []).append(run)
        for org_id, found in of_org.items():
            tx = system.for_organization(org_id)
            await tx.rule_runs.add(found)
            for run in found:
                # A run that was skipped, because its cause already had one, is not reported a second time.
                if run.outcome in RAN and await tx.rule_runs.find(run.id) is not None:
                    await _add_event(tx, run)

    async def force_stop(
        self,
        system: RuleSystemTransaction,
        org_id: OrgId,
        rule_id: RuleId,
        version_id: VersionId,
        reason: str,
        chain: tuple[RuleId, ...] = (),
    ) -> None:
        """Stop a rule automatically, in the running transaction. Does nothing if another version is running.

        `chain` are the rules that led to it.
        """
        tx = system.for_organization(org_id)
        rule = await tx.rules.find(rule_id)
        if rule is None or rule.state is not RuleState.RUNNING or rule.version_id != version_id:
            return
        rule = await moved(tx, rule, RuleState.FORCE_STOPPED, reason, self._clock.now_us(), chain, next_us=None)
        await self._trail.record(tx, Actor.system(org_id), "rule.force_stop", target(rule), reason=reason)

    async def finish(self, run: Run, outcome: Outcome, reason: str) -> bool:
        """Record how a run ended; return whether its rule was stopped because too many runs in a row failed."""
        done = msgspec.structs.replace(run, outcome=outcome, reason=reason, finished_us=self._clock.now_us())
        stopped = False
        async with self._database.system() as system:
            tx = system.for_organization(run.org_id)
            await tx.rule_runs.save(done)
            if outcome in RAN:
                await _add_event(tx, done)
            rule = await tx.rules.find(run.rule_id)
            # Failures of a replaced version do not count against the one that runs now.
            if rule is None or rule.version_id != run.version_id or outcome is Outcome.CANCELLED:
                return False
            failures = rule.failures + 1 if outcome is Outcome.FAILED else 0
            if failures != rule.failures:
                await tx.rules.set_failures(rule.id, failures)
            if failures >= self._max_failures and rule.state is RuleState.RUNNING:
                why = f"{failures} runs in a row failed; the last reason: {reason}"
                await self.force_stop(system, run.org_id, run.rule_id, run.version_id, why, run.chain)
                stopped = True
        return stopped


async def _add_event(tx: RuleTransaction, run: Run) -> None:
    ran = RuleRan(
        rule_id=run.rule_id,
        run_id=run.id,
        number=run.number,
        device_id=run.device_id,
        cause=run.cause,
        reason=run.reason,
        chain=run.chain,
        at_us=run.finished_us or run.created_us,
    )
    await tx.outbox.add(RAN[run.outcome], run.id, ran)
