"""`client.expressions`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .._request import UNSET, Request, Unset, new_key, present
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Expressions(Resource):
    """Previews of conditions and templates."""

    def preview(
        self,
        *,
        use: Literal["alert", "rule", "webhook"],
        expression: str | Unset | None = UNSET,
        template: str | Unset | None = UNSET,
        trigger: Literal["connectivity", "event", "hook", "reading", "schedule"] | Unset = UNSET,
        topics: Sequence[str] | Unset | None = UNSET,
        variables: Mapping[str, Any] | Unset = UNSET,
        reading_id: str | Unset | None = UNSET,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ExpressionsPreviewed:
        """Preview an expression or a template.

        Compiles it as an alert, a webhook or a rule would, and evaluates it with the sample values or those of a stored
        reading, which requires `telemetry:read`, and `devices:read` if the device is used. It has no other effect. An
        expression that cannot be compiled is rejected with its line and column; one that cannot be evaluated is
        answered with `errors`.

        Requires the scope `alerts:read`.
        """
        request = Request(
            "POST",
            "/api/v2/expressions/preview",
            body=present(
                {
                    "use": use,
                    "expression": expression,
                    "template": template,
                    "trigger": trigger,
                    "topics": topics,
                    "variables": variables,
                    "reading_id": reading_id,
                    "device_id": device_id,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ExpressionsPreviewed = self._call(request)
        return answer


class AsyncExpressions(AsyncResource):
    """As `Expressions`, for an event loop."""

    async def preview(
        self,
        *,
        use: Literal["alert", "rule", "webhook"],
        expression: str | Unset | None = UNSET,
        template: str | Unset | None = UNSET,
        trigger: Literal["connectivity", "event", "hook", "reading", "schedule"] | Unset = UNSET,
        topics: Sequence[str] | Unset | None = UNSET,
        variables: Mapping[str, Any] | Unset = UNSET,
        reading_id: str | Unset | None = UNSET,
        device_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.ExpressionsPreviewed:
        """Preview an expression or a template.

        As `Expressions.preview`.
        """
        request = Request(
            "POST",
            "/api/v2/expressions/preview",
            body=present(
                {
                    "use": use,
                    "expression": expression,
                    "template": template,
                    "trigger": trigger,
                    "topics": topics,
                    "variables": variables,
                    "reading_id": reading_id,
                    "device_id": device_id,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.ExpressionsPreviewed = await self._call(request)
        return answer
