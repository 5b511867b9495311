"""Checks of alert definitions beyond the form of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from penstock.core.actor import Actor
from penstock.core.alerts.actions import Action, ChatAction, CommandAction, SmsAction, WebhookAction, name_of
from penstock.core.alerts.conditions import ConnectivityIs, Geofence, NoData, RaisedByRule, RateOfChange, Threshold
from penstock.core.alerts.expressions import check_expression
from penstock.core.alerts.models import Alert, Target
from penstock.core.alerts.ports import ActionRunners
from penstock.core.alerts.store import AlertTransaction
from penstock.core.alerts.templates import check_templates
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.notifications.hours import zone
from penstock.core.notifications.rights import ChannelRights
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode

_TWO_BOUNDS = ("between", "outside")
_EQUALITIES = ("==", "!=")
_CHANGEABLE_OF_RULES = ("name", "description", "enabled", "actions")
"""The fields that can be changed of an alert that a rule raises."""
_SHOWN = {"hours": "active_hours"} | {f"{name}_us": f"{name}_s" for name in ("for", "max_gap", "cooldown", "auto_clear")}


def check_alert(alert: Alert) -> None:
    """Check a definition without reading from a store.

    Raises:
        InvalidInput: a field is invalid; it is named.
    """
    match alert.condition:
        case Threshold(operator=operator, value=value) | RateOfChange(operator=operator, value=value):
            _check_bounds(operator, value)
        case Geofence():
            _check_fence(alert.condition)
    check_expression(alert)
    if alert.hours is not None:
        zone(alert.hours.time_zone)
    _check_timing(alert)
    for field, action in actions_of(alert):
        check_templates(action, field)
    times = [step.after_us for step in alert.escalation]
    if times != sorted(set(times)):
        raise InvalidInput.field("escalation", "each step must be later than the one before")


def _check_bounds(operator: str, value: Any) -> None:
    if operator in _TWO_BOUNDS:
        if not isinstance(value, tuple) or value[0] > value[1]:
            raise InvalidInput.field("condition.value", f"must be two numbers for {operator}, the lower one first")
    elif isinstance(value, tuple):
        raise InvalidInput.field("condition.value", f"must be a single value for {operator}")
    elif operator not in _EQUALITIES and isinstance(value, bool | str):
        raise InvalidInput.field("condition.value", f"must be a number for {operator}")


def _check_fence(fence: Geofence) -> None:
    if (fence.center is None) == (not fence.polygon) or (fence.center is None) != (fence.radius_m is None):
        raise InvalidInput.field("condition", "must be a circle (center and radius_m) or a polygon")
    if fence.polygon and len(set(fence.polygon)) < 3:
        raise InvalidInput.field("condition.polygon", "must have at least 3 different corners")


def _check_timing(alert: Alert) -> None:
    timed = isinstance(alert.condition, NoData | ConnectivityIs)
    if isinstance(alert.condition, NoData) and alert.for_us:
        raise InvalidInput.field("for_s", "must not be set for no_data; use after_s")
    if timed and alert.n_of_m is not None:
        raise InvalidInput.field("n_of_m", "must not be set for this condition, because readings do not determine it")
    if alert.n_of_m is not None and alert.n_of_m.n > alert.n_of_m.m:
        raise InvalidInput.field("n_of_m.n", "must be at most m")
    if not alert.hysteresis:
        return
    band = isinstance(alert.condition, Threshold | RateOfChange) and alert.condition.operator not in _EQUALITIES
    if not band and not (isinstance(alert.condition, Geofence) and alert.condition.center is not None):
        raise InvalidInput.field("hysteresis", "is supported only for numeric comparisons and circular fences")
    value = getattr(alert.condition, "value", None)
    operator = getattr(alert.condition, "operator", "")
    if operator == "outside" and isinstance(value, tuple) and 2 * alert.hysteresis > value[1] - value[0]:
        raise InvalidInput.field("hysteresis", "must leave a range between the bounds, or the alert could never be cleared")


async def check_channels(rights: ChannelRights, alert: Alert) -> None:
    """Check that the plan includes the alert's notification channels.

    Raises:
        ChannelNotInPlan.
    """
    for _, action in actions_of(alert):
        await rights.check(alert.org_id, name_of(action))


def actions_of(alert: Alert) -> Iterator[tuple[str, Action]]:
    """Every action of a definition, with the name of its field."""
    for index, action in enumerate(alert.actions):
        yield f"actions[{index}]", action
    for number, step in enumerate(alert.escalation):
        for index, action in enumerate(step.actions):
            yield f"escalation[{number}].actions[{index}]", action


def check_patch(alert: Alert, names: Iterable[str]) -> None:
    """Check that these fields can be changed. The rule itself determines when its alert is raised.

    Raises:
        InvalidInput: a field cannot be changed; it is named.
    """
    if not isinstance(alert.condition, RaisedByRule):
        return
    for name in names:
        if name not in _CHANGEABLE_OF_RULES:
            raise InvalidInput.field(_SHOWN.get(name, name), "is set by the rule that raises this alert", "unsupported")


def check_rights(actor: Actor, alert: Alert) -> None:
    """Check that the caller can read what an alert monitors, and do what it does, so that an alert cannot bypass a scope.

    Raises:
        ScopeMissing.
    """
    if not isinstance(alert.condition, RaisedByRule):  # the author of the rule could read what it evaluates
        actor.require("devices:read" if isinstance(alert.condition, NoData | ConnectivityIs) else "telemetry:read")
    done = [action for _, action in actions_of(alert)]
    if any(isinstance(action, CommandAction) for action in done):
        actor.require("commands:write")
    if any(isinstance(action, SmsAction) for action in done):
        actor.require("sms:send")
    if any(isinstance(action, ChatAction) for action in done):
        actor.require("notifications:write")


async def check_names(tx: AlertTransaction, alert: Alert, runners: ActionRunners, *, with_target: bool = True) -> None:
    """Check that the objects named in a definition exist; those of its target only `with_target`.

    Raises:
        InvalidInput: no runner executes such actions; the field is named.
        DeviceNotFound, ProjectNotFound, and the errors of the runners' own checks.
    """
    if with_target:
        await check_target(tx, alert.target)
    for field, action in actions_of(alert):
        await _check_action(tx, action, runners, field)


async def check_target(tx: AlertTransaction, target: Target) -> None:
    """Check that the devices and the project of a target exist.

    Raises:
        DeviceNotFound, ProjectNotFound: it does not exist in the transaction's organisation.
    """
    for device_id in target.devices:
        if await tx.devices.find_ref(device_id) is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
    if target.project_id is not None and await tx.projects.find(target.project_id) is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, target.project_id))


async def _check_action(tx: AlertTransaction, action: Action, runners: ActionRunners, field: str) -> None:
    if isinstance(action, WebhookAction):
        return
    runner = runners.find(name_of(action))
    if runner is None:
        raise InvalidInput.field(f"{field}.type", f"{name_of(action)} actions are not available on this server", "unsupported")
    await runner.check(tx, action, field)
