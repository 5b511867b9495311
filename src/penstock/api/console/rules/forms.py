"""The form of a rule: its document as fields, and back."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.forms import Form
from penstock.api.console.shared.sending import chat, email, sms
from penstock.api.console.shared.steps import StepField, changed, kinds_of, read, values_of
from penstock.api.console.shared.steps import StepKind as Kind

DOCUMENT = "definition"
TRIGGER, WINDOWS, ACTIONS = f"{DOCUMENT}.trigger", f"{DOCUMENT}.windows", f"{DOCUMENT}.actions"
_DEVICE = StepField(
    name="device_id",
    label="Device",
    type="device",
    placeholder="the device that caused the run",
)
_FUNCTIONS = ("avg", "min", "max", "sum", "count")
_SEVERITIES = ("critical", "high", "medium", "low", "info")
_SEVERITY = StepField(name="severity", label="Severity", type="select", options=_SEVERITIES, placeholder="medium, if not said")
_TEXT = StepField(
    name="text", label="Text", type="textarea", required=True, placeholder="{{ device.name }} has {{ reading.values.t }} °C"
)

TRIGGERS = kinds_of(
    Kind(
        kind="reading",
        label="A reading arrives",
        icon="activity",
        text="At each reading, or at those that contain one of the sensors.",
        fields=(
            StepField(name="sensors", label="Sensors", type="words", placeholder="any", help="Keys, such as temperature"),
            StepField(name="backfill", label="Also readings that arrive late", type="switch"),
        ),
    ),
    Kind(
        kind="connectivity",
        label="A device comes online or goes offline",
        icon="wifi",
        text="When the state of a device changes.",
        fields=(StepField(name="states", label="Only", type="select", options=("online", "offline")),),
    ),
    Kind(
        kind="schedule",
        label="On a schedule",
        icon="clock",
        text="At fixed times. With devices, once for each of them.",
        fields=(
            StepField(
                name="cron", label="Cron", placeholder="0 7 * * 1-5", help="Minute, hour, day, month, weekday", required=True
            ),
            StepField(name="time_zone", label="Time zone", placeholder="UTC"),
        ),
    ),
    Kind(
        kind="event",
        label="An event occurs",
        icon="zap",
        text="An alert, a command, a change of a device, and others.",
        fields=(
            StepField(
                name="topics",
                label="Topics",
                type="words",
                placeholder="alert.*",
                help="Such as alert.raised, command.failed or device.*",
                required=True,
            ),
        ),
    ),
    Kind(kind="hook", label="Its hook is called", icon="webhook", text="By another program, with a secret."),
)

WINDOW = kinds_of(
    Kind(
        kind="window",
        label="Window",
        icon="timer",
        fields=(
            StepField(name="name", label="Name", placeholder="mean", help="Read it as window.mean", required=True),
            StepField(name="sensor", label="Sensor", placeholder="temperature", required=True),
            StepField(
                name="function", label="Function", type="select", options=("avg", "min", "max", "sum", "count"), required=True
            ),
            StepField(name="minutes", label="Minutes", type="number", placeholder="10", required=True),
        ),
    )
)

ACTION_KINDS = kinds_of(
    Kind(
        kind="raise_alert",
        label="Raise an alert",
        icon="bell-ring",
        fields=(
            StepField(name="name", label="Name", placeholder="Too warm", required=True),
            _SEVERITY,
            _TEXT,
            StepField(name="value", label="Value", placeholder="reading.values.t", help="Empty: the sensor's value"),
            _DEVICE,
        ),
    ),
    Kind(
        kind="clear_alert",
        label="Clear an alert",
        icon="bell-off",
        fields=(StepField(name="name", label="Name", placeholder="Too warm", required=True), _DEVICE),
    ),
    Kind(
        kind="command",
        label="Send a command",
        icon="terminal",
        scope="commands:write",
        fields=(
            StepField(name="command", label="Command", placeholder="set_interval", required=True),
            StepField(name="parameters", label="Parameters", type="json", placeholder='{"seconds": 10}', help="A JSON object"),
            _DEVICE,
        ),
    ),
    email(StepField(name="subject", label="Subject", placeholder="{{ device.name }} is warm", required=True), _TEXT, _SEVERITY),
    sms(_TEXT),
    chat(_TEXT, _SEVERITY),
    Kind(
        kind="webhook",
        label="Call a URL",
        icon="globe",
        fields=(
            StepField(name="url", label="URL", type="url", placeholder="https://example.org/hook", required=True),
            StepField(name="body", label="Body", type="textarea", help="A template; empty: the rule's variables as JSON"),
        ),
    ),
    Kind(
        kind="reading",
        label="Store a derived reading",
        icon="chart-line",
        scope="telemetry:write",
        fields=(
            StepField(name="key", label="Sensor", placeholder="dew_point", required=True),
            StepField(name="value", label="Value", placeholder="reading.values.t * 1.8 + 32", required=True),
            _DEVICE,
        ),
    ),
    Kind(
        kind="label",
        label="Set a label",
        icon="tag",
        scope="devices:write",
        fields=(
            StepField(name="key", label="Label", placeholder="state", required=True),
            StepField(name="value", label="Value", placeholder="{{ reading.values.t }} degrees", required=True),
            _DEVICE,
        ),
    ),
)

STARTS: dict[str, dict[str, Any]] = {
    "threshold": {
        "name": "Too warm",
        "title": "Act on a value",
        "text": "Raise an alert when a sensor's mean over ten minutes is too high.",
        "icon": "thermometer",
        "definition": {
            "trigger": {"type": "reading", "sensors": ["temperature"]},
            "windows": [{"name": "mean", "sensor": "temperature", "function": "avg", "minutes": 10}],
            "condition": "window.mean > 30.0",
            "actions": [
                {
                    "type": "raise_alert",
                    "name": "Too warm",
                    "text": "{{ device.name }} has {{ window.mean }} °C",
                    "severity": "high",
                }
            ],
        },
    },
    "offline": {
        "name": "Went offline",
        "title": "Notify someone",
        "text": "Send a mail when a device goes offline.",
        "icon": "wifi-off",
        "definition": {
            "trigger": {"type": "connectivity", "states": ["offline"]},
            "condition": "",
            "actions": [
                {"type": "email", "to": [], "subject": "{{ device.name }} is offline", "text": "Since {{ event.time }}."}
            ],
        },
    },
    "schedule": {
        "name": "Every morning",
        "title": "At a time",
        "text": "Send a command to devices every weekday at seven.",
        "icon": "clock",
        "definition": {
            "trigger": {"type": "schedule", "cron": "0 7 * * 1-5", "time_zone": "UTC"},
            "condition": "",
            "actions": [{"type": "command", "command": "wake_up"}],
        },
    },
    "derived": {
        "name": "In Fahrenheit",
        "title": "Compute a value",
        "text": "Store a derived reading for each reading.",
        "icon": "chart-line",
        "definition": {
            "trigger": {"type": "reading", "sensors": ["temperature"]},
            "condition": "",
            "actions": [{"type": "reading", "key": "temperature_f", "value": "reading.values.temperature * 1.8 + 32"}],
        },
    },
}
"""Rules to begin with, by the word in the URL."""


def form_of(rule: dict[str, Any], definition: dict[str, Any]) -> Form:
    """The form of a rule with one version's document."""
    trigger = definition["trigger"]
    shown = trigger | {"states": (trigger.get("states") or [""])[0] if len(trigger.get("states") or []) < 2 else ""}
    values: dict[str, Any] = {"name": rule.get("name", ""), "description": rule.get("description", "")}
    values |= {name.replace(f"{TRIGGER}[0]", TRIGGER): value for name, value in values_of([shown], TRIGGER, TRIGGERS).items()}
    values[f"{TRIGGER}.device_ids"] = ", ".join(trigger.get("device_ids", []))
    values[f"{TRIGGER}.device_type"] = trigger.get("device_type", "")
    values[f"{DOCUMENT}.condition"] = definition.get("condition", "")
    values |= values_of([{"type": "window"} | one for one in definition.get("windows", [])], WINDOWS, WINDOW)
    values |= values_of(definition.get("actions", []), ACTIONS, ACTION_KINDS)
    return Form.showing(values)


