"""Use cases on versions: list, compare and restore them; deploy and stop one; and a rule's hook."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.idempotency import IdempotencyKey
from penstock.core.rules.compiling import next_due
from penstock.core.rules.definition import Differences, differences
from penstock.core.rules.errors import HookNotFound
from penstock.core.rules.models import HOOK_CALLED, HookCalled, Rule, RuleState, Version
from penstock.core.rules.service import (
    RuleService,
    check_devices,
    get_rule,
    get_version,
    moved,
    newest,
    target,
    usable,
)
from penstock.core.rules.store import RuleSystemTransaction, RuleTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, EventId, HookId, IdSource, Prefix, RuleId, Seq, VersionId, encode
from penstock.kit.paging import Page, decode_cursor, page_of
from penstock.kit.secret import Pepper, hides, new_credential, well_formed

HOOK_PREFIX = "hks_"


@hides("secret")
class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's hook with its secret, which is shown only here."""

    hook_id: HookId
    secret: str


class VersionService:
    """Versions of rules, and which of them runs. `last_seq` returns the last sequence number of the reading log."""

    def __init__(
        self,
        *,
        database: Database[RuleTransaction, RuleSystemTransaction],
        rules: RuleService,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        pepper: Pepper,
        last_seq: Callable[[], Seq],
        on_change: Callable[[], None],
        errors: EvaluationErrors,
    ) -> None:
        self._database = database
        self._rules = rules
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._pepper = pepper
        self._last_seq = last_seq
        self._on_change = on_change
        self._errors = errors

    async def list(self, actor: Actor, rule_id: RuleId, limit: int, cursor: str | None) -> Page[Version]:
        """Return a page of versions, newest first.

        Raises:
            RuleNotFound.
        """
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await get_rule(tx, rule_id)
            found = await tx.rules.versions(rule_id, limit + 1, key[0] if key else MAX_ID)
        return page_of(found, limit, lambda last: (last.number,))

    async def get(self, actor: Actor, rule_id: RuleId, version_id: VersionId) -> Version:
        """Return a version.

        Raises:
            RuleNotFound, VersionNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_rule(tx, rule_id)
            return await get_version(tx, rule_id, version_id)

    async def rename(self, actor: Actor, rule_id: RuleId, version_id: VersionId, name: str) -> Version:
        """Rename a version. Its definition does not change.

        Raises:
            RuleNotFound, RuleInTrash, VersionNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            rule = await usable(tx, rule_id)
            version = await get_version(tx, rule_id, version_id)
            if version.name != name:
                await tx.rules.rename_version(version_id, name)
                before, after = {"name": version.name}, {"name": name}
                what = target(rule)
                await self._trail.record(
                    tx, actor, "rule.version_rename", what, version=version.number, before=before, after=after
                )
        return msgspec.structs.replace(version, name=name)

    async def compare(
        self, actor: Actor, rule_id: RuleId, version_id: VersionId, with_id: VersionId | None
    ) -> tuple[Version, Version | None, Differences]:
        """Return a version, the version it is compared with, and their differences: (path, before, after).

        Without `with_id` it is compared with the previous version; the first version has none, and no differences.

        Raises:
            RuleNotFound, VersionNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_rule(tx, rule_id)
            version = await get_version(tx, rule_id, version_id)
            if with_id is not None:
                other: Version | None = await get_version(tx, rule_id, with_id)
            else:
                other = next(iter(await tx.rules.versions(rule_id, 1, version.number)), None)
        return version, other, differences(other.definition, version.definition) if other else []

    async def restore(self, actor: Actor, rule_id: RuleId, version_id: VersionId, note: str) -> Version:
        """Create a new version from an old one. It is not deployed.

        Raises:
            RuleNotFound, RuleInTrash, VersionNotFound, RuleLimitReached, DeviceNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            rule = await usable(tx, rule_id)
            old = await get_version(tx, rule_id, version_id)
            # Checked again: this caller may have fewer scopes than the author, and a device may have been deleted.
            await check_devices(tx, self._rules.check(actor, old.definition))
            rule, version = await self._rules.save_version(tx, actor, rule, old.definition, note, old.number)
            await tx.rules.save(msgspec.structs.replace(rule, updated_us=version.created_us))
        return version

    async def deploy(self, actor: Actor, rule_id: RuleId, version_id: VersionId) -> Rule:
        """Run a version from now on, replacing the one that ran. Earlier readings are not evaluated.

        Raises:
            RuleNotFound, RuleInTrash, VersionNotFound, DeviceNotFound.
            InvalidInput: the definition was valid when it was saved, but no longer is; the field is named.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await usable(tx, rule_id)
            version = await get_version(tx, rule_id, version_id)
            # A caller without the scopes of the actions must not start them with a version that another caller saved.
            compiled = self._rules.check(actor, version.definition)
            await check_devices(tx, compiled)
            now_us = self._clock.now_us()
            # Deploying the running version again must not move `from_seq`, or pending readings would be skipped.
            if before.state is RuleState.RUNNING and before.version_id == version_id:
                return before
            rule = await moved(
                tx,
                before,
                RuleState.RUNNING,
                "",
                now_us,
                actor.chain,
                version_id=version_id,
                from_seq=self._last_seq(),
                next_us=next_due(version.definition.trigger, now_us),
                failures=0,
            )
            old = await tx.rules.find_version(before.version_id) if before.version_id else None
            replaces = old.number if old and before.state is RuleState.RUNNING else None
            await self._trail.record(tx, actor, "rule.deploy", target(rule), version=version.number, replaces=replaces)
        self._errors.reset(actor.org_id, Use.RULE, rule_id)
        self._on_change()
        return rule

    async def stop(self, actor: Actor, rule_id: RuleId, reason: str = "") -> Rule:
        """Stop a rule. Repeating the call has no effect.

        Raises:
            RuleNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            if rule.state is not RuleState.RUNNING:
                return rule
            rule = await moved(tx, rule, RuleState.STOPPED, reason or "stopped", self._clock.now_us(), actor.chain, next_us=None)
            await self._trail.record(tx, actor, "rule.stop", target(rule), reason=reason or None)
        self._on_change()
        return rule

    async def new_hook(self, actor: Actor, rule_id: RuleId) -> Hook:
        """Create a rule's hook, or replace its secret; the previous secret becomes invalid.

        Raises:
            RuleNotFound, RuleInTrash.
            ScopeMissing: the caller must not do what the hook lets the rule do.
        """
        secret = new_credential(HOOK_PREFIX)
        async with self._database.transaction(actor.org_id) as tx:
            rule = await usable(tx, rule_id)
            # The running version is called next; the newest one is, as soon as it is deployed.
            running = await tx.rules.find_version(rule.version_id) if rule.version_id else None
            for version in (running, await newest(tx, rule)):
                if version is not None:
                    self._rules.check(actor, version.definition)
            hook_id = rule.hook_id or self._ids.next(HookId)
            digest = self._pepper.digest(secret.encode())
            await tx.rules.save(
                msgspec.structs.replace(rule, hook_id=hook_id, hook_digest=digest, updated_us=self._clock.now_us())
            )
            await self._trail.record(tx, actor, "rule.hook", target(rule), hook_id=encode(Prefix.HOOK, hook_id))
        return Hook(hook_id=hook_id, secret=secret)

    async def call_hook(
        self,
        hook_id: HookId,
        secret: str,
        body: Any,
        chain: tuple[RuleId, ...] = (),
        idempotency: IdempotencyKey | None = None,
    ) -> EventId:
        """Record a call of a rule's hook, which the rule evaluates shortly afterwards; return the call's id.

        `chain` are the rules that led to the call.

        Raises:
            HookNotFound: the hook does not exist, or the secret is wrong.
            IdempotencyMismatch.
        """
        async with self._database.system_snapshot() as system:
            rule = await system.rules.find_hook(hook_id)
        if rule is None or rule.trashed_us is not None or rule.hook_digest is None:
            raise HookNotFound()
        # In constant time, so that the response time does not reveal how much of the digest matches.
        if not well_formed(secret, HOOK_PREFIX) or not hmac.compare_digest(
            self._pepper.digest(secret.encode()), rule.hook_digest
        ):
            raise HookNotFound()
        call_id = self._ids.next(EventId)
        called = HookCalled(rule_id=rule.id, call_id=call_id, body=body, at_us=self._clock.now_us(), chain=chain)
        async with self._database.transaction(rule.org_id) as tx:
            # All callers with the secret are one caller, so keys belong to the hook.
            if idempotency and (kept := await tx.idempotency.find(hook_id, idempotency)):
                return msgspec.msgpack.decode(kept, type=EventId)
            await tx.outbox.add(HOOK_CALLED, rule.id, called)
            if idempotency:
                await tx.idempotency.keep(hook_id, idempotency, msgspec.msgpack.encode(call_id), called.at_us)
        return call_id

    async def exported(self, actor: Actor, rule_id: RuleId, version_id: VersionId | None) -> tuple[Rule, Version]:
        """Return a rule with one of its versions, by default the newest.

        Raises:
            RuleNotFound, VersionNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            return rule, await (newest(tx, rule) if version_id is None else get_version(tx, rule_id, version_id))
