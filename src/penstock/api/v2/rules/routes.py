"""Rules and their versions over the native API: create, change, compare, restore, deploy, stop, export and import."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.rules import wire
from penstock.api.v2.rules.examples import (
    COMPARISON,
    DEFINITION,
    DOCUMENT,
    NEW_RULE,
    RULE,
    RULE_PATH,
    VERSION,
    VERSION_PATH,
    WITH_VERSION,
)
from penstock.api.v2.rules.translate import (
    from_comparison,
    from_definition,
    from_rule,
    from_rule_with,
    from_version,
    to_definition,
    to_new_rule,
    to_patch,
)
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, Page
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.rules.models import NewRule
from penstock.core.rules.service import RuleService
from penstock.core.rules.versions import VersionService
from penstock.kit.ids import Prefix, RuleId, VersionId
from penstock.kit.operation import Example

READ, WRITE = "rules:read", "rules:write"
MAX_BODY_BYTES = 262_144


class RuleEndpoints:
    """Create, change, stop and delete rules."""

    routes = Routes("/api/v2/rules", surface="v2", tag="Rules")

    def __init__(self, rules: RuleService, versions: VersionService, errors: EvaluationErrors) -> None:
        self._rules = rules
        self._errors = errors
        self._versions = versions

    @routes.get(
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [RULE], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.RuleQuery, None]) -> ListOf[wire.Rule]:
        """List rules.

        Newest first by default: those in the trash, or all others.
        """
        query = call.query
        page = await self._rules.list(call.actor, query.trashed, query.limit, query.cursor, view_of(query))
        return ListOf([from_rule(one, self._errors) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW_RULE, answer=WITH_VERSION | {"state": "draft", "running_version_id": None}),
    )
    async def create(self, call: Call[None, wire.RuleCreate]) -> wire.RuleWithVersion:
        """Create a rule.

        Its first version is saved with it. It does not run until you deploy it.
        """
        return from_rule_with(await self._rules.create(call.actor, to_new_rule(call.body)), self._errors)

    @routes.post(
        "/import",
        scope=WRITE,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=DOCUMENT, answer=WITH_VERSION | {"state": "draft", "running_version_id": None}),
    )
    async def import_one(self, call: Call[None, wire.RuleDocument]) -> wire.RuleWithVersion:
        """Import a rule.

        Creates a rule from an exported document. The devices that it names must belong to this organisation.
        """
        sent = call.body
        new = NewRule(name=sent.name, description=sent.description, note="imported", definition=to_definition(sent.definition))
        return from_rule_with(await self._rules.create(call.actor, new), self._errors)

    @routes.get(
        "/{rule_id}",
        scope=READ,
        example=Example(path=RULE_PATH, answer=WITH_VERSION),
    )
    async def get(self, call: Call[None, None]) -> wire.RuleWithVersion:
        """Get a rule."""
        return from_rule_with(await self._rules.get(call.actor, rule_id_of(call)), self._errors)

    @routes.patch(
        "/{rule_id}",
        scope=WRITE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=RULE_PATH, body={"definition": DEFINITION, "note": "as before"}, answer=WITH_VERSION),
    )
    async def update(self, call: Call[None, wire.RulePatch]) -> wire.RuleWithVersion:
        """Change a rule.

        Omitted fields are unchanged. A different definition is saved as a new version; the running version keeps running until
        you deploy another.
        """
        return from_rule_with(await self._rules.update(call.actor, rule_id_of(call), to_patch(call.body)), self._errors)

    @routes.delete(
        "/{rule_id}",
        scope=WRITE,
        example=Example(path=RULE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Move a rule to the trash.

        The rule is stopped. It can be recovered for some days.
        """
        await self._rules.trash(call.actor, rule_id_of(call))

    @routes.post(
        "/{rule_id}/recover",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=RULE_PATH, answer=WITH_VERSION | {"state": "stopped", "running_version_id": None}),
    )
    async def recover(self, call: Call[None, None]) -> wire.RuleWithVersion:
        """Recover a rule from the trash.

        It does not run until you deploy it.
        """
        return from_rule_with(await self._rules.recover(call.actor, rule_id_of(call)), self._errors)

    @routes.get(
        "/{rule_id}/export",
        scope=READ,
        example=Example(path=RULE_PATH, answer=DOCUMENT),
    )
    async def export(self, call: Call[wire.ExportQuery, None]) -> wire.RuleDocument:
        """Export a rule.

        Returns one version, by default the newest, as a document that can be imported into another organisation.
        """
        query = call.query.version_id
        version_id = body_id(Prefix.VERSION, query, "version_id") if query else None
        rule, version = await self._versions.exported(call.actor, rule_id_of(call), version_id)
        return wire.RuleDocument(name=rule.name, description=rule.description, definition=from_definition(version.definition))

    @routes.post(
        "/{rule_id}/stop",
        scope=WRITE,
        example=Example(
            path=RULE_PATH,
            body={"reason": "season is over"},
            answer=RULE | {"state": "stopped", "reason": "season is over", "running_version_id": None},
        ),
    )
    async def stop(self, call: Call[None, wire.Stop]) -> wire.Rule:
        """Stop a rule.

        Actions that have not been completed are cancelled.
        """
        return from_rule(await self._versions.stop(call.actor, rule_id_of(call), call.body.reason), self._errors)


