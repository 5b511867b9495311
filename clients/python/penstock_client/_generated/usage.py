"""`client.usage`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Usage(Resource):
    """Calls and stored readings by hour or day, and the remaining limits."""

    def limits(self, *, request_timeout: float | None = None) -> schemas.Limits:
        """Get the limits and their remaining amounts.

        Requires the scope `usage:read`.
        """
        request = Request("GET", "/api/v2/limits", timeout_s=request_timeout)
        answer: schemas.Limits = self._call(request)
        return answer

    def list(
        self,
        *,
        by: Literal["customer", "device", "key", "organization", "project"] | None = None,
        bucket: Literal["day", "hour"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Usage]:
        """List the usage by hour or day.

        Oldest first; buckets without usage are left out. Counts are updated within a few seconds.

        The scope, the range and the length of the buckets (UTC).

        Requires the scope `usage:read`.

        `by`: By event time, or by arrival time. `bucket`: The length of a bucket. `from_`: Start, included: RFC 3339,
        or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default
        now. `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`. `limit`: Maximum number of
        results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/usage",
            query={"by": by, "bucket": bucket, "from": from_, "to": to, "range": range, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_of_key(
        self,
        key_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Usage]:
        """List the usage of a key by day.

        Calls by day (UTC), oldest first; days without calls are left out.

        The range; by default the last 24 hours.

        Requires the scope `usage:read`.

        `key_id`: A key's id (`key_…`). `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End,
        excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `range`: A length such as `90m`, `24h` or
        `7d` that ends now or at `to`. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous
        page.
        """
        request = Request(
            "GET",
            f"/api/v2/keys/{quoted(key_id)}/usage",
            query={"from": from_, "to": to, "range": range, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_refusals(
        self,
        *,
        limit_name: str | None = None,
        scope: Literal["account", "device", "group", "key"] | None = None,
        subject: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Refused]:
        """List the refusals.

        A refusal is a call that a limit rejected. They are counted by hour, newest first, and updated within a few
        seconds.

        The range (by default the last 24 hours), the limit, and the subject, such as the id of a key.

        Requires the scope `usage:read`.

        `limit_name`: A limit's name, such as `plan_minute`. `scope`: What the limit is shared by. `subject`: The
        subject whose calls were rejected: the id of a key, user, device or organisation. `from_`: Start, included: RFC
        3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By
        default now. `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`. `limit`: Maximum number of
        results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/limits/refusals",
            query={
                "limit_name": limit_name,
                "scope": scope,
                "subject": subject,
                "from": from_,
                "to": to,
                "range": range,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncUsage(AsyncResource):
    """As `Usage`, for an event loop."""

    async def limits(self, *, request_timeout: float | None = None) -> schemas.Limits:
        """Get the limits and their remaining amounts.

        As `Usage.limits`.
        """
        request = Request("GET", "/api/v2/limits", timeout_s=request_timeout)
        answer: schemas.Limits = await self._call(request)
        return answer

    def list(
        self,
        *,
        by: Literal["customer", "device", "key", "organization", "project"] | None = None,
        bucket: Literal["day", "hour"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Usage]:
        """List the usage by hour or day.

        As `Usage.list`.
        """
        request = Request(
            "GET",
            "/api/v2/usage",
            query={"by": by, "bucket": bucket, "from": from_, "to": to, "range": range, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_of_key(
        self,
        key_id: str,
        *,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Usage]:
        """List the usage of a key by day.

        As `Usage.list_of_key`.
        """
        request = Request(
            "GET",
            f"/api/v2/keys/{quoted(key_id)}/usage",
            query={"from": from_, "to": to, "range": range, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_refusals(
        self,
        *,
        limit_name: str | None = None,
        scope: Literal["account", "device", "group", "key"] | None = None,
        subject: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        range: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Refused]:
        """List the refusals.

        As `Usage.list_refusals`.
        """
        request = Request(
            "GET",
            "/api/v2/limits/refusals",
            query={
                "limit_name": limit_name,
                "scope": scope,
                "subject": subject,
                "from": from_,
                "to": to,
                "range": range,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)
