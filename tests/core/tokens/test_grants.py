"""Use cases on grants that HTTP cannot reach: limits, and callers that change during a call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.tenancy.errors import KeyNotActive
from penstock.core.tokens import grants
from penstock.core.tokens.errors import GrantLimitReached, ReachesGrantedOnly
from penstock.core.tokens.grant_models import NewGrant, Subject
from penstock.core.tokens.models import Permission, SubjectKind
from penstock.kit.ids import Prefix, decode
from tests.support.granting import Site, granting


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("grants")) as found:
        yield found


def granted(site: Site, actor: Actor, token: str, subject: str) -> None:
    new = NewGrant(subject=Subject(SubjectKind.GROUP, decode(Prefix.GROUP, subject) or 0), permission=Permission.CODE)

    async def grant(server: Any) -> None:
        await server.parts.grants.service.grant(actor, token, new)

    site.server.call(grant)


def org_id(site: Site) -> Any:
    return decode(Prefix.ORGANIZATION, site.org.organization_id)


def test_a_token_has_at_most_so_many_grants(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token, system = site.token(), Actor.system(org_id(site))
    monkeypatch.setattr(grants, "MAX_GRANTS", 2)
    for _ in range(2):
        granted(site, system, token, site.group())
    with pytest.raises(GrantLimitReached):
        granted(site, system, token, site.group())


def test_a_key_that_was_revoked_during_the_call_grants_nothing(site: Site) -> None:
    token, key, group = site.token(), site.key(), site.group()
    actor = Actor(org_id=org_id(site), kind=ActorKind.KEY, id=decode(Prefix.KEY, key.id) or 0, scopes=frozenset({"tokens:write"}))
    granted(site, actor, token, site.group())
    site.api.post(f"/api/v2/keys/{key.id}/revoke").raise_for_status()
    with pytest.raises(KeyNotActive):
        granted(site, actor, token, group)


def test_who_reaches_only_what_is_granted_grants_nothing(site: Site) -> None:
    actor = Actor(org_id=org_id(site), kind=ActorKind.USER, id=1, scopes=frozenset({"tokens:write"}), granted_only=True)
    with pytest.raises(ReachesGrantedOnly):
        granted(site, actor, site.token(), site.group())
