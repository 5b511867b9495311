"""The gate: which credential goes where, what counts as a guess, and which organisation a request may name."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.tenancy import admission
from penstock.core.tenancy.admission import Gate, check_organization, looks_like_token
from penstock.core.tenancy.errors import (
    CredentialInvalid,
    CredentialMissing,
    KeyNotActive,
    OrganizationMismatch,
    OrganizationRequired,
    OrganizationSuspended,
)
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Prefix, encode

KEY = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1)
FIRST = Actor(org_id=OrgId(1), kind=ActorKind.KEY, id=1, is_first_use=True)
PERSON = Actor(org_id=OrgId(1), kind=ActorKind.USER, id=2)
TOKEN = b"eyJh.eyJz.c2ln"


class Parts:
    """The parts of a gate, with what they were asked."""

    def __init__(self, raises: PenstockError | None = None, *, suspended: bool = False) -> None:
        self.raises, self.guesses, self.remembered = raises, list[str](), dict[bytes, Actor]()
        self.organization_as_it_is = SimpleNamespace(suspended_us=1 if suspended else None)

    def gate(self, *, people: bool = True) -> Gate:
        keys = SimpleNamespace(
            known=lambda credential, address: self.remembered.get(credential), authenticate=self.answer(KEY), use=self.use
        )
        plans = SimpleNamespace(known=lambda org_id: None, organization=self.organization)
        guesses = SimpleNamespace(record_failed_credential=self.guesses.append)
        sessions = SimpleNamespace(authenticate=self.answer(PERSON)) if people else None
        return Gate(*cast(Any, (keys, plans, guesses, sessions)))

    async def use(self, actor: Actor, address: str) -> Actor:
        assert actor.is_first_use
        return KEY

    async def organization(self, org_id: OrgId) -> Any:
        return self.organization_as_it_is

    def answer(self, actor: Actor) -> Any:
        async def authenticate(credential: bytes, address: str) -> Actor:
            if self.raises is not None:
                raise self.raises
            return actor

        return authenticate


async def test_tokens_go_to_the_sessions_and_the_rest_to_the_keys() -> None:
    parts = Parts()
    assert await parts.gate().admit(TOKEN, "a") is PERSON
    assert await parts.gate().admit(b"pk_live", "a") is KEY
    assert await parts.gate(people=False).admit(TOKEN, "a") is KEY
    assert parts.guesses == []


async def test_only_credentials_that_nobody_has_are_guesses() -> None:
    parts = Parts(CredentialInvalid())
    for credential in (TOKEN, b"pk_live"):
        with pytest.raises(CredentialInvalid):
            await parts.gate().admit(credential, "192.0.2.1")
    assert parts.guesses == ["192.0.2.1"] * 2
    ended = Parts(KeyNotActive(status="revoked"))
    with pytest.raises(KeyNotActive):
        await ended.gate().admit(b"pk_live", "192.0.2.1")
    with pytest.raises(CredentialMissing):
        await ended.gate().admit(b"", "192.0.2.1")
    assert ended.guesses == []


async def test_what_is_remembered_is_not_asked_for_and_still_judged() -> None:
    parts = Parts(CredentialInvalid(), suspended=True)
    parts.remembered[b"pk_live"] = KEY
    with pytest.raises(OrganizationSuspended):
        await parts.gate().admit(b"pk_live", "a")
    parts.organization_as_it_is = SimpleNamespace(suspended_us=None)
    assert await parts.gate().admit(b"pk_live", "a") is KEY


RECHECKS = {
    "ingress/mqtt/live.py": "a connection that was admitted before",
    "api/live/tickets.py": "the admission of streams uses the reader that a ticket yields",
}
"""These ask again about a caller who has been let in, or leave the use to their caller."""


def test_every_door_uses_what_it_admits() -> None:
    """Whoever admits a caller has to `use` the actor after its own checks, or a key for one call would serve for many."""
    source = Path(admission.__file__).parents[2]
    texts = {str(path.relative_to(source)): path.read_text("utf-8") for path in source.rglob("*.py")}
    admitting = {name for name, text in texts.items() if "_gate.admit(" in text}
    assert len(admitting) >= 4
    assert admitting - RECHECKS.keys() == {name for name, text in texts.items() if "_gate.use(" in text}
    assert admitting > RECHECKS.keys()


async def test_only_a_first_use_is_used_up() -> None:
    parts = Parts()
    assert await parts.gate().use(KEY, "a") is KEY, "no store is asked"
    assert await parts.gate().use(FIRST, "a") is KEY


@pytest.mark.parametrize(
    ("credential", "token"),
    [(TOKEN, True), (b"eyJh.eyJz", False), (b"eyJh.a.b.c", False), (b"pk_a.b.c", False), (b"", False)],
)
def test_what_looks_like_a_token(credential: bytes, *, token: bool) -> None:
    assert looks_like_token(credential) is token


def test_every_organisation_that_is_named_is_the_callers() -> None:
    mine, other = encode(Prefix.ORGANIZATION, OrgId(1)), encode(Prefix.ORGANIZATION, OrgId(2))
    check_organization(KEY, [], required=False)
    check_organization(KEY, [mine, mine], required=True)
    check_organization(KEY, ["own", mine], required=True)
    with pytest.raises(OrganizationRequired):
        check_organization(KEY, [], required=True)
    for named in ([other], [mine, other], ["own", other], ["OWN"], ["1"], [""], [encode(Prefix.PROJECT, cast(Any, 1))]):
        with pytest.raises(OrganizationMismatch):
            check_organization(KEY, named, required=False)
