"""Secrets in the fields of other nouns: values of their own and references, stored, moved and read back."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.vault.errors import MasterKeyWrong, SecretDamaged, SecretsUnreadable
from penstock.core.vault.fields import Given, SecretFields, author_of, referred_name
from penstock.core.vault.models import NewSecret, Owner
from penstock.kit.errors import InvalidInput, Kind, PenstockError, Unavailable
from penstock.kit.ids import KeyId, OrgId, Prefix, encode
from tests.core.vault.a_server import a_server

OWNER = Owner("webhook", 1)


class Unreachable(PenstockError):
    """A master key in another process, which does not answer."""

    kind, message = Kind.UNAVAILABLE, "no answer"


@pytest.mark.parametrize("value", ["secret://a", "secret://A.b_c-9", "secret://" + "x" * 100])
def test_a_reference_has_a_name(value: str) -> None:
    assert referred_name(value, "password") == value.removeprefix("secret://")


@pytest.mark.parametrize("value", ["", "Secret://a", "secret:/a", "x secret://a"])
def test_anything_else_is_a_value(value: str) -> None:
    assert referred_name(value, "password") is None


@pytest.mark.parametrize("name", ["", "-a", "a-", "a/b", "a\n", "x" * 101, "ä"])
def test_a_reference_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        referred_name(f"secret://{name}", "settings.password")
    assert refused.value.errors[0].field == "settings.password"


def test_the_author_is_a_public_id() -> None:
    actor = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=5)
    assert (author_of(actor), author_of(Actor.system(OrgId(1)))) == (encode(Prefix.KEY, KeyId(5)), "system")


def test_what_was_given_does_not_print() -> None:
    assert "s3cret" not in repr(Given(values={"a": "s3cret"}, names={}, box=None))


async def test_values_and_references_are_stored_and_read_as_they_are_used(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        fields = server.secret_fields
        await server.parts.secrets.create(actor, NewSecret(name="shared", value="theirs"))
        given = await fields.given(actor, {"own": "mine", "other": "secret://shared"})
        assert (given.values, given.paths) == ({"own": "mine", "other": "theirs"}, {"own": "", "other": "shared"})
        async with server.database.transaction(actor.org_id) as tx:
            await fields.store(tx, actor, OWNER, given)
        assert await fields.read(actor.org_id, OWNER, given.paths) == given.values
        assert await fields.read(actor.org_id, OWNER, {"own": ""}) == {"own": "mine"}
        for path, value in (("other", "now mine"), ("own", "secret://shared"), ("own", "mine again")):
            replaced = await fields.given(actor, {path: value})
            async with server.database.transaction(actor.org_id) as tx:
                await fields.store(tx, actor, OWNER, replaced)
            fields.forget(actor.org_id, OWNER)
            assert await fields.read(actor.org_id, OWNER, {path: ""}) == replaced.values
        async with server.database.snapshot(actor.org_id) as tx:
            assert [(one.path, one.secret.name) for one in await tx.secrets.held(OWNER)] == [("other", None), ("own", None)]


async def test_a_secret_and_a_reference_move_to_another_path(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        fields = server.secret_fields
        await server.parts.secrets.create(actor, NewSecret(name="shared", value="theirs"))
        given = await fields.given(actor, {"a": "mine", "b": "secret://shared", "c": "dropped"})
        async with server.database.transaction(actor.org_id) as tx:
            await fields.store(tx, actor, OWNER, given)
            assert await fields.move(tx, OWNER, "b", "c")
            assert await fields.move(tx, OWNER, "a", "b")
            assert not await fields.move(tx, OWNER, "none", "d")
        assert await fields.read(actor.org_id, OWNER, {"b": "", "c": ""}) == {"b": "mine", "c": "theirs"}


async def test_without_the_scope_nothing_is_looked_up(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        narrow = msgspec.structs.replace(actor, kind=ActorKind.KEY, id=1, scopes=frozenset({"secrets:read"}))
        for name in ("unknown", "shared"):
            with pytest.raises(ScopeMissing):
                await server.secret_fields.given(narrow, {"own": f"secret://{name}"})
        assert (await server.secret_fields.given(narrow, {"own": "mine"})).names == {}


async def test_a_secret_that_is_deleted_in_between_is_refused(tmp_path: Path) -> None:
    async with a_server(tmp_path) as (server, actor):
        made = await server.parts.secrets.create(actor, NewSecret(name="shared", value="theirs"))
        given = await server.secret_fields.given(actor, {"own": "secret://shared"}, "settings.")
        await server.parts.secrets.delete(actor, made.secret.id)
        async with server.database.transaction(actor.org_id) as tx:
            with pytest.raises(InvalidInput, match=r"settings\.own"):
                await server.secret_fields.store(tx, actor, OWNER, given)


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (SecretDamaged(), SecretsUnreadable),
        (MasterKeyWrong(reason="x"), SecretsUnreadable),
        (Unreachable(), Unavailable),
        (Unavailable(reason="later"), Unavailable),
    ],
)
async def test_what_lasts_and_what_passes_are_told_apart(raised: PenstockError, told: type[PenstockError]) -> None:
    class Broken:
        async def read(self, org_id: OrgId, owner: Owner) -> dict[str, bytearray]:
            raise raised

    fields = SecretFields(Broken(), None)  # type: ignore[arg-type]
    with pytest.raises(told):
        await fields.read(OrgId(1), OWNER, {"own": ""})
