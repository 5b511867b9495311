"""SiliconWit as the security tests see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tests.security.dialects import Dialect

if TYPE_CHECKING:
    from tests.security.calls import Answer

ERROR = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string", "minLength": 1, "maxLength": 1000}},
        "additionalProperties": False,
    }
)


def check_error(answer: Answer, document: dict[str, Any]) -> bool:
    if "error" not in document:
        return False
    ERROR.validate(document)
    return True


DIALECT = Dialect(
    check_error=check_error,
    open_operations={"POST /api/devices/ingest": "the device's access token stands in the body"},
)
