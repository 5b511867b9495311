"""Validates a rule's document and compiles it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from cronsim import CronSim, CronSimError

from penstock.core.expressions.expression import (
    ErrorReason,
    Expression,
    Result,
    compile_condition,
    compile_parameter,
    compile_value,
)
from penstock.core.expressions.guard import MAX_COST
from penstock.core.expressions.numbers import integral
from penstock.core.expressions.scope import Scope
from penstock.core.expressions.template import Template, as_text, compile_template, in_url
from penstock.core.expressions.variables import Variables
from penstock.core.rules.contexts import EvaluationContext
from penstock.core.rules.definition import (
    Action,
    ChatAction,
    ClearAlertAction,
    CommandAction,
    ConnectivityTrigger,
    Definition,
    EmailAction,
    EventTrigger,
    LabelAction,
    RaiseAlertAction,
    ReadingAction,
    ReadingTrigger,
    ScheduleTrigger,
    SmsAction,
    Trigger,
    WebhookAction,
    name_of,
)
from penstock.core.rules.reach import EventFields, check_reach
from penstock.core.rules.scopes import scope_of
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, decode

MAX_ACTIONS = 16
MAX_WINDOWS = 8
MAX_WINDOW_MINUTES = 1_440
MAX_DEVICES = 500
MAX_NAMES = 64
MAX_NAME_LENGTH = 200
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,31}", re.ASCII)
_SEVERITIES = ("critical", "high", "medium", "low", "info")
_PLACE_ONLY = re.compile(r"\s*\{\{(?:(?!\}\}).)*\}\}\s*", re.DOTALL)
_STATES = ("online", "offline")


class CompiledAction(msgspec.Struct, frozen=True, kw_only=True):
    """An action with its compiled templates.

    `parameters` are templates, expressions or constant values; lists and objects contain such values.
    """

    action: Action
    device_id: DeviceId | None
    texts: dict[str, Template]
    value: Expression | None
    parameters: dict[str, Any]

    def rendered(self, variables: Variables, failures: list[str]) -> tuple[dict[str, Any], str]:
        """The fields of the action with their values, and the reason why it cannot run, or an empty string.

        The reasons of expressions that could not be computed are added to `failures`, even if the action can run.
        """
        done: dict[str, Any] = {}
        for name, template in self.texts.items():
            text = template.render(variables, in_url if name == "url" else str)
            done[name] = text.text
            failures += text.failed
            # A message with a gap is still worth sending; a URL or a label with one would be wrong.
            if text.problems and name in ("url", "value"):
                return done, f"{name}: {text.problems[0]}"
        if self.value is not None:
            result = self.value.evaluate(variables)
            failures += [f"value: {result.reason}"] if result.error is ErrorReason.FAILED else []
            if result.ok and _is_scalar(result.value):
                done["value"] = integral(result.value)
            elif isinstance(self.action, RaiseAlertAction):
                done["value"] = None  # an alert without its value is better than none
            else:
                return done, f"value: {result.reason or 'must be a finite number, a string or a boolean'}"
        parameters: dict[str, Any] = {}
        for name, requested in self.parameters.items():
            parameters[name], problem = _filled(requested, f"parameters.{name}", variables, failures)
            if problem:
                return done, problem
        return (done | {"parameters": parameters} if parameters else done), ""


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled document. `names` are the variables that it uses."""

    definition: Definition
    device_ids: frozenset[DeviceId]
    condition: Expression | None
    actions: tuple[CompiledAction, ...]
    names: frozenset[str]

    def test(self, context: EvaluationContext) -> Result:
        """Whether the rule runs. A missing value counts as false, because the reading may be of another sensor."""
        if self.condition is None:
            return Result(True)
        result = self.condition.test_parts(context.parts)
        return Result(False) if result.error is ErrorReason.MISSING else result


def compile_definition(definition: Definition, field: str = "definition", triggering: EventFields | None = None) -> Compiled:
    """Compile a document. With `triggering`, the events that trigger rules, it is checked as a new one is.

    Raises:
        InvalidInput: a field is invalid; it is named, as `definition.actions[0].text`.
    """
    trigger = definition.trigger
    _check_trigger(trigger, f"{field}.trigger")
    _check_windows(definition, f"{field}.windows")
    scope = scope_of(definition, triggering)
    condition = compile_condition(definition.condition, f"{field}.condition", scope) if definition.condition.strip() else None
    if len(definition.actions) > MAX_ACTIONS:
        raise InvalidInput.field(f"{field}.actions", f"must have at most {MAX_ACTIONS} entries")
    if triggering is not None:
        check_reach(definition, triggering, field)
    implied = _implied_value(trigger)
    actions = tuple(_compile_action(one, f"{field}.actions[{at}]", implied, scope) for at, one in enumerate(definition.actions))
    names = set(condition.names) if condition else set()
    for action in actions:
        for part in (*action.texts.values(), *_compiled_in(action.parameters), action.value):
            names |= part.names if part is not None else set()
    device_ids = frozenset(
        _device_id(text, f"{field}.trigger.device_ids[{place}]") for place, text in enumerate(trigger.device_ids)
    )
    return Compiled(definition=definition, device_ids=device_ids, condition=condition, actions=actions, names=frozenset(names))


