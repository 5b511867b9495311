"""A rule's document between the wire and the core: each type keeps its own fields, and has no others."""

from __future__ import annotations

import json
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest

from penstock.api.v2.rules import definition_wire, wire
from penstock.api.v2.rules.translate import from_definition, to_definition
from penstock.core.rules import definition as document
from penstock.kit.decoding import decode_body
from penstock.kit.errors import InvalidInput
from tests.support.cases import for_each

OF_TRIGGERS = {
    "device_ids": ["dev_0c2k9fq7w3b1e"],
    "device_type": "pump",
    "sensors": ["t"],
    "backfill": True,
    "states": ["online"],
    "cron": "0 8 * * *",
    "time_zone": "Europe/Berlin",
    "topics": ["alert.*"],
}
OF_ACTIONS = {
    "device_id": "dev_0c2k9fq7w3b1e",
    "command": "vent",
    "parameters": {"n": 1},
    "url": "https://a.example/",
    "body": "b",
    "to": ["ada@example.org"],
    "subject": "s",
    "text": "t",
    "channel": "ops",
    "key": "k",
    "value": "1.0",
    "name": "n",
    "severity": "high",
}
EVERY_DEVICE = {"device_ids", "device_type"}
TRIGGERS: dict[str, set[str]] = {
    "reading": EVERY_DEVICE | {"sensors", "backfill"},
    "connectivity": EVERY_DEVICE | {"states"},
    "schedule": EVERY_DEVICE | {"cron", "time_zone"},
    "hook": EVERY_DEVICE,
    "event": EVERY_DEVICE | {"topics"},
}
ACTIONS: dict[str, set[str]] = {
    "command": {"command", "parameters", "device_id"},
    "webhook": {"url", "body"},
    "email": {"to", "subject", "text", "severity"},
    "sms": {"to", "text"},
    "chat": {"channel", "text", "severity"},
    "label": {"key", "value", "device_id"},
    "reading": {"key", "value", "device_id"},
    "raise_alert": {"name", "text", "severity", "value", "device_id"},
    "clear_alert": {"name", "device_id"},
}
ANY_DEVICE = {"type": "hook", "device_ids": [], "device_type": ""}
DOCUMENTS = [
    *({"trigger": {"type": of} | {name: OF_TRIGGERS[name] for name in own}} for of, own in TRIGGERS.items()),
    *(
        {"trigger": ANY_DEVICE, "actions": [{"type": of} | {name: OF_ACTIONS[name] for name in own}]}
        for of, own in ACTIONS.items()
    ),
]
MISPLACED = [
    *(
        (index, f"trigger.{name}", {"trigger": DOCUMENTS[index]["trigger"] | {name: value}})
        for index, own in enumerate(TRIGGERS.values())
        for name, value in OF_TRIGGERS.items()
        if name not in own
    ),
    *(
        (index, f"actions[0].{name}", {"actions": [DOCUMENTS[index]["actions"][0] | {name: value}]})
        for index, own in enumerate(ACTIONS.values(), len(TRIGGERS))
        for name, value in OF_ACTIONS.items()
        if name not in own
    ),
]
"""The document that a field is added to, where the field is, and what is changed."""


def received(definition: dict[str, Any]) -> definition_wire.Definition:
    """A document as the API decodes it."""
    new: wire.RuleCreate = decode_body(json.dumps({"name": "n", "definition": definition}).encode(), wire.RuleCreate)
    return new.definition


@for_each(DOCUMENTS)
def test_a_document_comes_back_as_it_was_sent(sent: dict[str, Any]) -> None:
    kept = to_definition(received(sent))
    assert isinstance(kept, document.Definition)
    assert msgspec.to_builtins(from_definition(kept)) == {"windows": [], "condition": "", "actions": []} | sent


@for_each(MISPLACED, lambda case: f"{DOCUMENTS[case[0]]} with {case[1]}")
def test_a_field_of_another_type_is_refused_by_name(case: tuple[int, str, dict[str, Any]]) -> None:
    index, field, change = case
    with pytest.raises(InvalidInput) as refused:
        received(DOCUMENTS[index] | change)
    assert [(one.field, one.detail) for one in refused.value.errors] == [(f"definition.{field}", "is not a known field")]


def test_the_core_knows_the_same_types_with_the_same_fields() -> None:
    for ours, theirs in ((definition_wire.Trigger, document.Trigger), (definition_wire.Action, document.Action)):
        assert fields_of(ours) == fields_of(theirs)
    assert fields_of(definition_wire.Trigger) == TRIGGERS
    assert fields_of(definition_wire.Action) == ACTIONS


def fields_of(union: Any) -> dict[str, set[str]]:
    """The fields of each type, by its name in documents."""
    plain = get_args(union)[0] if get_origin(union) is Annotated else union
    return {one.__struct_config__.tag: set(one.__struct_fields__) for one in get_args(plain)}
