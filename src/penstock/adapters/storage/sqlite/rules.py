"""Rules, versions and runs: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.rules.definition import Definition
from penstock.core.rules.errors import RuleExists
from penstock.core.rules.models import ActionResult, Outcome, Rule, RuleState, Run, RunFilter, RunningRule, Version
from penstock.kit.ids import HookId, OrgId, RuleId, RunId, VersionId
from penstock.kit.ordering import After


class SqliteRules:
    """Implements `RuleStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, rule: Rule) -> None:
        await self._write("create_rule", rule)

    async def find(self, rule_id: RuleId) -> Rule | None:
        row = await self._session.one("find_rule", {"org_id": self._org_id, "id": rule_id})
        return _rule(row) if row else None

    async def list(self, trashed: bool, limit: int, after: After) -> list[Rule]:
        own = {"org_id": self._org_id, "trashed": trashed}
        return [_rule(row) for row in await rows_from(self._session, "list_rules", after, limit, own)]

    async def count(self) -> int:
        row = await self._session.one("count_rules", {"org_id": self._org_id})
        return int(row["rules"]) if row else 0

    async def save(self, rule: Rule) -> None:
        await self._write("save_rule", rule)

    async def set_failures(self, rule_id: RuleId, failures: int) -> None:
        await self._session.run("set_rule_failures", {"org_id": self._org_id, "id": rule_id, "failures": failures})

    async def add_version(self, version: Version) -> None:
        params = msgspec.structs.asdict(version) | {"org_id": self._org_id}
        params["definition"] = msgspec.json.encode(version.definition).decode()
        await self._session.run("add_rule_version", params)

    async def rename_version(self, version_id: VersionId, name: str) -> None:
        await self._session.run("rename_rule_version", {"org_id": self._org_id, "id": version_id, "name": name})

    async def find_version(self, version_id: VersionId) -> Version | None:
        row = await self._session.one("find_rule_version", {"org_id": self._org_id, "id": version_id})
        return _version(row) if row else None

    async def versions(self, rule_id: RuleId, limit: int, before_number: int) -> Sequence[Version]:
        params = {"org_id": self._org_id, "rule_id": rule_id, "limit": limit, "before_number": before_number}
        return [_version(row) for row in await self._session.all("list_rule_versions", params)]

    async def _write(self, statement: str, rule: Rule) -> None:
        try:
            await self._session.run(statement, msgspec.structs.asdict(rule) | {"org_id": self._org_id})
        except sqlite3.IntegrityError as error:
            raise RuleExists(name=rule.name) from error


class SqliteRuns:
    """Implements `RunStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def add(self, runs: Sequence[Run]) -> None:
        await self._session.run_many("add_rule_run", [_params(run, self._org_id) for run in runs])

    async def find(self, run_id: RunId) -> Run | None:
        row = await self._session.one("find_rule_run", {"org_id": self._org_id, "id": run_id})
        return _run(row) if row else None

    async def list(self, filters: RunFilter, limit: int, before_id: int) -> list[Run]:
        params = msgspec.structs.asdict(filters) | {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        statement = "list_rule_runs" if filters.rule_id is None else "list_runs_of_rule"
        return [_run(row) for row in await self._session.all(statement, params)]

    async def save(self, run: Run) -> None:
        await self._session.run("save_rule_run", _params(run, self._org_id))


class SqliteSystemRules:
    """Implements `SystemRuleStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def running(self) -> Sequence[RunningRule]:
        rules = [_rule(row) for row in await self._session.all("running_rules_of_all", {})]
        versions = {row["id"]: _version(row) for row in await self._session.all("running_versions_of_all", {})}
        return [RunningRule(rule=rule, version=versions[rule.version_id]) for rule in rules if rule.version_id in versions]

    async def find_hook(self, hook_id: HookId) -> Rule | None:
        row = await self._session.one("find_rule_of_hook", {"hook_id": hook_id})
        return _rule(row) if row else None

    async def pending(self, limit: int) -> Sequence[Run]:
        return [_run(row) for row in await self._session.all("pending_runs_of_all", {"limit": limit})]

    async def drop_runs(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_rule_runs_of_all", {"before_us": before_us, "limit": limit})

    async def drop_trashed(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_trashed_rules_of_all", {"before_us": before_us, "limit": limit})


def _rule(row: sqlite3.Row) -> Rule:
    found = dict(row)
    return Rule(**found | {"state": RuleState(found["state"])})


def _version(row: sqlite3.Row) -> Version:
    found = dict(row)
    return Version(**found | {"definition": msgspec.json.decode(found["definition"], type=Definition)})


def _params(run: Run, org_id: OrgId) -> dict[str, Any]:
    params = msgspec.structs.asdict(run) | {"org_id": org_id}
    for name in ("inputs", "results", "chain"):
        params[name] = msgspec.json.encode(params[name]).decode()
    return params


def _run(row: sqlite3.Row) -> Run:
    found = dict(row)
    found["inputs"] = msgspec.json.decode(found["inputs"])
    found["results"] = msgspec.json.decode(found["results"], type=list[ActionResult])
    found["chain"] = msgspec.json.decode(found["chain"], type=tuple[RuleId, ...])
    return Run(**found | {"outcome": Outcome(found["outcome"])})
