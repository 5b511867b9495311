"""Rules and their versions over the native API: make, change, compare, restore, deploy, stop, carry elsewhere."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.v2 import rules_wire as wire
from penstock.api.v2.rule_examples import (
    COMPARISON,
    DEFINITION,
    DOCUMENT,
    NEW_RULE,
    RULE,
    RULE_PATH,
    TAG,
    VERSION,
    VERSION_PATH,
    WITH_VERSION,
)
from penstock.api.v2.rules_translate import (
    from_comparison,
    from_definition,
    from_rule,
    from_rule_with,
    from_version,
    to_definition,
    to_new_rule,
    to_patch,
)
from penstock.api.v2.wire import ListOf, Page
from penstock.core.rules.models import NewRule
from penstock.core.rules.service import RuleService
from penstock.core.rules.versions import VersionService
from penstock.kit.ids import Prefix, RuleId, VersionId
from penstock.kit.operation import Example, operation

READ, WRITE = "rules:read", "rules:write"
PATH = "/api/v2/rules"
ONE = f"{PATH}/{{rule_id}}"
VERSIONS = f"{ONE}/versions"
ONE_VERSION = f"{VERSIONS}/{{version_id}}"
MAX_BODY_BYTES = 262_144
ONCE = {"Idempotency-Key": "A name for this request of 1 to 255 characters, good for 24 hours."}


class RuleEndpoints:
    """Rules as nouns."""

    def __init__(self, rules: RuleService, versions: VersionService) -> None:
        self._rules = rules
        self._versions = versions

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List rules",
        description="Newest first: those in the trash, or the others.",
        scope=READ,
        query=wire.RuleQuery,
        answer=ListOf[wire.Rule],
        example=Example(query={"limit": "2"}, answer={"data": [RULE], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.RuleQuery, None]) -> ListOf[wire.Rule]:
        query = call.query
        page = await self._rules.list(call.actor, query.trashed, query.limit, query.cursor)
        return ListOf([from_rule(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Make a rule",
        description="With its first version, which does not run before it is deployed.",
        scope=WRITE,
        status=201,
        body=wire.RuleCreate,
        answer=wire.RuleWithVersion,
        headers=ONCE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW_RULE, answer=WITH_VERSION | {"state": "draft", "running_version_id": None}),
    )
    async def create(self, call: Call[None, wire.RuleCreate]) -> wire.RuleWithVersion:
        return from_rule_with(await self._rules.create(call.actor, to_new_rule(call.body), idempotency_of(call)))

    @operation(
        "POST",
        f"{PATH}/import",
        surface="v2",
        tag=TAG,
        summary="Make a rule of an exported one",
        description="The devices that it names must be this organisation's.",
        scope=WRITE,
        status=201,
        body=wire.RuleDocument,
        answer=wire.RuleWithVersion,
        headers=ONCE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=DOCUMENT, answer=WITH_VERSION | {"state": "draft", "running_version_id": None}),
    )
    async def import_one(self, call: Call[None, wire.RuleDocument]) -> wire.RuleWithVersion:
        sent = call.body
        wanted = NewRule(name=sent.name, description=sent.description, note="imported", definition=to_definition(sent.definition))
        return from_rule_with(await self._rules.create(call.actor, wanted, idempotency_of(call)))

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a rule",
        scope=READ,
        answer=wire.RuleWithVersion,
        example=Example(path=RULE_PATH, answer=WITH_VERSION),
    )
    async def get(self, call: Call[None, None]) -> wire.RuleWithVersion:
        return from_rule_with(await self._rules.get(call.actor, rule_id_of(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change a rule",
        description="A field that is left out stays. A definition that differs makes a version; what runs goes on until "
        "another version is deployed.",
        scope=WRITE,
        body=wire.RulePatch,
        answer=wire.RuleWithVersion,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=RULE_PATH, body={"definition": DEFINITION, "note": "as before"}, answer=WITH_VERSION),
    )
    async def update(self, call: Call[None, wire.RulePatch]) -> wire.RuleWithVersion:
        return from_rule_with(await self._rules.update(call.actor, rule_id_of(call), to_patch(call.body)))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Put a rule into the trash",
        description="It is stopped, and can be recovered for some days.",
        scope=WRITE,
        status=204,
        example=Example(path=RULE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._rules.trash(call.actor, rule_id_of(call))
        return Answer()

    @operation(
        "POST",
        f"{ONE}/recover",
        surface="v2",
        tag=TAG,
        summary="Take a rule out of the trash",
        description="It does not run before it is deployed.",
        scope=WRITE,
        answer=wire.RuleWithVersion,
        refuses=(409,),
        example=Example(path=RULE_PATH, answer=WITH_VERSION | {"state": "stopped", "running_version_id": None}),
    )
    async def recover(self, call: Call[None, None]) -> wire.RuleWithVersion:
        return from_rule_with(await self._rules.recover(call.actor, rule_id_of(call)))

    @operation(
        "GET",
        f"{ONE}/export",
        surface="v2",
        tag=TAG,
        summary="Export a rule",
        description="One version of it, the newest if none is named, as a document that can be imported elsewhere.",
        scope=READ,
        query=wire.ExportQuery,
        answer=wire.RuleDocument,
        example=Example(path=RULE_PATH, answer=DOCUMENT),
    )
    async def export(self, call: Call[wire.ExportQuery, None]) -> wire.RuleDocument:
        wanted = call.query.version_id
        version_id = body_id(Prefix.VERSION, wanted, "version_id") if wanted else None
        rule, version = await self._versions.exported(call.actor, rule_id_of(call), version_id)
        return wire.RuleDocument(name=rule.name, description=rule.description, definition=from_definition(version.definition))

    @operation(
        "POST",
        f"{ONE}/stop",
        surface="v2",
        tag=TAG,
        summary="Stop a rule",
        description="What it has begun and not ended is cancelled.",
        scope=WRITE,
        body=wire.Stop,
        answer=wire.Rule,
        example=Example(
            path=RULE_PATH,
            body={"reason": "season is over"},
            answer=RULE | {"state": "stopped", "reason": "season is over", "running_version_id": None},
        ),
    )
    async def stop(self, call: Call[None, wire.Stop]) -> wire.Rule:
        return from_rule(await self._versions.stop(call.actor, rule_id_of(call), call.body.reason))


class VersionEndpoints:
    """Versions of rules."""

    def __init__(self, versions: VersionService) -> None:
        self._versions = versions

    @operation(
        "GET",
        VERSIONS,
        surface="v2",
        tag=TAG,
        summary="List versions of a rule",
        description="Newest first. Every save made one.",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Version],
        example=Example(path=RULE_PATH, answer={"data": [VERSION], "next_cursor": None}),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Version]:
        page = await self._versions.list(call.actor, rule_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_version(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        ONE_VERSION,
        surface="v2",
        tag=TAG,
        summary="Get a version of a rule",
        scope=READ,
        answer=wire.Version,
        example=Example(path=VERSION_PATH, answer=VERSION),
    )
    async def get(self, call: Call[None, None]) -> wire.Version:
        return from_version(await self._versions.get(call.actor, rule_id_of(call), version_id_of(call)))

    @operation(
        "PATCH",
        ONE_VERSION,
        surface="v2",
        tag=TAG,
        summary="Rename a version of a rule",
        description="What it says never changes.",
        scope=WRITE,
        body=wire.VersionPatch,
        answer=wire.Version,
        refuses=(409,),
        example=Example(path=VERSION_PATH, body={"name": "Before the winter"}, answer=VERSION | {"name": "Before the winter"}),
    )
    async def rename(self, call: Call[None, wire.VersionPatch]) -> wire.Version:
        return from_version(await self._versions.rename(call.actor, rule_id_of(call), version_id_of(call), call.body.name))

    @operation(
        "GET",
        f"{ONE_VERSION}/differences",
        surface="v2",
        tag=TAG,
        summary="Compare two versions of a rule",
        description="With the version before, or with the one that is named.",
        scope=READ,
        query=wire.CompareQuery,
        answer=wire.Comparison,
        example=Example(path=VERSION_PATH, answer=COMPARISON),
    )
    async def compare(self, call: Call[wire.CompareQuery, None]) -> wire.Comparison:
        wanted = call.query.version_id
        with_id = body_id(Prefix.VERSION, wanted, "version_id") if wanted else None
        return from_comparison(await self._versions.compare(call.actor, rule_id_of(call), version_id_of(call), with_id))

    @operation(
        "POST",
        f"{ONE_VERSION}/restore",
        surface="v2",
        tag=TAG,
        summary="Restore a version of a rule",
        description="Makes a new version of it. Nothing is deleted, and nothing deployed.",
        scope=WRITE,
        status=201,
        body=wire.Restore,
        answer=wire.Version,
        headers=ONCE,
        example=Example(path=VERSION_PATH, body={"note": "it was better"}, answer=VERSION | {"number": 3, "restored_number": 1}),
    )
    async def restore(self, call: Call[None, wire.Restore]) -> wire.Version:
        rule_id, version_id = rule_id_of(call), version_id_of(call)
        found = await self._versions.restore(call.actor, rule_id, version_id, call.body.note, idempotency_of(call))
        return from_version(found)

    @operation(
        "POST",
        f"{ONE_VERSION}/deploy",
        surface="v2",
        tag=TAG,
        summary="Deploy a version of a rule",
        description="It runs from now on, in place of the one that ran: there is always one or none. Readings that came "
        "before are not looked at.",
        scope=WRITE,
        answer=wire.Rule,
        refuses=(409,),
        example=Example(path=VERSION_PATH, answer=RULE),
    )
    async def deploy(self, call: Call[None, None]) -> wire.Rule:
        return from_rule(await self._versions.deploy(call.actor, rule_id_of(call), version_id_of(call)))


def rule_id_of(call: Call[Any, Any]) -> RuleId:
    """The rule in a call's path."""
    return path_id(Prefix.RULE, call.path["rule_id"])


def version_id_of(call: Call[Any, Any]) -> VersionId:
    """The version in a call's path."""
    return path_id(Prefix.VERSION, call.path["version_id"])
