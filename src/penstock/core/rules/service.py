"""Use cases on rules: create, read, change, trash and recover; and the checks of every save."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.core.actor import Actor, ActorKind
from penstock.core.alerts.raising import clear_of_rule
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.outbound.targets import TargetPolicy
from penstock.core.rules.compiling import Compiled, compile_definition
from penstock.core.rules.config import RulesConfig
from penstock.core.rules.definition import (
    Action,
    ChatAction,
    ClearAlertAction,
    CommandAction,
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    LabelAction,
    RaiseAlertAction,
    ReadingAction,
    ReadingTrigger,
    SmsAction,
    WebhookAction,
)
from penstock.core.rules.errors import RuleInTrash, RuleLimitReached, RuleNotFound, VersionNotFound
from penstock.core.rules.models import TOPICS, NewRule, Rule, RuleMoved, RulePatch, RuleState, Version
from penstock.core.rules.reach import EventFields
from penstock.core.rules.shown import SCOPES as SCOPES_OF_VARIABLES
from penstock.core.rules.store import RuleTransaction
from penstock.core.tenancy.event_scopes import check_reaches, scopes_of
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, IdSource, Prefix, RuleId, Seq, VersionId, encode, text_of
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER}
_PLACE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


SCOPES: dict[type[Action], str] = {
    CommandAction: "commands:write",
    ReadingAction: "telemetry:write",
    LabelAction: "devices:write",
    SmsAction: "sms:send",
    ChatAction: "notifications:write",
    RaiseAlertAction: "alerts:write",
    ClearAlertAction: "alerts:write",
}
"""The scopes that actions require in addition to writing rules: a rule must not bypass the scopes of the key that saves it."""


def check_rights(actor: Actor, compiled: Compiled) -> None:
    """Check that the caller can read what a rule evaluates, and do what it does.

    Raises:
        ScopeMissing.
        GrantedTopics: events trigger it that are about more than the caller reaches.
    """
    definition = compiled.definition
    scopes = {SCOPES[type(action)] for action in definition.actions if type(action) in SCOPES}
    # A schedule or an event brings no reading along, but its expressions can use the device and its last values.
    scopes |= {scope for name, scope in SCOPES_OF_VARIABLES.items() if name in compiled.names}
    trigger = definition.trigger
    if isinstance(trigger, ReadingTrigger) or definition.windows:
        scopes.add("telemetry:read")
    if isinstance(trigger, ConnectivityTrigger):
        scopes.add("devices:read")
    if isinstance(trigger, EventTrigger):
        scopes |= scopes_of(trigger.topics)
    actor.require_all(scopes)
    if isinstance(trigger, EventTrigger):
        check_reaches(actor, trigger.topics)


_ORDERING: Ordering[Rule] = by_name("-created_at")


class RuleService:
    """Rules and their versions. `on_change` is called after each commit that changes which rules run.

    `triggering` are the events that trigger rules, with the fields of their data.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[RuleTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: RulesConfig,
        targets: TargetPolicy,
        on_change: Callable[[], None],
        errors: EvaluationErrors,
        triggering: EventFields,
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._targets = targets
        self._on_change = on_change
        self._errors = errors
        self._triggering = triggering

    async def create(self, actor: Actor, new: NewRule) -> tuple[Rule, Version]:
        """Create a rule with its first version. It does not run until it is deployed.

        Raises:
            InvalidInput: the definition is invalid; the field is named.
            DeviceNotFound, RuleExists, RuleLimitReached.
        """
        compiled = self.check(actor, new.definition)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.rules.count() >= self._config.max_rules:
                raise RuleLimitReached(limit=self._config.max_rules, what="rules, including those in the trash")
            await check_devices(tx, compiled)
            rule = _new_rule(self._ids.next(RuleId), actor, new, now_us)
            await tx.rules.create(rule)
            version = self.new_version(actor, rule, new.definition, new.note, None)
            await tx.rules.add_version(version)
            await self._trail.record(tx, actor, "rule.create", target(rule), after=facts(rule) | _version_facts(version))
        return rule, version

    async def get(self, actor: Actor, rule_id: RuleId) -> tuple[Rule, Version]:
        """Return a rule with its newest version.

        Raises:
            RuleNotFound: the caller's organisation has no rule with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            return rule, await newest(tx, rule)

    async def list(self, actor: Actor, trashed: bool, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Rule]:
        """Return a page of rules, newest first: those in the trash, or the others."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.rules.list(trashed, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, rule_id: RuleId, patch: RulePatch) -> tuple[Rule, Version]:
        """Change the fields in the patch. A different definition creates a version; the running version is not replaced.

        Raises:
            InvalidInput: the definition is invalid; the field is named.
            RuleNotFound, RuleInTrash, RuleExists, RuleLimitReached, DeviceNotFound.
        """
        compiled = None if patch.definition is UNSET else self.check(actor, patch.definition)
        async with self._database.transaction(actor.org_id) as tx:
            before = await usable(tx, rule_id)
            version = await newest(tx, before)
            after = msgspec.structs.replace(
                before,
                name=before.name if patch.name is UNSET else patch.name,
                description=before.description if patch.description is UNSET else patch.description,
                updated_us=self._clock.now_us(),
            )
            if compiled is not None and compiled.definition != version.definition:
                await check_devices(tx, compiled)
                after, version = await self.save_version(tx, actor, after, compiled.definition, patch.note, None)
            await tx.rules.save(after)
            old, new = facts(before), facts(after)
            differing = [name for name in new if old[name] != new[name]]
            await self._trail.record(
                tx,
                actor,
                "rule.update",
                target(before),
                before={name: old[name] for name in differing},
                after={name: new[name] for name in differing},
            )
        if version.number != before.last_number:
            self._errors.reset(actor.org_id, Use.RULE, rule_id)
        return after, version

    async def trash(self, actor: Actor, rule_id: RuleId) -> None:
        """Stop a rule and move it to the trash, from which it can be recovered for some days. Repeating the call has no effect.

        The alerts that it raised are cleared; they are kept, with their history.

        Raises:
            RuleNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            if rule.trashed_us is not None:
                return
            now_us = self._clock.now_us()
            if rule.state is RuleState.RUNNING:
                rule = await moved(tx, rule, RuleState.STOPPED, "moved to the trash", now_us, actor.chain)
            await tx.rules.save(msgspec.structs.replace(rule, trashed_us=now_us, updated_us=now_us))
            await clear_of_rule(tx, rule_id, now_us, self._ids.number, actor.chain)
            await self._trail.record(tx, actor, "rule.trash", target(rule))
        self._errors.reset(actor.org_id, Use.RULE, rule_id)
        self._on_change()

    async def recover(self, actor: Actor, rule_id: RuleId) -> tuple[Rule, Version]:
        """Recover a rule from the trash. It does not run until it is deployed.

        Raises:
            RuleNotFound, RuleExists: another rule has its name now.
        """
        async with self._database.transaction(actor.org_id) as tx:
            rule = await get_rule(tx, rule_id)
            version = await newest(tx, rule)
            if rule.trashed_us is not None:
                rule = msgspec.structs.replace(rule, trashed_us=None, updated_us=self._clock.now_us())
                await tx.rules.save(rule)
                await self._trail.record(tx, actor, "rule.recover", target(rule))
        return rule, version

    # The checks of every save; versions use them too.

    def check(self, actor: Actor, definition: Definition) -> Compiled:
        """Compile a document, and check that the caller has the scopes that its trigger, windows and actions require.

        Raises:
            InvalidInput: it is invalid; the field is named.
            ScopeMissing.
        """
        compiled = compile_definition(definition, triggering=self._triggering)
        check_rights(actor, compiled)
        for at, action in enumerate(definition.actions):
            if isinstance(action, WebhookAction):
                # Only scheme and host are checked, and they contain no placeholders.
                self._targets.check_url(_PLACE.sub("x", action.url), f"definition.actions[{at}].url")
        return compiled

    def new_version(self, actor: Actor, rule: Rule, definition: Definition, note: str, restored_number: int | None) -> Version:
        """Create the next version of a rule."""
        prefix = _PREFIXES.get(actor.kind)
        return Version(
            id=self._ids.next(VersionId),
            org_id=rule.org_id,
            rule_id=rule.id,
            number=rule.last_number,
            name=f"Version {rule.last_number}",
            author=text_of(prefix, actor.id) if prefix else "",
            author_name=actor.name,
            note=note,
            restored_number=restored_number,
            definition=definition,
            created_us=self._clock.now_us(),
        )

    async def save_version(
        self, tx: RuleTransaction, actor: Actor, rule: Rule, definition: Definition, note: str, restored_number: int | None
    ) -> tuple[Rule, Version]:
        """Add a version in the running transaction. The caller must save the returned rule.

        Raises:
            RuleLimitReached.
        """
        # Versions are not deleted one at a time, so the last number is their count.
        if rule.last_number >= self._config.max_versions:
            raise RuleLimitReached(limit=self._config.max_versions, what="versions of a rule")
        rule = msgspec.structs.replace(rule, last_number=rule.last_number + 1)
        version = self.new_version(actor, rule, definition, note, restored_number)
        await tx.rules.add_version(version)
        await self._trail.record(tx, actor, "rule.save", target(rule), **_version_facts(version))
        return rule, version


async def get_rule(tx: RuleTransaction, rule_id: RuleId) -> Rule:
    """Return a rule of the transaction's organisation.

    Raises:
        RuleNotFound.
    """
    rule = await tx.rules.find(rule_id)
    if rule is None:
        raise RuleNotFound(rule_id=encode(Prefix.RULE, rule_id))
    return rule


async def usable(tx: RuleTransaction, rule_id: RuleId) -> Rule:
    """Return a rule that is not in the trash.

    Raises:
        RuleNotFound, RuleInTrash.
    """
    rule = await get_rule(tx, rule_id)
    if rule.trashed_us is not None:
        raise RuleInTrash(rule_id=encode(Prefix.RULE, rule_id))
    return rule


async def newest(tx: RuleTransaction, rule: Rule) -> Version:
    """Return the newest version of a rule; every rule has one."""
    return (await tx.rules.versions(rule.id, 1, MAX_ID))[0]


async def get_version(tx: RuleTransaction, rule_id: RuleId, version_id: VersionId) -> Version:
    """Return a version of a rule.

    Raises:
        VersionNotFound.
    """
    version = await tx.rules.find_version(version_id)
    if version is None or version.rule_id != rule_id:
        raise VersionNotFound(version_id=encode(Prefix.VERSION, version_id))
    return version


async def moved(
    tx: RuleTransaction, rule: Rule, state: RuleState, reason: str, now_us: int, chain: tuple[RuleId, ...], **changes: Any
) -> Rule:
    """Change a rule's state and add the event, in the running transaction. `chain` are the rules that led to the change."""
    after = msgspec.structs.replace(rule, state=state, reason=reason, updated_us=now_us, **changes)
    await tx.rules.save(after)
    event = RuleMoved(rule_id=rule.id, state=state.value, reason=reason, at_us=now_us, chain=chain)
    await tx.outbox.add(TOPICS[state], rule.id, event)
    return after


async def check_devices(tx: RuleTransaction, compiled: Compiled) -> None:
    """Check that every device named in a document exists.

    Raises:
        DeviceNotFound.
    """
    named = compiled.device_ids | {action.device_id for action in compiled.actions if action.device_id is not None}
    for device_id in sorted(named):
        if await tx.devices.find_ref(device_id) is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))


def target(rule: Rule) -> Target:
    """A rule as the target of an audit entry."""
    return Target("rule", encode(Prefix.RULE, rule.id), rule.name)


def facts(rule: Rule) -> dict[str, Any]:
    """The fields of a rule that the audit log records."""
    return {"name": rule.name, "description": rule.description, "version": rule.last_number}


def _version_facts(version: Version) -> dict[str, Any]:
    restored = {} if version.restored_number is None else {"restored": version.restored_number}
    return {"version": version.number, "note": version.note} | restored


def _new_rule(rule_id: RuleId, actor: Actor, new: NewRule, now_us: int) -> Rule:
    return Rule(
        id=rule_id,
        org_id=actor.org_id,
        name=new.name,
        description=new.description,
        state=RuleState.DRAFT,
        reason="",
        last_number=1,
        version_id=None,
        from_seq=Seq(0),
        next_us=None,
        failures=0,
        hook_id=None,
        hook_digest=None,
        trashed_us=None,
        created_us=now_us,
        updated_us=now_us,
    )