def definition_of(form: Form) -> dict[str, Any]:
    """The document in a sent form: typed as JSON, or its fields.

    Raises:
        InvalidInput: a field is not JSON; the error names it.
    """
    if form.has(DOCUMENT):
        found = form.json(DOCUMENT)
        return found if isinstance(found, dict) else {}
    kind = form.value(f"{TRIGGER}.type")
    renamed = Form(
        {f"{TRIGGER}[0].type": [kind]}
        | {f"{TRIGGER}[0].{field.name}": [form.value(f"{TRIGGER}.{field.name}")] for field in _fields_of(kind)}
    )
    trigger: dict[str, Any] = read(renamed, TRIGGER, TRIGGERS)[0]
    if "states" in trigger:
        trigger["states"] = [trigger["states"]]
    device_ids = [one.strip() for one in form.value(f"{TRIGGER}.device_ids").split(",") if one.strip()]
    trigger |= {"device_ids": device_ids} if device_ids else {}
    trigger |= form.body(device_type=form.value(f"{TRIGGER}.device_type").strip())
    windows = [{name: value for name, value in one.items() if name != "type"} for one in read(form, WINDOWS, WINDOW)]
    return {
        "trigger": trigger,
        "windows": windows,
        "condition": form.value(f"{DOCUMENT}.condition").strip(),
        "actions": read(form, ACTIONS, ACTION_KINDS),
    }


def rearranged(form: Form) -> Form | None:
    """The form after a button that adds, removes or moves one of its windows or actions; None if it was another button."""
    return changed(form, {WINDOWS: WINDOW, ACTIONS: ACTION_KINDS})


def _fields_of(kind: str) -> tuple[StepField, ...]:
    found = TRIGGERS.get(kind)
    return found.fields if found else ()
