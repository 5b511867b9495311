"""The data of an event as receivers outside see it: one builder for webhooks, rules and streams.

Entries of the outbox contain numeric ids and times in microseconds. Outside, ids are public text and times RFC 3339 strings, and
`id` is the id under which the REST API shows the object that the event is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, text_of

_IDS: dict[str, str] = {
    "device_id": Prefix.DEVICE,
    "project_id": Prefix.PROJECT,
    "execution_id": Prefix.EXECUTION,
    "definition_id": Prefix.DEFINITION,
    "endpoint_id": Prefix.WEBHOOK,
    "customer_id": Prefix.CUSTOMER,
    "resident_id": Prefix.RESIDENT,
    "user_id": Prefix.USER,
    "key_id": Prefix.KEY,
    "alert_id": Prefix.ALERT,
    "alarm_id": Prefix.METER_ALARM,
    "event_id": Prefix.EVENT,
    "call_id": Prefix.EVENT,
    "rule_id": Prefix.RULE,
    "run_id": Prefix.RUN,
    "version_id": Prefix.VERSION,
    "connection_id": Prefix.CONNECTION,
    "statement_id": Prefix.STATEMENT,
    "edit_id": Prefix.EDIT,
    "profile_id": Prefix.PROFILE,
    "redecode_id": Prefix.REDECODE,
    "invoice_id": Prefix.INVOICE,
    "hold_id": Prefix.INVOICE_HOLD,
    "grant_id": Prefix.GRANT,
    "token_id": Prefix.TOKEN,
    "message_id": Prefix.INBOX_MESSAGE,
    "address_id": Prefix.INBOX_ADDRESS,
    "dashboard_id": Prefix.DASHBOARD,
}
_SUBJECTS = {
    "alert.snoozed": "alert_id",
    "alert.": "event_id",
    "codec.redecode.": "redecode_id",
    "command.": "execution_id",
    "connection.": "connection_id",
    "meter.alarm.": "alarm_id",
    "billing.statement.": "statement_id",
    "meter.value.": "edit_id",
    "invoice.held": "hold_id",
    "invoice.": "invoice_id",
    "device.event": "event_id",
    "device.": "device_id",
    "rule.fired": "run_id",
    "rule.failed": "run_id",
    "rule.": "rule_id",
    "webhook.endpoint.": "endpoint_id",
    "token.permission.": "grant_id",
    "sms.": "message_id",
    "mail.": "message_id",
    "dashboard.": "dashboard_id",
}
"""The field with the id of the event's object, by the beginning of the topic. The first one that matches counts."""
_RENAMED = {"at_us": "at", "time_us": "time", "since_us": "since"}
"""Times that are not `…_at` in the REST API either."""
_CONNECTIVITY = ("device.online", "device.offline")


def event_data(topic: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The public data of an event, from its decoded body in the outbox."""
    found = dict(_shown(name, value) for name, value in body.items())
    subject = next((field for prefix, field in _SUBJECTS.items() if topic.startswith(prefix)), "")
    if (own := found.get(subject)) is not None:
        found = {"id": own} | found
    if topic.startswith("meter.alarm.") and "until_at" in found:
        found["until"] = found.pop("until_at")  # the name of the REST API
    if topic in _CONNECTIVITY and "state" in found:
        found["connectivity"] = found["state"]  # the name of the REST API
    return found


def event_data_of(topic: str, body: bytes | msgspec.Struct) -> dict[str, Any]:
    """The public data of an event, from its body as stored or as a struct."""
    decoded = msgspec.json.decode(body) if isinstance(body, bytes) else msgspec.to_builtins(body)
    return event_data(topic, decoded)


def names_of(topic: str, struct: type[msgspec.Struct]) -> frozenset[str]:
    """The names of the fields of an event's public data, from the struct of its body in the outbox."""
    return frozenset(event_data(topic, dict.fromkeys(struct.__struct_fields__, 0)))


def _shown(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_us") and (value is None or _is_number(value)):
        shown = _RENAMED.get(name, f"{name.removesuffix('_us')}_at")
        return shown, None if value is None else format_time(value)
    if name in _IDS and _is_number(value):
        return name, text_of(_IDS[name], value)
    if name == "seq" and (value is None or _is_number(value)):
        return "reading_id", None if value is None else text_of(Prefix.READING, value)
    if name == "chain" and isinstance(value, list | tuple):
        return name, [text_of(Prefix.RULE, one) for one in value if _is_number(one)]
    return name, value


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