def next_due(trigger: Trigger, after_us: int) -> int | None:
    """When a schedule is next due after a point in time; None if never."""
    if not isinstance(trigger, ScheduleTrigger):
        return None
    after = datetime.fromtimestamp(after_us / SECOND_US, ZoneInfo(trigger.time_zone))
    try:
        return int(next(CronSim(trigger.cron, after)).astimezone(UTC).timestamp()) * SECOND_US
    except StopIteration:
        return None


def last_due(trigger: Trigger, until_us: int) -> int | None:
    """When a schedule was last due up to a point in time; None if never."""
    if not isinstance(trigger, ScheduleTrigger):
        return None
    # The search excludes its argument, and knows whole seconds.
    until = datetime.fromtimestamp(until_us // SECOND_US + 1, ZoneInfo(trigger.time_zone))
    try:
        return int(next(CronSim(trigger.cron, until, reverse=True)).astimezone(UTC).timestamp()) * SECOND_US
    except StopIteration:
        return None


def _check_trigger(trigger: Trigger, field: str) -> None:
    if len(trigger.device_ids) > MAX_DEVICES:
        raise InvalidInput.field(f"{field}.device_ids", f"must have at most {MAX_DEVICES} entries")
    match trigger:
        case ReadingTrigger():
            _check_names(trigger.sensors, f"{field}.sensors")
        case ConnectivityTrigger():
            if not set(trigger.states) <= set(_STATES):
                raise InvalidInput.field(f"{field}.states", "must be a list of online and offline")
        case EventTrigger():
            _check_names(trigger.topics, f"{field}.topics")
            if not trigger.topics:
                raise InvalidInput.field(f"{field}.topics", "must contain at least one event, such as alert.*")
        case ScheduleTrigger():
            _check_schedule(trigger, field)


def _check_names(names: Sequence[str], field: str) -> None:
    if len(names) > MAX_NAMES or not all(0 < len(name) <= 200 for name in names):
        raise InvalidInput.field(field, f"must have at most {MAX_NAMES} entries of 1 to 200 characters")


def _check_schedule(trigger: ScheduleTrigger, field: str) -> None:
    try:
        ZoneInfo(trigger.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput.field(f"{field}.time_zone", "must be an IANA time zone, such as Europe/Berlin", "time_zone") from None
    if not trigger.cron:
        raise InvalidInput.field(f"{field}.cron", "is required for schedule", "cron")
    try:
        CronSim(trigger.cron, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise InvalidInput.field(f"{field}.cron", f"must be a cron expression: {error}", "cron") from None
    # CronSim also accepts a sixth field, for seconds.
    if len(trigger.cron) > 100 or len(trigger.cron.split()) != 5:
        raise InvalidInput.field(f"{field}.cron", "must have five fields: minute, hour, day, month, weekday", "cron")


def _check_windows(definition: Definition, field: str) -> None:
    windows = definition.windows
    names = [window.name for window in windows]
    if len(windows) > MAX_WINDOWS or len(set(names)) != len(names):
        raise InvalidInput.field(field, f"must have at most {MAX_WINDOWS} entries, each with a unique name")
    for at, window in enumerate(windows):
        if not _NAME.fullmatch(window.name):
            raise InvalidInput.field(
                f"{field}[{at}].name",
                "must start with a lower-case letter or _ and contain only lower-case letters, digits and _, at most 32",
            )
        if not 0 < len(window.sensor) <= 200:
            raise InvalidInput.field(f"{field}[{at}].sensor", "must be a sensor key of 1 to 200 characters")
        if not 1 <= window.minutes <= MAX_WINDOW_MINUTES:
            raise InvalidInput.field(f"{field}[{at}].minutes", f"must be between 1 and {MAX_WINDOW_MINUTES}")


def _implied_value(trigger: Trigger) -> str:
    """The default value of a raised alert: the value of the trigger's sensor, if it has exactly one."""
    if not isinstance(trigger, ReadingTrigger) or len(trigger.sensors) != 1:
        return ""
    return f"reading.values[{msgspec.json.encode(trigger.sensors[0]).decode()}]"


def _compile_action(action: Action, field: str, implied: str, scope: Scope) -> CompiledAction:
    _check_needed(action, field)
    _check_action(action, field)
    device_id: str = getattr(action, "device_id", "")
    texts = {name: text for name, text in _texts(action).items() if text}
    value = _value(action, implied)
    return CompiledAction(
        action=action,
        device_id=_device_id(device_id, f"{field}.device_id") if device_id else None,
        texts={name: compile_template(text, f"{field}.{name}", scope) for name, text in texts.items()},
        value=compile_value(value, f"{field}.value", scope) if value else None,
        parameters=_parameters(action, f"{field}.parameters", scope),
    )


def _texts(action: Action) -> dict[str, str]:
    """The fields of an action that are templates."""
    match action:
        case WebhookAction():
            return {"url": action.url, "body": action.body}
        case EmailAction():
            return {"subject": action.subject, "text": action.text}
        case SmsAction() | ChatAction() | RaiseAlertAction():
            return {"text": action.text}
        case LabelAction():
            return {"value": action.value}
        case CommandAction() | ReadingAction() | ClearAlertAction():
            return {}


def _value(action: Action, implied: str) -> str:
    """The expression of an action's value, or an empty string."""
    match action:
        case ReadingAction():
            return action.value
        case RaiseAlertAction():
            return action.value or implied
        case _:
            return ""


def _check_needed(action: Action, field: str) -> None:
    for one in msgspec.structs.fields(action):
        if one.required and not getattr(action, one.name):
            raise InvalidInput.field(f"{field}.{one.name}", f"is required for {name_of(action)}")


def _check_action(action: Action, field: str) -> None:
    match action:
        case EmailAction():
            _check_addresses(action.to, f"{field}.to")
            if not all(one.count("@") == 1 and one.isprintable() and " " not in one for one in action.to):
                raise InvalidInput.field(f"{field}.to", "must be a list of e-mail addresses")
        case SmsAction():
            _check_addresses(action.to, f"{field}.to")
        # A host from a template would let a reading choose which server is called.
        case WebhookAction() if not re.match(r"https?://[^{}/]+(/|\Z)", action.url):
            raise InvalidInput.field(f"{field}.url", "must start with http:// or https:// and a host without placeholders")
        case CommandAction() if len(action.parameters) > MAX_NAMES or len(action.command) > MAX_NAME_LENGTH:
            raise _long_names(field)
        case LabelAction(key=name) | ReadingAction(key=name) if len(name) > MAX_NAME_LENGTH:
            raise _long_names(field)
        case RaiseAlertAction(name=name) | ClearAlertAction(name=name) | ChatAction(channel=name) if len(name) > MAX_NAME_LENGTH:
            raise _long_names(field)
    severity = getattr(action, "severity", "")
    if severity and severity not in _SEVERITIES:
        raise InvalidInput.field(f"{field}.severity", f"must be one of {', '.join(_SEVERITIES)}")


def _check_addresses(to: Sequence[str], field: str) -> None:
    if len(to) > 10 or not all(0 < len(one) <= 254 for one in to):
        raise InvalidInput.field(field, "must have at most 10 entries of 1 to 254 characters")


def _long_names(field: str) -> InvalidInput:
    reason = f"must have names of at most {MAX_NAME_LENGTH} characters and at most {MAX_NAMES} parameters"
    return InvalidInput.field(field, reason)


def _parameters(action: Action, field: str, scope: Scope) -> dict[str, Any]:
    requested = action.parameters if isinstance(action, CommandAction) else {}
    found = {name: _parameter(value, f"{field}.{name}", scope) for name, value in requested.items()}
    # They are evaluated at once, so that all together may cost what one expression may.
    if sum(part.cost for part in _compiled_in(found)) > MAX_COST:
        raise InvalidInput.field(field, "must not take longer with all their expressions than one expression may", "template")
    return found


def _parameter(requested: Any, field: str, scope: Scope) -> Any:
    """A string that is a single placeholder keeps the type of its value; any other string is a template."""
    if isinstance(requested, dict):
        return {name: _parameter(value, f"{field}.{name}", scope) for name, value in requested.items()}
    if isinstance(requested, list):
        return [_parameter(value, f"{field}[{at}]", scope) for at, value in enumerate(requested)]
    if not isinstance(requested, str) or "{{" not in requested:
        return requested
    if _PLACE_ONLY.fullmatch(requested):
        return compile_parameter(requested.strip()[2:-2].strip(), field, scope)
    return compile_template(requested, field, scope)


def _compiled_in(value: Any) -> Iterator[Template | Expression]:
    if isinstance(value, Template | Expression):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _compiled_in(one)


def _filled(requested: Any, field: str, variables: Variables, failures: list[str]) -> tuple[Any, str]:
    """A parameter with its values, and the reason why there is none, or an empty string."""
    match requested:
        case Expression():
            result = requested.evaluate(variables)
            failures += [f"{field}: {result.reason}"] if result.error is ErrorReason.FAILED else []
            # Every number in an expression is a double; a command's 5 must not become 5.0.
            value = as_text(result.value) if isinstance(result.value, datetime | timedelta) else integral(result.value)
            return value, "" if result.ok else f"{field}: {result.reason}"
        case Template():
            text = requested.render(variables)
            failures += text.failed
            return text.text, ""
        case dict():
            parts = {name: _filled(one, f"{field}.{name}", variables, failures) for name, one in requested.items()}
            return {name: value for name, (value, _) in parts.items()}, next((why for _, why in parts.values() if why), "")
        case list():
            entries = [_filled(one, f"{field}[{at}]", variables, failures) for at, one in enumerate(requested)]
            return [value for value, _ in entries], next((why for _, why in entries if why), "")
        case _:
            return requested, ""


def _is_scalar(value: Any) -> bool:
    return isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))


def _device_id(text: str, field: str) -> DeviceId:
    number = decode(Prefix.DEVICE, text)
    if number is None:
        raise InvalidInput.field(field, f"must be an id such as dev_0c2k9fq7w3m1x; {text[:64]} is not one", "id")
    return number
