"""What a key is to be, from the wire."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.v2.keys.translate import to_core_key
from penstock.api.v2.keys.wire import KeyCreate
from penstock.core.tenancy.models import SingleUse
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, ProjectId, encode


def body(**about: Any) -> KeyCreate:
    return KeyCreate(**{"name": "Reader", "scopes": ["devices:read"]} | about)


def test_every_wish_arrives() -> None:
    about: dict[str, Any] = {"expires_at": "2026-05-02T12:00:00Z", "allowed_cidrs": ["10.0.0.0/8"], "single_use": "spend"}
    found = to_core_key(body(calls_per_minute=5, project_id=encode(Prefix.PROJECT, ProjectId(3)), **about))
    assert (found.name, found.scopes, found.expires_us) == ("Reader", {"devices:read"}, parse_time("2026-05-02T12:00:00Z"))
    assert (found.cidrs, found.single_use, found.per_minute, found.project_id) == (("10.0.0.0/8",), SingleUse.SPEND, 5, 3)
    plain = to_core_key(body())
    assert (plain.expires_us, plain.single_use, plain.project_id) == (None, None, None)


@pytest.mark.parametrize(
    ("about", "field"),
    [({"expires_at": "soon"}, "expires_at"), ({"scopes": ["devices"]}, "scopes"), ({"project_id": "3"}, "project_id")],
)
def test_what_makes_no_sense_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_core_key(body(**about))
    assert refused.value.errors[0].field == field
