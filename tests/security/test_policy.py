"""The policy is pinned: no operation changes who may call it unless a line of `policy.txt` is changed with it."""

from __future__ import annotations

import difflib

import msgspec
import pytest

from tests.security.policy import FLAGS, line_of, lines, pinned
from tests.security.table import operations

HOW = "If that is meant, write the file anew: python -m tests.security.policy"


def differences(pinned: list[str], found: list[str]) -> list[str]:
    """The lines that are in one of them only, marked - and +."""
    compared = difflib.unified_diff(pinned, found, n=0, lineterm="")
    return [line for line in compared if not line.startswith(("---", "+++", "@@"))]


def test_the_policy_is_the_pinned_one() -> None:
    changed = differences(pinned(), lines(operations()))
    if changed:
        pytest.fail("\n".join(["who may call what was changed (-: pinned, +: now)", *changed, HOW]), pytrace=False)


def test_a_weaker_scope_is_shown() -> None:
    delete = next(one for one in operations() if (one.method, one.path) == ("DELETE", "/api/v2/devices/{device_id}"))
    weaker = msgspec.structs.replace(delete, scope="devices:read")
    assert differences([line_of(delete)], [line_of(weaker)]) == [
        "-DELETE /api/v2/devices/{device_id} devices:write project",
        "+DELETE /api/v2/devices/{device_id} devices:read project",
    ]


@pytest.mark.parametrize("field", FLAGS)
def test_whatever_else_the_door_decides_by_is_shown(field: str) -> None:
    one = operations()[0]
    assert line_of(one) != line_of(msgspec.structs.replace(one, **{field: not getattr(one, field)}))
