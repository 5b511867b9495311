"""DataKubo as the security tests see it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from penstock.api.dialects.datakubo import examples
from penstock.kit.ids import Prefix
from penstock.kit.uuids import to_uuid
from tests.api.dialects.datakubo.conftest import uuid_of
from tests.security.dialects import Dialect, Values

if TYPE_CHECKING:
    from tests.security.calls import Answer
    from tests.security.holding import Holding

ERROR = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["status", "error_code", "message", "details"],
        "properties": {
            "status": {"const": "error"},
            "error_code": {"type": "string", "pattern": "^[A-Z_]+$"},
            "message": {"type": "string", "minLength": 1, "maxLength": 1000},
            "details": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}},
        },
        "additionalProperties": False,
    }
)
OF_UUIDS = {"customer_uuid": (Prefix.CUSTOMER, "customer_uuid"), "end_user_id": (Prefix.RESIDENT, "resident_uuid")}
"""The kind of each id, and the name of what an organisation has of it, by the names of fields and parameters."""


def check_error(answer: Answer, document: dict[str, Any]) -> bool:
    if "error_code" not in document:
        return False
    ERROR.validate(document)
    return True


def hold(call: Callable[..., Any], path: dict[str, str]) -> dict[str, str]:
    """The ids of things of the native API as UUIDs."""
    return {
        "customer_uuid": uuid_of(Prefix.CUSTOMER, path["customer_id"]),
        "resident_uuid": uuid_of(Prefix.RESIDENT, path["resident_id"]),
        "uuid_of_device": uuid_of(Prefix.DEVICE, path["device_id"]),
    }


def values(name: str, mine: Holding, theirs: Holding) -> Values | None:
    if name not in OF_UUIDS:
        return None
    prefix, held = OF_UUIDS[name]
    unknown = to_uuid(prefix, secrets.randbits(60))
    malformed = ["nonsense", "0", "*", "é", unknown[:-1]]
    return Values(own=mine.more[held], foreign=[theirs.more[held]], unknown=unknown, malformed=malformed)


DIALECT = Dialect(
    check_error=check_error,
    hold=hold,
    values=values,
    examples={examples.RESIDENT_ID: "resident_uuid", examples.CUSTOMER_ID: "customer_uuid"},
)
