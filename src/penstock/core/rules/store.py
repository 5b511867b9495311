"""Where rules, versions and runs are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.alerts.store import AlertTransaction
from penstock.core.database import OpensOrganizations
from penstock.core.rules.models import Rule, Run, RunFilter, RunningRule, Version
from penstock.core.telemetry.store import HasCursors
from penstock.kit.ids import HookId, RuleId, RunId, VersionId


class RuleStore(Protocol):
    """The organisation's rules and their versions."""

    async def create(self, rule: Rule) -> None:
        """Add a rule.

        Raises:
            RuleExists: there is one of this name.
        """

    async def find(self, rule_id: RuleId) -> Rule | None:
        """One rule, those in the trash included."""

    async def list(self, trashed: bool, limit: int, before_id: int) -> Sequence[Rule]:
        """Rules newest first, older than `before_id`: those in the trash, or the others."""

    async def count(self) -> int:
        """How many rules there are, those in the trash included."""

    async def save(self, rule: Rule) -> None:
        """Write what can change of a rule.

        Raises:
            RuleExists: there is another of this name.
        """

    async def set_failures(self, rule_id: RuleId, failures: int) -> None:
        """Note how many runs in a row failed."""

    async def add_version(self, version: Version) -> None:
        """Add a version."""

    async def rename_version(self, version_id: VersionId, name: str) -> None:
        """Give a version another name."""

    async def find_version(self, version_id: VersionId) -> Version | None:
        """One version."""

    async def versions(self, rule_id: RuleId, limit: int, before_number: int) -> Sequence[Version]:
        """Versions of a rule, newest first, older than a number."""


class RunStore(Protocol):
    """The organisation's runs."""

    async def add(self, runs: Sequence[Run]) -> None:
        """Add runs. One whose rule had a run of the same cause before is left out."""

    async def find(self, run_id: RunId) -> Run | None:
        """One run."""

    async def list(self, wanted: RunFilter, limit: int, before_id: int) -> Sequence[Run]:
        """Runs newest first, older than `before_id`."""

    async def save(self, run: Run) -> None:
        """Write how far a run has come."""


class SystemRuleStore(Protocol):
    """Rules and runs of every organisation, for workers."""

    async def running(self) -> Sequence[RunningRule]:
        """The rules that are at work."""

    async def find_hook(self, hook_id: HookId) -> Rule | None:
        """The rule that has this hook."""

    async def pending(self, limit: int) -> Sequence[Run]:
        """The oldest runs that have actions to do."""

    async def drop_runs(self, before_us: int, limit: int) -> int:
        """Remove runs that ended before a moment; how many."""

    async def drop_trashed(self, before_us: int, limit: int) -> int:
        """Remove rules that were put into the trash before a moment; how many."""


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
    """What use cases on rules work with. Alerts are raised in it too."""


class RuleSystemTransaction(HasSystemRules, HasCursors, OpensOrganizations[RuleTransaction], Protocol):
    """What the worker that looks at the log works with."""
