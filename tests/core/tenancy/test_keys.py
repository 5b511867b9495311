"""The life of keys against a model: no sequence of acts lets a dead key in or keeps a live one out.

The model below is written from the guide, in its plainest form. The server's part is the real service, store and
authenticator over a real database; only the clock is held in hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_control
from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.actor import Actor
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.errors import AddressNotAllowed, CredentialInvalid, KeyEnded, KeyNotActive
from penstock.core.tenancy.keys import KeyMaker, KeyService
from penstock.core.tenancy.models import KeyRequest, SingleUse
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import HOUR_US, SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource
from penstock.settings import load_settings

T = TypeVar("T")
ADDRESSES = ("192.0.2.7", "198.51.100.24", "2001:db8::1", "::ffff:192.0.2.7")
NETWORKS = ("192.0.2.0/24", "198.51.100.24/32", "2001:db8::/32", "10.0.0.0/8")


class HeldClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.us = 1_777_713_304_000_000

    def now_us(self) -> int:
        return self.us

    def monotonic(self) -> float:
        return self.us / SECOND_US


@dataclass
class Model:
    """What a key should be, by the guide."""

    value: str
    key_id: int
    wanted: KeyRequest
    ends_us: int | None = None
    rotated: bool = False
    revoked: bool = False
    spent_by: str | None = None

    def is_usable(self, now_us: int, address: str) -> bool:
        if self.revoked or (self.wanted.expires_us is not None and now_us >= self.wanted.expires_us):
            return False
        if self.rotated and (self.ends_us is None or now_us >= self.ends_us):
            return False
        if self.wanted.single_use is SingleUse.SPEND and self.spent_by is not None:
            return False
        if self.wanted.single_use is SingleUse.BIND and self.spent_by not in (None, address):
            return False
        plain = ipaddress.ip_address(address.removeprefix("::ffff:"))
        return not self.wanted.cidrs or any(plain in ipaddress.ip_network(one) for one in self.wanted.cidrs)

    def is_active(self, now_us: int) -> bool:
        expired = self.wanted.expires_us is not None and now_us >= self.wanted.expires_us
        spent = self.wanted.single_use is SingleUse.SPEND and self.spent_by is not None
        return not (self.revoked or self.rotated or expired or spent)


class KeyMachine(RuleBasedStateMachine):
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = contextlib.AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = HeldClock()
        self.models: list[Model] = []
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        data_dir = DataDir(Path(self.folder.name) / "data")
        config = load_settings(environment={})
        control = await self.stack.enter_async_context(open_control(data_dir, config, self.clock))
        made = await control.tenancy.bootstrap("Acme", "a@example.org")
        self.actor = Actor.system(made.organization.id)
        self.authenticator = KeyAuthenticator(
            database=control.database, pepper=data_dir.pepper(), clock=self.clock, styles=KEY_STYLES, role_scopes={}
        )
        self.service = KeyService(
            database=control.database,
            maker=KeyMaker(data_dir.pepper(), IdSource(self.clock.now_us), self.clock, KEY_STYLES),
            plans=PlanCatalogue(control.database, config.plans),
            trail=control.keys._trail,
            clock=self.clock,
            watcher=control.keys._watcher,
            on_change=self.authenticator.drop,
        )
        self.beside = control.keys  # the command line: another process, which tells the authenticator nothing
        self.database = control.database

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()

    @rule(
        target=keys,
        style=st.sampled_from(KEY_STYLES.names),
        lifetime_s=st.none() | st.integers(1, 7200),
        cidrs=st.lists(st.sampled_from(NETWORKS), max_size=2, unique=True),
        single_use=st.none() | st.sampled_from(SingleUse),
    )
    def create(self, style: str, lifetime_s: int | None, cidrs: list[str], single_use: SingleUse | None) -> Model:
        expires_us = None if lifetime_s is None else self.clock.us + lifetime_s * SECOND_US
        wanted = KeyRequest(name="k", style=style, expires_us=expires_us, cidrs=tuple(cidrs), single_use=single_use)
        new = self.run(self.service.create(self.actor, wanted))
        model = Model(new.value, new.key.id, wanted)
        self.models.append(model)
        return model

    @rule(target=keys, model=keys, overlap_s=st.sampled_from([0, 0, 60, 3600]))
    def rotate(self, model: Model, overlap_s: int) -> Any:
        if not model.is_active(self.clock.us):
            with pytest.raises(KeyEnded):
                self.run(self.service.rotate(self.actor, model.key_id, overlap_s * SECOND_US))
            return multiple()
        if overlap_s and model.wanted.single_use is SingleUse.SPEND:
            with pytest.raises(InvalidInput):
                self.run(self.service.rotate(self.actor, model.key_id, overlap_s * SECOND_US))
            return multiple()
        new = self.run(self.service.rotate(self.actor, model.key_id, overlap_s * SECOND_US))
        model.rotated, model.ends_us = True, self.clock.us + overlap_s * SECOND_US
        successor = Model(new.value, new.key.id, model.wanted, spent_by=model.spent_by)
        self.models.append(successor)
        return successor

    @rule(model=keys)
    def revoke(self, model: Model) -> None:
        self.run(self.service.revoke(self.actor, model.key_id))
        model.revoked = True

    @rule(model=keys)
    def revoke_beside(self, model: Model) -> None:
        """The command line revokes; the server learns of it by the number that moved."""
        before = self.run(self._changes())
        was_revoked = model.revoked
        self.run(self.beside.revoke(self.actor, model.key_id))
        assert was_revoked or self.run(self._changes()) != before
        self.authenticator.clear()
        model.revoked = True

    async def _changes(self) -> int:
        async with self.database.system_snapshot() as tx:
            return await tx.credentials.changes()

    @rule(seconds=st.sampled_from([1, 59, 61, 3600, 7201]))
    def wait(self, seconds: int) -> None:
        self.clock.us += seconds * SECOND_US

    @rule()
    def jump_back(self) -> None:
        self.clock.us -= HOUR_US // 4

    @rule(model=keys, address=st.sampled_from(ADDRESSES))
    def call(self, model: Model, address: str) -> None:
        expected = model.is_usable(self.clock.us, address)
        assert self.run(self._is_let_in(model, address)) is expected
        if expected and model.wanted.single_use is not None and model.spent_by is None:
            model.spent_by = address

    async def _is_let_in(self, model: Model, address: str) -> bool:
        value = model.value.encode()
        try:
            actor = self.authenticator.known(value, address) or await self.authenticator.authenticate(value, address)
            if actor.is_first_use:
                actor = await self.authenticator.use(actor, address)
        except (CredentialInvalid, KeyNotActive, AddressNotAllowed):
            return False
        assert actor.id == model.key_id
        return True

    @rule(value=st.sampled_from([f"old_{'a' * 32}", f"own_{'0' * 24}", "0" * 32, "psk_x", ""]))
    def guess(self, value: str) -> None:
        with pytest.raises(CredentialInvalid):
            self.run(self.authenticator.authenticate(value.encode(), ADDRESSES[0]))

    @invariant()
    def status_is_told_right(self) -> None:
        for model in self.models[-3:]:
            key = self.run(self.service.get(self.actor, model.key_id))
            assert (key.status(self.clock.us).value == "active") is model.is_active(self.clock.us)


KeyMachine.TestCase.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
TestKeyMachine = KeyMachine.TestCase
