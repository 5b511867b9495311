"""The form of an alert: its definition as fields, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.sending import chat, email, sms
from penstock.api.console.shared.steps import StepField, changed, kinds_of, read, values_of
from penstock.api.console.shared.steps import StepKind as Kind

CONDITION, TARGET, HOURS = "condition", "target", "active_hours"
ACTIONS, ESCALATION = "actions", "escalation"
TARGETS = (("devices", "Some devices"), ("labels", "Devices with labels"), ("project_id", "A project"), ("all", "All devices"))
SEVERITIES = ("critical", "warning", "info")
OPERATORS = (
    (">", "above"),
    (">=", "at or above"),
    ("<", "below"),
    ("<=", "at or below"),
    ("between", "between"),
    ("outside", "outside of"),
    ("==", "equal to"),
    ("!=", "different from"),
)
PAIRED = ("between", "outside")
DAYS = (("1", "Mon"), ("2", "Tue"), ("3", "Wed"), ("4", "Thu"), ("5", "Fri"), ("6", "Sat"), ("7", "Sun"))
TIMES = ("for_s", "max_gap_s", "cooldown_s", "auto_clear_s")
_NULLABLE = ("max_gap_s", "auto_clear_s")
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(s|sec|m|min|h|d)?")
_UNITS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
_FIELD = StepField(name="field", label="Sensor", placeholder="temperature", required=True)

CONDITIONS = kinds_of(
    Kind(kind="threshold", label="A value is too high or too low", icon="gauge"),
    Kind(
        kind="change",
        label="A value changes",
        icon="activity",
        fields=(_FIELD, StepField(name="by", label="By more than", type="number", placeholder="any change")),
    ),
    Kind(kind="rate", label="A value changes too fast", icon="trending-up"),
    Kind(kind="no_data", label="A device is silent", icon="wifi-off"),
    Kind(
        kind="connectivity",
        label="A device goes offline or comes online",
        icon="wifi",
        fields=(StepField(name="state", label="It is", type="select", options=("offline", "online"), required=True),),
    ),
    Kind(
        kind="geofence",
        label="A device enters or leaves a place",
        icon="map-pin",
        fields=(
            StepField(
                name="when",
                label="It",
                type="select",
                options=(("enter", "enters"), ("exit", "leaves"), ("outside", "is outside")),
                required=True,
            ),
            StepField(name="latitude_field", label="Latitude in", placeholder="lat"),
            StepField(name="longitude_field", label="Longitude in", placeholder="lng"),
            StepField(name="radius_m", label="Radius in metres", type="number"),
        ),
    ),
    Kind(
        kind="expression",
        label="An expression is true",
        icon="code",
        fields=(StepField(name="expression", label="Expression", required=True),),
    ),
)
_TEXT = StepField(
    name="text", label="Text", type="textarea", placeholder="Empty: the usual text", help="A template over alert and device"
)
_ON_CLEAR = StepField(name="on_clear", label="Also when it is cleared", type="switch")
ACTION_KINDS = kinds_of(
    email(StepField(name="subject", label="Subject", placeholder="Empty: the usual subject"), _TEXT, _ON_CLEAR),
    sms(_TEXT, _ON_CLEAR),
    chat(_TEXT, _ON_CLEAR),
    Kind(
        kind="command",
        label="Send a command",
        icon="terminal",
        scope="commands:write",
        fields=(
            StepField(name="definition_id", label="Command", placeholder="its id", required=True),
            StepField(name="device_id", label="Device", type="device", placeholder="the one that raised it"),
            StepField(name="parameters", label="Parameters", type="json", placeholder='{"seconds": 10}'),
            _ON_CLEAR,
        ),
    ),
    Kind(
        kind="webhook",
        label="Webhooks",
        icon="webhook",
        text="Webhooks receive every alert that they subscribe to; this only states so.",
        fields=(_ON_CLEAR,),
    ),
)
_AFTER = StepField(name="after_s", label="Unless it is acknowledged within", placeholder="30 min", required=True)
STEP_KINDS = kinds_of(
    *(
        Kind(kind=one.kind, label=one.label, icon=one.icon, scope=one.scope, fields=(_AFTER, *one.fields))
        for one in ACTION_KINDS.values()
        if one.kind != "webhook"
    )
)


def seconds_of(text: str) -> int | float | str | None:
    """A duration as it is typed, such as `90`, `5 min` or `2h`, in seconds; None if it is empty.

    Other text stays text, which the API then refuses by the field's name.
    """
    text = text.strip().lower()
    if not text:
        return None
    found = _SPAN.fullmatch(text)
    if not found:
        return text
    seconds = float(found[1]) * _UNITS[found[2] or "s"]
    return int(seconds) if seconds.is_integer() else seconds


def span_of(seconds: int | None) -> str:
    """Seconds as they are typed, such as `5 min`."""
    if not seconds:
        return ""
    unit, size = next((unit, size) for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)) if seconds % size == 0)
    return f"{seconds // size} {unit}"


def form_of(alert: dict[str, Any]) -> Form:
    """The form of an alert, or the known fields of a new one."""
    target, condition = alert.get("target") or {}, alert.get("condition") or {}
    kind = next((name for name, _ in TARGETS if target.get(name)), "devices")
    values: dict[str, Any] = {name: alert.get(name, "") for name in ("name", "description", "severity", "enabled", "hysteresis")}
    values |= {name: span_of(alert.get(name)) for name in TIMES}
    values |= {"backfill": alert.get("backfill", False), f"{TARGET}.kind": kind}
    values[f"{TARGET}.devices"] = ", ".join(target.get("devices") or [])
    values[f"{TARGET}.labels"] = target.get("labels") or ""
    values[f"{TARGET}.project_id"] = target.get("project_id") or ""
    values |= _condition_values(condition)
    pair, hours = alert.get("n_of_m") or {}, alert.get("active_hours")
    values |= {"n_of_m.n": pair.get("n", ""), "n_of_m.m": pair.get("m", "")}
    values[f"{HOURS}.on"] = hours is not None
    for name, value in (hours or {"time_zone": "", "from": "08:00", "to": "18:00", "days": [1, 2, 3, 4, 5]}).items():
        values[f"{HOURS}.{name}"] = [str(one) for one in value] if isinstance(value, list) else value
    values |= values_of(alert.get("actions", []), ACTIONS, ACTION_KINDS)
    steps = [{"after_s": span_of(step["after_s"])} | one for step in alert.get("escalation", []) for one in step["actions"]]
    return Form.showing(values | values_of(steps, ESCALATION, STEP_KINDS))


def definition_of(form: Form) -> dict[str, Any]:
    """The part of a definition that says when it is raised, as the API expects it. What is empty is left out.

    Raises:
        InvalidInput: a field is not JSON; the error names it.
    """
    found: dict[str, Any] = {CONDITION: condition_of(form)}
    found |= {name: value for name in TIMES if (value := seconds_of(form.value(name))) is not None}
    found |= form.body(hysteresis=form.number("hysteresis"))
    pair = form.body(n=form.number("n_of_m.n"), m=form.number("n_of_m.m"))
    found |= {"n_of_m": pair} if pair else {}
    if form.flag(f"{HOURS}.on"):
        hours = {name: form.value(f"{HOURS}.{name}").strip() for name in ("time_zone", "from", "to")}
        days = [int(day) for day in form.all(f"{HOURS}.days") if day in dict(DAYS)]
        found[HOURS] = {name: value for name, value in hours.items() if value} | {"days": days}
    return found | {"backfill": form.flag("backfill")}


def body_of(form: Form, *, by_rule: bool = False) -> dict[str, Any]:
    """The whole alert as the API expects it. Of one that a rule raises, only what can be changed.

    Raises:
        InvalidInput: a field is not JSON; the error names it.
    """
    found: dict[str, Any] = {"name": form.value("name").strip(), "description": form.value("description").strip()}
    found |= {"enabled": form.flag("enabled"), ACTIONS: read(form, ACTIONS, ACTION_KINDS)}
    if by_rule:
        return found
    found |= definition_of(form) | {TARGET: target_of(form)} | form.body("severity")
    found[ESCALATION] = _escalation(read(form, ESCALATION, STEP_KINDS))
    return found


def patch_of(form: Form, *, by_rule: bool) -> dict[str, Any]:
    """A change of an alert: as `body_of`, with null for emptied fields.

    Raises:
        InvalidInput: a field is not JSON; the error names it.
    """
    found = body_of(form, by_rule=by_rule)
    if by_rule:
        return found
    empty: dict[str, Any] = {name: None if name in _NULLABLE else 0 for name in TIMES}
    return empty | {"hysteresis": 0, "n_of_m": None, HOURS: None} | found


def target_of(form: Form) -> dict[str, Any]:
    """The devices that an alert watches."""
    kind = form.value(f"{TARGET}.kind", "devices")
    if kind == "all":
        return {"all": True}
    if kind == "labels":
        return {"labels": form.pairs(f"{TARGET}.labels")}
    if kind == "project_id":
        return {"project_id": form.value(f"{TARGET}.project_id").strip()}
    return {"devices": words(form.value(f"{TARGET}.devices"))}


def condition_of(form: Form) -> dict[str, Any]:
    """The condition of an alert."""
    kind = form.value(f"{CONDITION}.type", "threshold")
    field = form.value(f"{CONDITION}.field").strip()
    match kind:
        case "threshold" | "rate":
            operator = form.value(f"{CONDITION}.operator", ">")
            value = form.number(f"{CONDITION}.value")
            bounds = [value, form.number(f"{CONDITION}.high")]
            found = {
                "type": kind,
                "field": field,
                "operator": operator,
                "value": bounds if operator in PAIRED else _scalar(value),
            }
            per_s = seconds_of(form.value(f"{CONDITION}.per_s"))
            return found | ({"per_s": per_s} if kind == "rate" and per_s is not None else {})
        case "no_data":
            return {"type": kind, "after_s": seconds_of(form.value(f"{CONDITION}.after_s"))}
        case "geofence":
            return _fence(form)
        case "expression":
            return {"type": kind, "expression": form.value(f"{CONDITION}.expression").strip()}
        case _:
            names = form.body(f"{CONDITION}.field", f"{CONDITION}.state", **{f"{CONDITION}.by": form.number(f"{CONDITION}.by")})
            known = {one.name for one in CONDITIONS[kind].fields} if kind in CONDITIONS else set()
            sent = {name.removeprefix(f"{CONDITION}."): value for name, value in names.items()}
            return {"type": kind} | {name: value for name, value in sent.items() if name in known}


def rearranged(form: Form) -> Form | None:
    """The form after a button that adds, removes or moves one of its actions or steps; None if it was another button."""
    return changed(form, {ACTIONS: ACTION_KINDS, ESCALATION: STEP_KINDS})


def api_names(form: Form) -> dict[str, str]:
    """The names that the API has for the fields of the steps, by ours."""
    found: dict[str, str] = {}
    rows, times = read(form, ESCALATION, {}), list[Any]()
    for at in range(len(rows)):
        after = seconds_of(form.value(f"{ESCALATION}[{at}].after_s"))
        inside = times.count(after)
        step = list(dict.fromkeys([*times, after])).index(after)
        times.append(after)
        kind = STEP_KINDS.get(form.value(f"{ESCALATION}[{at}].type"))
        for field in kind.fields if kind else ():
            theirs = f"{ESCALATION}[{step}].actions[{inside}].{field.name}"
            found[f"{ESCALATION}[{at}].{field.name}"] = f"{ESCALATION}[{step}].after_s" if field is _AFTER else theirs
    return found


def words(text: str) -> list[str]:
    """Words that are separated by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _condition_values(condition: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        f"{CONDITION}.{name}": value for name, value in condition.items() if not isinstance(value, (list, dict))
    }
    bounds, center = condition.get("value"), condition.get("center")
    if isinstance(bounds, list):
        values |= {f"{CONDITION}.value": bounds[0], f"{CONDITION}.high": bounds[1]}
    for name in ("after_s", "per_s"):
        if name in condition:
            values[f"{CONDITION}.{name}"] = span_of(condition[name])
    if center:
        values |= {f"{CONDITION}.latitude": center[0], f"{CONDITION}.longitude": center[1]}
    values[f"{CONDITION}.polygon"] = "\n".join(
        f"{latitude}, {longitude}" for latitude, longitude in condition.get("polygon") or []
    )
    return values


def _fence(form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "geofence", "when": form.value(f"{CONDITION}.when", "enter")}
    for name in ("latitude_field", "longitude_field"):
        found |= {name: value} if (value := form.value(f"{CONDITION}.{name}").strip()) else {}
    lines = form.lines(f"{CONDITION}.polygon")
    if lines:
        parts = [Form({"x": [x], "y": [y]}) for x, _, y in (line.partition(",") for line in lines)]
        return found | {"polygon": [[part.number("x"), part.number("y")] for part in parts]}
    center = [form.number(f"{CONDITION}.latitude"), form.number(f"{CONDITION}.longitude")]
    return found | {"center": center, "radius_m": form.number(f"{CONDITION}.radius_m")}


def _escalation(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one action each as steps: those after the same time are one."""
    steps: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        after = seconds_of(str(row.get("after_s", "")))
        steps.setdefault(after, []).append({name: value for name, value in row.items() if name != "after_s"})
    return [{"after_s": after, "actions": actions} for after, actions in steps.items()]


def _scalar(value: int | float | str | None) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