class VersionEndpoints:
    """Read, rename, compare, restore and deploy versions of rules."""

    routes = Routes("/api/v2/rules", surface="v2", tag="Rules")

    def __init__(self, versions: VersionService, errors: EvaluationErrors) -> None:
        self._versions = versions
        self._errors = errors

    @routes.get(
        "/{rule_id}/versions",
        scope=READ,
        example=Example(path=RULE_PATH, answer={"data": [VERSION], "next_cursor": None}),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Version]:
        """List the versions of a rule.

        Newest first. Each save created one.
        """
        page = await self._versions.list(call.actor, rule_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_version(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{rule_id}/versions/{version_id}",
        scope=READ,
        example=Example(path=VERSION_PATH, answer=VERSION),
    )
    async def get(self, call: Call[None, None]) -> wire.Version:
        """Get a version of a rule."""
        return from_version(await self._versions.get(call.actor, rule_id_of(call), version_id_of(call)))

    @routes.patch(
        "/{rule_id}/versions/{version_id}",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=VERSION_PATH, body={"name": "Before the winter"}, answer=VERSION | {"name": "Before the winter"}),
    )
    async def rename(self, call: Call[None, wire.VersionPatch]) -> wire.Version:
        """Rename a version of a rule.

        Its definition never changes.
        """
        return from_version(await self._versions.rename(call.actor, rule_id_of(call), version_id_of(call), call.body.name))

    @routes.get(
        "/{rule_id}/versions/{version_id}/differences",
        scope=READ,
        example=Example(path=VERSION_PATH, answer=COMPARISON),
    )
    async def compare(self, call: Call[wire.CompareQuery, None]) -> wire.Comparison:
        """Compare two versions of a rule.

        With the named version, or with the previous one.
        """
        query = call.query.version_id
        with_id = body_id(Prefix.VERSION, query, "version_id") if query else None
        return from_comparison(await self._versions.compare(call.actor, rule_id_of(call), version_id_of(call), with_id))

    @routes.post(
        "/{rule_id}/versions/{version_id}/restore",
        scope=WRITE,
        status=201,
        example=Example(path=VERSION_PATH, body={"note": "it was better"}, answer=VERSION | {"number": 3, "restored_number": 1}),
    )
    async def restore(self, call: Call[None, wire.Restore]) -> wire.Version:
        """Restore a version of a rule.

        Saves its definition as a new version. Nothing is deleted, and nothing is deployed.
        """
        rule_id, version_id = rule_id_of(call), version_id_of(call)
        found = await self._versions.restore(call.actor, rule_id, version_id, call.body.note)
        return from_version(found)

    @routes.post(
        "/{rule_id}/versions/{version_id}/deploy",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=VERSION_PATH, answer=RULE),
    )
    async def deploy(self, call: Call[None, None]) -> wire.Rule:
        """Deploy a version of a rule.

        It runs from now on and replaces the version that ran; at most one version of a rule runs. Readings that arrived earlier
        are not evaluated.
        """
        return from_rule(await self._versions.deploy(call.actor, rule_id_of(call), version_id_of(call)), self._errors)


def rule_id_of(call: Call[Any, Any]) -> RuleId:
    """The rule in a call's path."""
    return path_id(Prefix.RULE, call.path["rule_id"])


def version_id_of(call: Call[Any, Any]) -> VersionId:
    """The version in a call's path."""
    return path_id(Prefix.VERSION, call.path["version_id"])
