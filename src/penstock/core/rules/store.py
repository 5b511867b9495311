"""The stores of rules, versions and runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.alerts.store import AlertTransaction
from penstock.core.database import OpensOrganizations
from penstock.core.rules.models import Rule, Run, RunFilter, RunningRule, Version
from penstock.core.telemetry.store import HasCursors
from penstock.kit.ids import HookId, RuleId, RunId, VersionId
from penstock.kit.ordering import After


class RuleStore(Protocol):
    """The organisation's rules and their versions."""

    async def create(self, rule: Rule) -> None:
        """Add a rule.

        Raises:
            RuleExists: a rule with this name exists.
        """

    async def find(self, rule_id: RuleId) -> Rule | None:
        """A rule, even if it is in the trash."""

    async def list(self, trashed: bool, limit: int, after: After) -> Sequence[Rule]:
        """Rules by default newest first, after a place or an id: those in the trash, or the others."""

    async def count(self) -> int:
        """The number of rules, including those in the trash."""

    async def save(self, rule: Rule) -> None:
        """Write the fields of a rule that can change.

        Raises:
            RuleExists: another rule has this name.
        """

    async def set_failures(self, rule_id: RuleId, failures: int) -> None:
        """Record how many runs in a row failed."""

    async def add_version(self, version: Version) -> None:
        """Add a version."""

    async def rename_version(self, version_id: VersionId, name: str) -> None:
        """Rename a version."""

    async def find_version(self, version_id: VersionId) -> Version | None:
        """One version."""

    async def versions(self, rule_id: RuleId, limit: int, before_number: int) -> Sequence[Version]:
        """Versions of a rule, newest first, older than a number."""


class RunStore(Protocol):
    """The organisation's runs."""

    async def add(self, runs: Sequence[Run]) -> None:
        """Add runs, except those whose rule already had a run for the same cause."""

    async def find(self, run_id: RunId) -> Run | None:
        """One run."""

    async def list(self, filters: RunFilter, limit: int, before_id: int) -> Sequence[Run]:
        """Runs newest first, older than `before_id`."""

    async def save(self, run: Run) -> None:
        """Write the state of a run."""


class SystemRuleStore(Protocol):
    """Rules and runs of all organisations, for workers."""

    async def running(self) -> Sequence[RunningRule]:
        """The running rules."""

    async def find_hook(self, hook_id: HookId) -> Rule | None:
        """The rule with this hook, or None."""

    async def pending(self, limit: int) -> Sequence[Run]:
        """The oldest runs with pending actions."""

    async def drop_runs(self, before_us: int, limit: int) -> int:
        """Delete runs that ended before this time; returns how many."""

    async def drop_trashed(self, before_us: int, limit: int) -> int:
        """Delete rules that were trashed before this time; returns how many."""


class HasRules(Protocol):
    """A transaction with rules."""

    @property
    def rules(self) -> RuleStore:
        """Rules and their versions."""


class HasRuleRuns(Protocol):
    """A transaction with runs of rules."""

    @property
    def rule_runs(self) -> RunStore:
        """Runs of rules."""


class HasSystemRules(Protocol):
    """A transaction across organisations with rules."""

    @property
    def rules(self) -> SystemRuleStore:
        """Rules and runs, for workers."""


class RuleTransaction(AlertTransaction, HasRules, HasRuleRuns, Protocol):
    """The transaction of the use cases on rules, including raising alerts."""


class RuleSystemTransaction(HasSystemRules, HasCursors, OpensOrganizations[RuleTransaction], Protocol):
    """The transaction of the worker that follows the log."""
