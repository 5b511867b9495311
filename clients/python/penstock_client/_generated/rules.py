"""`client.rules`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Rules(Resource):
    """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""

    def call_hook(
        self,
        hook_id: str,
        body: Mapping[str, Any],
        *,
        hook_secret: str | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.HookCall:
        """Call a rule's hook.

        Requires no key, only the hook's secret in `X-Hook-Secret`. Any JSON object is accepted; expressions can read it
        as `hook.body`. The response confirms that the call is on disk.

        `hook_id`: The id of a hook (`hok_…`). `hook_secret`: The hook's secret. `body`: The body.
        """
        request = Request(
            "POST",
            f"/api/v2/hooks/{quoted(hook_id)}",
            headers={name: value for name, value in (("X-Hook-Secret", hook_secret),) if value is not None},
            body=body,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.HookCall = self._call(request)
        return answer

    def compare_versions(
        self, rule_id: str, version_id: str, *, other_version_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.Comparison:
        """Compare two versions of a rule.

        With the named version, or with the previous one.

        The version to compare with; by default the previous one.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The id of a version of the rule (`rvn_…`). `other_version_id`:
        The version to compare with (`rvn_…`); by default the previous one.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/differences",
            query={"version_id": other_version_id},
            timeout_s=request_timeout,
        )
        answer: schemas.Comparison = self._call(request)
        return answer

    def create(
        self,
        *,
        name: str,
        definition: schemas.Definition,
        description: str | Unset = UNSET,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Create a rule.

        Its first version is saved with it. It does not run until you deploy it.

        Requires the scope `rules:write`.
        """
        request = Request(
            "POST",
            "/api/v2/rules",
            body=present({"name": name, "definition": definition, "description": description, "note": note}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = self._call(request)
        return answer

    def create_hook(
        self, rule_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Hook:
        """Create a rule's hook, or renew its secret.

        The secret is returned once; the previous one becomes invalid. It requires the same scopes as saving the rule.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`).
        """
        request = Request(
            "POST", f"/api/v2/rules/{quoted(rule_id)}/hook", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Hook = self._call(request)
        return answer

    def delete(self, rule_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Move a rule to the trash.

        The rule is stopped. It can be recovered for some days.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/rules/{quoted(rule_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def deploy_version(
        self, rule_id: str, version_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Rule:
        """Deploy a version of a rule.

        It runs from now on and replaces the version that ran; at most one version of a rule runs. Readings that arrived
        earlier are not evaluated.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The id of a version of the rule (`rvn_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/deploy",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rule = self._call(request)
        return answer

    def export(
        self, rule_id: str, *, version_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.RuleDocument:
        """Export a rule.

        Returns one version, by default the newest, as a document that can be imported into another organisation.

        The version to export; by default the newest.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The version to export (`rvn_…`); by default the newest.
        """
        request = Request(
            "GET", f"/api/v2/rules/{quoted(rule_id)}/export", query={"version_id": version_id}, timeout_s=request_timeout
        )
        answer: schemas.RuleDocument = self._call(request)
        return answer

    def get(self, rule_id: str, *, request_timeout: float | None = None) -> schemas.RuleWithVersion:
        """Get a rule.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`).
        """
        request = Request("GET", f"/api/v2/rules/{quoted(rule_id)}", timeout_s=request_timeout)
        answer: schemas.RuleWithVersion = self._call(request)
        return answer

    def get_version(self, rule_id: str, version_id: str, *, request_timeout: float | None = None) -> schemas.Version:
        """Get a version of a rule.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The id of a version of the rule (`rvn_…`).
        """
        request = Request("GET", f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}", timeout_s=request_timeout)
        answer: schemas.Version = self._call(request)
        return answer

    def import_(
        self,
        *,
        name: str,
        definition: schemas.Definition,
        description: str | Unset = UNSET,
        format: Literal["penstock.rule/1"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Import a rule.

        Creates a rule from an exported document. The devices that it names must belong to this organisation.

        Requires the scope `rules:write`.
        """
        request = Request(
            "POST",
            "/api/v2/rules/import",
            body=present({"name": name, "definition": definition, "description": description, "format": format}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        trashed: bool | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Rule]:
        """List rules.

        Newest first by default: those in the trash, or all others.

        Filters for rules: those in the trash, or all others. `q` is searched for in name and description.

        Requires the scope `rules:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `trashed`: Whether to list the
        rules in the trash instead of all others.
        """
        request = Request(
            "GET",
            "/api/v2/rules",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "trashed": trashed},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_versions(
        self, rule_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Version]:
        """List the versions of a rule.

        Newest first. Each save created one.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/versions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def recover(
        self, rule_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RuleWithVersion:
        """Recover a rule from the trash.

        It does not run until you deploy it.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`).
        """
        request = Request(
            "POST", f"/api/v2/rules/{quoted(rule_id)}/recover", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.RuleWithVersion = self._call(request)
        return answer

    def rehearse(
        self,
        rule_id: str,
        *,
        from_: str | datetime,
        to: str | datetime,
        version_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Rehearsal:
        """Rehearse a rule against stored readings.

        Evaluates a version with the readings of a range of event times, and reports the actions it would have executed.
        No action is executed. Poll the rehearsal until it is done. Rehearsals do not survive a restart of the server.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/rehearse",
            body=present({"from": from_, "to": to, "version_id": version_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rehearsal = self._call(request)
        return answer

    def restore_version(
        self,
        rule_id: str,
        version_id: str,
        *,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Version:
        """Restore a version of a rule.

        Saves its definition as a new version. Nothing is deleted, and nothing is deployed.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The id of a version of the rule (`rvn_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/restore",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Version = self._call(request)
        return answer

    def stop(
        self,
        rule_id: str,
        *,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Rule:
        """Stop a rule.

        Actions that have not been completed are cancelled.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/stop",
            body=present({"reason": reason}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rule = self._call(request)
        return answer

    def update(
        self,
        rule_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        definition: schemas.Definition | Unset = UNSET,
        note: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Change a rule.

        Omitted fields are unchanged. A different definition is saved as a new version; the running version keeps
        running until you deploy another.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/rules/{quoted(rule_id)}",
            body=present({"name": name, "description": description, "definition": definition, "note": note}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = self._call(request)
        return answer

    def update_version(
        self, rule_id: str, version_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Version:
        """Rename a version of a rule.

        Its definition never changes.

        Requires the scope `rules:write`.

        `rule_id`: A rule's id (`rul_…`). `version_id`: The id of a version of the rule (`rvn_…`). `if_match`: the
        version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Version = self._call(request)
        return answer


class AsyncRules(AsyncResource):
    """As `Rules`, for an event loop."""

    async def call_hook(
        self,
        hook_id: str,
        body: Mapping[str, Any],
        *,
        hook_secret: str | None = None,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.HookCall:
        """Call a rule's hook.

        As `Rules.call_hook`.
        """
        request = Request(
            "POST",
            f"/api/v2/hooks/{quoted(hook_id)}",
            headers={name: value for name, value in (("X-Hook-Secret", hook_secret),) if value is not None},
            body=body,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.HookCall = await self._call(request)
        return answer

    async def compare_versions(
        self, rule_id: str, version_id: str, *, other_version_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.Comparison:
        """Compare two versions of a rule.

        As `Rules.compare_versions`.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/differences",
            query={"version_id": other_version_id},
            timeout_s=request_timeout,
        )
        answer: schemas.Comparison = await self._call(request)
        return answer

    async def create(
        self,
        *,
        name: str,
        definition: schemas.Definition,
        description: str | Unset = UNSET,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Create a rule.

        As `Rules.create`.
        """
        request = Request(
            "POST",
            "/api/v2/rules",
            body=present({"name": name, "definition": definition, "description": description, "note": note}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = await self._call(request)
        return answer

    async def create_hook(
        self, rule_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Hook:
        """Create a rule's hook, or renew its secret.

        As `Rules.create_hook`.
        """
        request = Request(
            "POST", f"/api/v2/rules/{quoted(rule_id)}/hook", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Hook = await self._call(request)
        return answer

    async def delete(self, rule_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Move a rule to the trash.

        As `Rules.delete`.
        """
        request = Request("DELETE", f"/api/v2/rules/{quoted(rule_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def deploy_version(
        self, rule_id: str, version_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Rule:
        """Deploy a version of a rule.

        As `Rules.deploy_version`.
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/deploy",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rule = await self._call(request)
        return answer

    async def export(
        self, rule_id: str, *, version_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.RuleDocument:
        """Export a rule.

        As `Rules.export`.
        """
        request = Request(
            "GET", f"/api/v2/rules/{quoted(rule_id)}/export", query={"version_id": version_id}, timeout_s=request_timeout
        )
        answer: schemas.RuleDocument = await self._call(request)
        return answer

    async def get(self, rule_id: str, *, request_timeout: float | None = None) -> schemas.RuleWithVersion:
        """Get a rule.

        As `Rules.get`.
        """
        request = Request("GET", f"/api/v2/rules/{quoted(rule_id)}", timeout_s=request_timeout)
        answer: schemas.RuleWithVersion = await self._call(request)
        return answer

    async def get_version(self, rule_id: str, version_id: str, *, request_timeout: float | None = None) -> schemas.Version:
        """Get a version of a rule.

        As `Rules.get_version`.
        """
        request = Request("GET", f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}", timeout_s=request_timeout)
        answer: schemas.Version = await self._call(request)
        return answer

    async def import_(
        self,
        *,
        name: str,
        definition: schemas.Definition,
        description: str | Unset = UNSET,
        format: Literal["penstock.rule/1"] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Import a rule.

        As `Rules.import_`.
        """
        request = Request(
            "POST",
            "/api/v2/rules/import",
            body=present({"name": name, "definition": definition, "description": description, "format": format}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        trashed: bool | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Rule]:
        """List rules.

        As `Rules.list`.
        """
        request = Request(
            "GET",
            "/api/v2/rules",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "trashed": trashed},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_versions(
        self, rule_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Version]:
        """List the versions of a rule.

        As `Rules.list_versions`.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/versions",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def recover(
        self, rule_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.RuleWithVersion:
        """Recover a rule from the trash.

        As `Rules.recover`.
        """
        request = Request(
            "POST", f"/api/v2/rules/{quoted(rule_id)}/recover", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.RuleWithVersion = await self._call(request)
        return answer

    async def rehearse(
        self,
        rule_id: str,
        *,
        from_: str | datetime,
        to: str | datetime,
        version_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Rehearsal:
        """Rehearse a rule against stored readings.

        As `Rules.rehearse`.
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/rehearse",
            body=present({"from": from_, "to": to, "version_id": version_id}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rehearsal = await self._call(request)
        return answer

    async def restore_version(
        self,
        rule_id: str,
        version_id: str,
        *,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Version:
        """Restore a version of a rule.

        As `Rules.restore_version`.
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}/restore",
            body=present({"note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Version = await self._call(request)
        return answer

    async def stop(
        self,
        rule_id: str,
        *,
        reason: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Rule:
        """Stop a rule.

        As `Rules.stop`.
        """
        request = Request(
            "POST",
            f"/api/v2/rules/{quoted(rule_id)}/stop",
            body=present({"reason": reason}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Rule = await self._call(request)
        return answer

    async def update(
        self,
        rule_id: str,
        *,
        name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        definition: schemas.Definition | Unset = UNSET,
        note: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.RuleWithVersion:
        """Change a rule.

        As `Rules.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/rules/{quoted(rule_id)}",
            body=present({"name": name, "description": description, "definition": definition, "note": note}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.RuleWithVersion = await self._call(request)
        return answer

    async def update_version(
        self, rule_id: str, version_id: str, *, name: str, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Version:
        """Rename a version of a rule.

        As `Rules.update_version`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/rules/{quoted(rule_id)}/versions/{quoted(version_id)}",
            body=present({"name": name}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Version = await self._call(request)
        return answer
