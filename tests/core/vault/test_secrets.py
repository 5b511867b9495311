"""Use cases on secrets: limits, who is told of a new version, and what of it is in a transaction."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.core.database import repeated_after_commit
from penstock.core.vault import secrets as use_cases
from penstock.core.vault.errors import SecretLimitReached, SecretNotFound
from penstock.core.vault.models import NewSecret, Owner, SecretFilter
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from tests.core.vault.a_server import a_server

OWNER = Owner("webhook", 1)


async def test_an_organisation_has_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "MAX_SECRETS", 2)
    async with a_server(tmp_path) as (server, actor):
        service = server.parts.secrets
        given = await server.secret_fields.given(actor, {"own": "mine"})
        async with server.database.transaction(actor.org_id) as tx:
            await server.secret_fields.store(tx, actor, OWNER, given)  # which is managed, and not counted
        for name in ("one", "two"):
            await service.create(actor, NewSecret(name=name, value="v"))
        with pytest.raises(SecretLimitReached, match="at most 2"):
            await service.create(actor, NewSecret(name="three", value="v"))
        assert len((await service.list(actor, SecretFilter(), 10, None)).items) == 3


async def test_all_that_use_a_secret_are_told_of_a_version(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        service, fields, told = server.parts.secrets, server.secret_fields, []
        service.subscribe("webhook", told.append)
        made = await service.create(actor, NewSecret(name="shared", value="one"))
        other = await service.create(actor, NewSecret(name="other", value="theirs"))
        given = await fields.given(actor, {"a": "secret://shared", "b": "secret://shared", "c": "secret://other"})
        async with server.database.transaction(actor.org_id) as tx:
            await fields.store(tx, actor, OWNER, given)
        assert (await fields.read(actor.org_id, OWNER, given.paths))["a"] == "one"
        await service.add_version(actor, made.secret.id, "two")
        assert (await fields.read(actor.org_id, OWNER, given.paths))["a"] == "two"
        await service.restore_version(actor, made.secret.id, 1)
        assert (await fields.read(actor.org_id, OWNER, given.paths))["b"] == "one"
        assert told == [1, 1]
        await service.describe(actor, other.secret.id, "about")
        assert told == [1, 1]


async def test_in_a_held_transaction_the_news_is_told_again_at_its_end(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        service, fields, told = server.parts.secrets, server.secret_fields, []
        service.subscribe("webhook", told.append)
        made = await service.create(actor, NewSecret(name="shared", value="one"))
        given = await fields.given(actor, {"a": "secret://shared"})
        async with server.database.transaction(actor.org_id) as tx:
            await fields.store(tx, actor, OWNER, given)

        async def begin(_: object) -> None:
            repeated_after_commit(lambda: None)()

        async with server.database.held(actor.org_id, begin):
            await service.add_version(actor, made.secret.id, "two")
            assert told == [1]
        assert told == [1, 1]
        assert (await fields.read(actor.org_id, OWNER, given.paths))["a"] == "two"


async def test_who_reaches_only_granted_tokens_does_not_see_the_others_by_their_seeds(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        service, fields, narrow = server.parts.secrets, server.secret_fields, msgspec.structs.replace(actor, granted_only=True)
        given = await fields.given(actor, {"seed": "mine"})
        async with server.database.transaction(actor.org_id) as tx:
            await fields.store(tx, actor, OWNER, given)
            await fields.store(tx, actor, Owner("token", 1), given)
        every = [one.secret for one in (await service.list(actor, SecretFilter(), 10, None)).items]
        assert [one.secret.owner for one in (await service.list(narrow, SecretFilter(), 10, None)).items] == [OWNER]
        assert (await service.list(narrow, SecretFilter(owner_kind="token"), 10, None)).items == []
        [seed] = [one for one in every if one.owner == Owner("token", 1)]
        assert (await service.get(actor, seed.id)).secret == seed
        for look in (
            service.get(narrow, seed.id),
            service.uses(narrow, seed.id, 10, None),
            service.versions(narrow, seed.id),
            service.read(narrow, seed.id),
            service.describe(narrow, seed.id, "x"),
            service.add_version(narrow, seed.id, "x"),
            service.restore_version(narrow, seed.id, 1),
            service.delete(narrow, seed.id),
        ):
            with pytest.raises(SecretNotFound):
                await look


async def test_a_name_is_not_taken_for_an_id(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        made = await server.parts.secrets.create(actor, NewSecret(name="sec_1", value="v"))
        with pytest.raises(InvalidInput, match="form of a secret's id"):
            await server.parts.secrets.create(actor, NewSecret(name=encode(Prefix.SECRET, made.secret.id), value="v"))
