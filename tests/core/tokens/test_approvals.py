"""Decisions on requests when the decider changes during the call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.tenancy.errors import KeyNotActive
from penstock.kit.ids import Prefix, UserId, decode
from tests.support.granting import granting


def test_a_key_that_was_revoked_during_the_call_approves_nothing(tmp_path: Path) -> None:
    with granting(tmp_path / "data") as site:
        token, key = site.token(four_eyes=True), site.key("tokens:seed")
        made = site.person("admin").http.post(f"/api/v2/tokens/{token}/seed-requests", json={"reason": "x"}).json()
        site.api.post(f"/api/v2/keys/{key.id}/revoke").raise_for_status()
        actor = Actor(
            org_id=decode(Prefix.ORGANIZATION, site.org.organization_id),  # type: ignore[arg-type]
            kind=ActorKind.KEY,
            id=decode(Prefix.KEY, key.id) or 0,
            scopes=frozenset({"tokens:seed"}),
            root_id=UserId(5),
        )
        request_id = decode(Prefix.SEED_REQUEST, made["id"])

        async def approve(server: Any) -> None:
            await server.parts.grants.requests.approve(actor, token, request_id)

        with pytest.raises(KeyNotActive):
            site.server.call(approve)
