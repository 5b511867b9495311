"""Iottly as the security tests see it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.security.dialects import Dialect, Values, check_error_text

if TYPE_CHECKING:
    from tests.security.holding import Holding


def hold(call: Callable[..., Any], path: dict[str, str]) -> dict[str, str]:
    """The device's UUID, as the project's list shows it."""
    listed = call("GET", f"/v1.0/project/{path['project_alias']}/devices/props")["devices"]
    return {"device_uuid": next(one["ID"] for one in listed if one["token"] == path["license_id"])}


def values(name: str, mine: Holding, theirs: Holding) -> Values | None:
    if name != "device_uuid":
        return None
    own = mine.more[name]
    nobodys = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    malformed = ["nonsense", own[1:], own.replace("-", ""), "é"]
    return Values(own=own, foreign=[theirs.more[name]], unknown=nobodys, malformed=malformed)


DIALECT = Dialect(
    check_error=check_error_text,
    hold=hold,
    values=values,
    open_operations={"GET /getagent/{archive}": "the agent, for installers that have no key yet"},
    nameless_status={"project_alias": 403, "device_uuid": 403},  # as the vendor documents it
    lenient=frozenset({"no offset"}),
    credentials={"POST /v1.0/project/{project_alias}/device": "thing"},
)
