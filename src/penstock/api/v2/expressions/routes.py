"""Previews of expressions and templates over the native API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.expressions import wire
from penstock.api.v2.expressions.examples import PREVIEW, PREVIEWED
from penstock.api.v2.expressions.samples import merged, sample_parts, stored_parts
from penstock.core.alerts.expressions import SCOPE as ALERT
from penstock.core.alerts.templates import SCOPE as ALERT_MESSAGE
from penstock.core.devices.service import DeviceService
from penstock.core.expressions.expression import ErrorReason, Expression, Result, compile_expression
from penstock.core.expressions.numbers import integral
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.template import Template, as_text, compile_template
from penstock.core.expressions.variables import Variables
from penstock.core.rules.reach import EventFields
from penstock.core.rules.scopes import scope_of_trigger
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.service import TelemetryService
from penstock.core.webhooks.filters import Shapes
from penstock.core.webhooks.filters import scope_of as webhook_scope
from penstock.core.webhooks.topics import parse_topics
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, Seq
from penstock.kit.operation import Example

MAX_BODY_BYTES = 65_536
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
    (datetime, "time"),
    (timedelta, "duration"),
    (list, "list"),
    (dict, "object"),
    (bytes, "bytes"),
)


class ExpressionEndpoints:
    """Preview expressions and templates. `shapes` are the fields of events for webhooks, `triggering` those for rules."""

    routes = Routes("/api/v2/expressions", surface="v2", tag="Expressions")

    def __init__(
        self, telemetry: TelemetryService, devices: DeviceService, clock: Clock, shapes: Shapes, triggering: EventFields
    ) -> None:
        self._telemetry = telemetry
        self._devices = devices
        self._clock = clock
        self._shapes = shapes
        self._triggering = triggering

    @routes.post(
        "/preview",
        scope="alerts:read",
        refuses=(404,),
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=PREVIEW, answer=PREVIEWED),
    )
    async def preview(self, call: Call[None, wire.Preview]) -> wire.Previewed:
        """Preview an expression or a template.

        Compiles it as an alert, a webhook or a rule would, and evaluates it with the sample values or those of a stored reading,
        which requires `telemetry:read`, and `devices:read` if the device is used. It has no other effect. An expression that
        cannot be compiled is rejected with its line and column; one that cannot be evaluated is answered with `errors`.
        """
        body = call.body
        if (body.expression is None) == (body.template is None):
            raise InvalidInput.field("expression", "expression or template is required, and not both")
        scope = self._scope(body)
        compiled = _compiled(body, scope)
        stored = await self._stored(call, compiled.names)
        variables = Variables({}, merged(stored, sample_parts(scope, body.variables)))
        if isinstance(compiled, Template):
            rendered = compiled.render(variables)
            failed = [wire.PreviewError(_reason(one in rendered.failed), one) for one in rendered.problems]
            return wire.Previewed(rendered.text, "string", False, failed)
        return _shown(compiled.evaluate(variables), compiled)

    def _scope(self, body: wire.Preview) -> Scope:
        match body.use:
            case "alert":
                return ALERT if body.template is None else ALERT_MESSAGE
            case "webhook":
                return webhook_scope(parse_topics(body.topics or ["*"]), self._shapes)
            case "rule":
                # The windows of a rule that is not there are those of the samples.
                windows = body.variables.get("window")
                return scope_of_trigger(
                    body.trigger, body.topics or [], self._triggering, windows if isinstance(windows, dict) else None
                )

    async def _stored(self, call: Call[None, wire.Preview], names: frozenset[str]) -> dict[str, Any]:
        """The variables of the stored reading.

        Raises:
            ReadingNotFound, DeviceNotFound, ScopeMissing.
        """
        body, actor = call.body, call.actor
        if body.reading_id is None and body.device_id is None:
            return stored_parts(None, None, self._clock.now_us())
        actor.require("telemetry:read")
        if "device" in names:
            actor.require("devices:read")
        reading: Reading | None
        if body.reading_id is not None:
            reading = await self._telemetry.find(actor, Seq(body_id(Prefix.READING, body.reading_id, "reading_id")))
            device_id = reading.device_id
        else:
            device_id = DeviceId(body_id(Prefix.DEVICE, body.device_id or "", "device_id"))
            reading = (await self._telemetry.latest(actor, device_id))[0]
        device = await self._devices.get(actor, device_id)
        return stored_parts(reading, device, self._clock.now_us())


def _compiled(body: wire.Preview, scope: Scope) -> Expression | Template:
    if body.template is not None:
        return compile_template(body.template, "template", scope)
    return compile_expression(body.expression or "", "expression", scope)


def _shown(result: Result, expression: Expression) -> wire.Previewed:
    is_condition = expression.type_name in ("BOOL", "DYN")
    if not result.ok:
        error = wire.PreviewError(_reason(result.error is ErrorReason.FAILED), result.reason)
        return wire.Previewed(None, "null", is_condition, [error])
    value = integral(result.value)
    name = next((name for kind, name in _TYPES if isinstance(value, kind)), "null")
    return wire.Previewed(_json(value), name, is_condition and isinstance(value, bool), [])


def _json(value: Any) -> Any:
    if isinstance(value, datetime | timedelta | bytes) or (isinstance(value, float) and value - value != 0):
        return as_text(value)
    if isinstance(value, dict):
        return {key if isinstance(key, str) else as_text(key): _json(entry) for key, entry in value.items()}
    return [_json(entry) for entry in value] if isinstance(value, list) else value


def _reason(failed: bool) -> str:
    return (ErrorReason.FAILED if failed else ErrorReason.MISSING).value
