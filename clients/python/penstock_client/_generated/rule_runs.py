"""`client.rule_runs`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class RuleRuns(Resource):
    """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""

    def get(self, run_id: str, *, request_timeout: float | None = None) -> schemas.Run:
        """Get a run of a rule.

        Requires the scope `rules:read`.

        `run_id`: The id of a run (`run_…`).
        """
        request = Request("GET", f"/api/v2/rule-executions/{quoted(run_id)}", timeout_s=request_timeout)
        answer: schemas.Run = self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        outcome: Literal["cancelled", "done", "failed", "pending", "skipped"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        rule_id: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Run]:
        """List the runs of all rules.

        Newest first: each time that a rule executed its actions, or failed to. Nothing is stored if a condition was
        false. An input is null if the caller does not have the scope of its source, such as `telemetry:read` for a
        reading.

        Filters for runs, of one rule or of all.

        Requires the scope `rules:read`.

        `device_id`: Only runs caused by this device (`dev_…`). `outcome`: Only runs with this outcome. `from_`: Only
        runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds. `to`: Only runs caused before
        this time: RFC 3339, or epoch seconds or milliseconds. `limit`: Maximum number of results. `cursor`: The
        `next_cursor` of the previous page. `rule_id`: Only runs of this rule (`rul_…`).
        """
        request = Request(
            "GET",
            "/api/v2/rule-executions",
            query={
                "device_id": device_id,
                "outcome": outcome,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
                "rule_id": rule_id,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_of_rule(
        self,
        rule_id: str,
        *,
        device_id: str | None = None,
        outcome: Literal["cancelled", "done", "failed", "pending", "skipped"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Run]:
        """List the runs of a rule.

        Filters for runs, by the time of their cause.

        Requires the scope `rules:read`.

        `rule_id`: A rule's id (`rul_…`). `device_id`: Only runs caused by this device (`dev_…`). `outcome`: Only runs
        with this outcome. `from_`: Only runs caused at or after this time: RFC 3339, or epoch seconds or milliseconds.
        `to`: Only runs caused before this time: RFC 3339, or epoch seconds or milliseconds. `limit`: Maximum number of
        results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/executions",
            query={"device_id": device_id, "outcome": outcome, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncRuleRuns(AsyncResource):
    """As `RuleRuns`, for an event loop."""

    async def get(self, run_id: str, *, request_timeout: float | None = None) -> schemas.Run:
        """Get a run of a rule.

        As `RuleRuns.get`.
        """
        request = Request("GET", f"/api/v2/rule-executions/{quoted(run_id)}", timeout_s=request_timeout)
        answer: schemas.Run = await self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        outcome: Literal["cancelled", "done", "failed", "pending", "skipped"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        rule_id: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Run]:
        """List the runs of all rules.

        As `RuleRuns.list`.
        """
        request = Request(
            "GET",
            "/api/v2/rule-executions",
            query={
                "device_id": device_id,
                "outcome": outcome,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
                "rule_id": rule_id,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_of_rule(
        self,
        rule_id: str,
        *,
        device_id: str | None = None,
        outcome: Literal["cancelled", "done", "failed", "pending", "skipped"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Run]:
        """List the runs of a rule.

        As `RuleRuns.list_of_rule`.
        """
        request = Request(
            "GET",
            f"/api/v2/rules/{quoted(rule_id)}/executions",
            query={"device_id": device_id, "outcome": outcome, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)
