"""The queue against a model: whatever happens in whatever order, no double hand-out, no illegal state, order kept.

The model is written from the guide, in its plainest form. The other side is the real use cases over a real database; the
clock and the connection are held in hand, and a restart in between is a real one.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from penstock.core.actor import Actor
from penstock.core.commands.errors import MoveNotAllowed
from penstock.core.commands.models import Acknowledgement, Definition, Execution, State, Transport, Verification
from penstock.core.commands.states import ENDS
from penstock.core.downlinks.models import UnconfirmedExecution
from penstock.kit.clock import SECOND_US
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock

T = TypeVar("T")
FOLLOWS = {
    State.QUEUED: {State.SENT, State.RECEIVED, State.EXPIRED, State.CANCELLED, State.FAILED},
    State.SENT: {State.QUEUED, State.RECEIVED, State.FAILED, State.EXPIRED},
    State.RECEIVED: {State.DONE, State.FAILED, State.EXPIRED},
}
"""The picture of the guide, written down a second time. What waits fails only when another's broker will never take it."""


@dataclass
class Model:
    """What should be true of an execution."""

    id: int
    device: int
    repeatable: bool
    expires_us: int
    reached: int = 0
    received: bool = False


@dataclass
class Thing:
    """A device with its commands."""

    actor: Actor
    definitions: list[Definition]
    one_at_a_time: bool = False
    asked: list[Model] = field(default_factory=list)


class QueueMachine(RuleBasedStateMachine):
    executions = Bundle("executions")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = HeldClock()
        self.things: list[Thing] = []

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        self.run(self._open())
        for _ in range(2):
            device = self.run(self.site.add_device())
            kinds = [(again, how) for again in (True, False) for how in (Verification.NONE, Verification.ACKNOWLEDGEMENT)]
            definitions = [
                self.run(self.site.define(device, f"{again} {how}", repeatable=again, verification=how, timeout_s=60))
                for again, how in kinds
            ]
            self.things.append(Thing(device, definitions))
        self.set_one_at_a_time(1, True)

    async def _open(self) -> None:
        self.stack = contextlib.AsyncExitStack()
        self.site: Site = await self.stack.enter_async_context(open_site(Path(self.folder.name), self.clock, run_workers=False))
        self.queue = self.site.commands.queue

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        self.folder.cleanup()

    def look(self, model: Model) -> Execution:
        return self.run(self.site.look(model.id))

    @rule(
        target=executions,
        place=st.integers(0, 1),
        kinds=st.lists(st.integers(0, 3), min_size=1, max_size=3),
        expires_in_s=st.sampled_from([5, 600]),
    )
    def ask(self, place: int, kinds: list[int], expires_in_s: int) -> Any:
        return multiple(*(self._ask(self.things[place], place, kind, expires_in_s) for kind in kinds))

    def _ask(self, thing: Thing, place: int, kind: int, expires_in_s: int) -> Model:
        definition = thing.definitions[kind]
        execution_id = self.run(self.site.execute(definition, expires_in_s))
        model = Model(execution_id, place, definition.repeatable, self.clock.us + expires_in_s * SECOND_US)
        thing.asked.append(model)
        return model

    @rule(place=st.integers(0, 1), outcome=st.sampled_from(["left", "received", "gone", "killed before", "killed after"]))
    def hand_out(self, place: int, outcome: str) -> None:
        """As a lane of the dispatcher does; a kill leaves what was committed and nothing else."""
        thing = self.things[place]
        wanted = self._next(thing)
        claimed = self.run(self.queue.claim(thing.actor, Transport.MQTT, 1))
        assert [one.id for one in claimed] == [one.id for one in wanted[:1]], "the first that waits, if one may go"
        for model in wanted[:1]:
            if outcome in ("left", "received", "killed after"):
                self._reach(model)
            if outcome == "received":
                self.run(self.queue.received(thing.actor, model.id))
                model.received = True
            elif outcome == "gone":
                self.run(self.queue.unsend(thing.actor, model.id, "nothing left"))
        if outcome.startswith("killed"):
            self.restart()

    @rule(
        place=st.integers(0, 1),
        outcome=st.sampled_from(["confirmed", "answered first", "away", "refused", "in doubt", "killed"]),
    )
    def publish(self, place: int, outcome: str) -> None:
        """As the worker for others' brokers does, with what may happen between the beginning and the broker's word."""
        thing = self.things[place]
        wanted = self._next(thing)
        begun = self.run(self.queue.begin(thing.actor, Transport.MQTT))
        assert [begun.id] == [wanted[0].id] if begun else not wanted
        if begun is None:
            return
        model = wanted[0]
        with contextlib.suppress(MoveNotAllowed):
            self.run(self.site.commands.executions.cancel(self.site.actor, model.id))
            raise AssertionError("what may have left is not taken back")
        assert self.look(model).state is State.QUEUED, "it is not sent before the broker has said so"
        assert model.id not in [one.id for one in self.run(self.queue.poll(thing.actor, 0, confirm=False))]
        if outcome not in ("away", "refused"):
            self._reach(model)
        if outcome == "answered first":
            self.run(self.queue.acknowledge(thing.actor, model.id, Acknowledgement(ok=True)))
            model.received = True
        self._settle_publication(thing, model, outcome)
        after = self.look(model)
        again = State.QUEUED if model.repeatable else State.SENT
        quiet = after.verification is Verification.NONE
        expected = {
            "away": State.QUEUED,
            "refused": State.FAILED,
            "in doubt": again,
            "killed": again,
            "answered first": State.DONE,
        }
        assert after.state is expected.get(outcome, State.DONE if quiet else State.SENT)
        assert not after.leaving
        model.received = model.received or after.state is State.DONE

    def _settle_publication(self, thing: Thing, model: Model, outcome: str) -> None:
        if outcome in ("confirmed", "answered first"):
            self.run(self.queue.mark_dispatched(thing.actor, model.id, Transport.MQTT, "the broker has it"))
        elif outcome == "away":
            self.run(self.queue.put_back(thing.actor, model.id, "the broker is away"))
        elif outcome == "refused":
            self.run(self.queue.refuse_leaving(thing.actor, model.id, "refused"))
        else:
            if outcome == "killed":
                self.restart()
                assert model.id in [one.id for one in self.run(self._doubtful())]
            self.run(self.queue.mark_leaving_unconfirmed(thing.actor, model.id, Transport.MQTT, "nobody knows"))

    async def _doubtful(self) -> Sequence[UnconfirmedExecution]:
        async with self.site.server.database.system_snapshot() as tx:
            return await tx.broker_commands.unconfirmed()

    @rule(place=st.integers(0, 1), limit=st.integers(1, 3), confirm=st.booleans())
    def poll(self, place: int, limit: int, confirm: bool) -> None:
        thing = self.things[place]
        lost = [one for one in thing.asked if confirm and one.repeatable and self._is_sent_by(one, Transport.HTTP)]
        wanted = self._next(thing, lost)[:limit]
        found = self.run(self.queue.poll(thing.actor, limit, confirm=confirm))
        assert [one.id for one in found] == [one.id for one in wanted]
        for model in wanted:
            self._reach(model)
            model.received = model.received or not confirm

    @rule(place=st.integers(0, 1))
    def connect(self, place: int) -> None:
        self.run(self.queue.lose(self.things[place].actor))

    @rule(model=executions, ok=st.sampled_from([None, True, False]))
    def acknowledge(self, model: Model, ok: bool | None) -> None:
        before, said = self.look(model), Acknowledgement(ok=ok, progress=1)
        thing = self.things[model.device]
        try:
            after = self.run(self.queue.acknowledge(thing.actor, model.id, said))
        except MoveNotAllowed:
            assert before.state in ENDS or not before.hand_outs
            assert self.look(model) == before
            return
        model.received = True
        if ok is False:
            assert after.state is State.FAILED
        elif ok or after.verification is Verification.NONE:
            assert after.state is State.DONE
        else:
            assert after.state is State.RECEIVED

    @rule(model=executions, arrived=st.booleans(), acknowledged=st.booleans())
    def report(self, model: Model, arrived: bool, acknowledged: bool) -> None:
        """As a network does that carries commands. It knows no more of what has ended, or of what was never handed out."""
        before = self.look(model)
        thing = self.things[model.device]
        after = self.run(self.queue.report(thing.actor, model.id, "told", arrived=arrived, acknowledged=acknowledged))
        if before.state in ENDS or not before.hand_outs or (before.state is State.QUEUED and not arrived):
            assert self.look(model) == before == after
            return
        model.received = model.received or arrived
        enough = after.verification is Verification.NONE or (acknowledged and after.verification is Verification.ACKNOWLEDGEMENT)
        assert after.state is ((State.DONE if enough else State.RECEIVED) if arrived else State.FAILED)

    @rule(model=executions)
    def doubt(self, model: Model) -> None:
        """Nobody knows whether it left: only what can be done twice waits again."""
        before = self.look(model)
        self.run(self.queue.mark_unconfirmed(self.things[model.device].actor, model.id))
        waits = before.state is State.QUEUED or (before.state is State.SENT and before.repeatable)
        assert (self.look(model).state is State.QUEUED) == waits

    @rule(model=executions)
    def cancel(self, model: Model) -> None:
        before = self.look(model).state
        try:
            self.run(self.site.commands.executions.cancel(self.site.actor, model.id))
        except MoveNotAllowed:
            assert before not in (State.QUEUED, State.CANCELLED)
        else:
            assert before in (State.QUEUED, State.CANCELLED)

    @rule(seconds=st.sampled_from([1, 4, 30, 100]), sweep=st.booleans())
    def wait(self, seconds: int, sweep: bool) -> None:
        self.clock.us += seconds * SECOND_US
        if sweep:
            self.run(self.site.commands.sweeper.step())
            for model in self._all():
                deadline_us = self.look(model).deadline_us
                assert deadline_us is None or deadline_us > self.clock.us

    @rule(place=st.integers(0, 1), on=st.booleans())
    def set_one_at_a_time(self, place: int, on: bool) -> None:
        thing = self.things[place]
        self.run(self.site.commands.executions.set_one_at_a_time(self.site.actor, thing.actor.id, on))
        thing.one_at_a_time = on

    @rule()
    def restart(self) -> None:
        self.run(self.stack.aclose())
        self.clock.us += SECOND_US
        self.run(self._open())

    def _all(self) -> list[Model]:
        return [model for thing in self.things for model in thing.asked]

    def _is_sent_by(self, model: Model, way: Transport) -> bool:
        execution = self.look(model)
        return execution.state is State.SENT and execution.sent_by is way

    def _next(self, thing: Thing, lost: list[Model] | None = None) -> list[Model]:
        """What may be handed out now, in order, when `lost` has gone back to the queue."""
        again = lost or []
        found = {model.id: self.look(model).state for model in thing.asked}
        found |= {model.id: State.QUEUED for model in again}
        wanted = [one for one in thing.asked if found[one.id] is State.QUEUED and one.expires_us > self.clock.us]
        if not thing.one_at_a_time:
            return wanted
        under_way = {State.SENT, State.RECEIVED}.intersection(found.values())
        return [] if under_way else wanted[:1]

    def _reach(self, model: Model) -> None:
        """The command is with the device now: what the whole queue is there to do once."""
        assert not model.received, "what the device has never comes again"
        assert model.repeatable or not model.reached, "what must not be done twice comes once"
        model.reached += 1

    @invariant()
    def every_story_is_legal(self) -> None:
        for model in self._all()[-4:]:
            states = self.run(self.site.states(model.id))
            assert states[0] is State.QUEUED
            assert all(later in FOLLOWS.get(earlier, set()) for earlier, later in itertools.pairwise(states))
            execution = self.look(model)
            assert execution.state is states[-1]
            assert (execution.deadline_us is None) == (execution.state in ENDS)
            assert execution.state is not State.RECEIVED or model.received, "the device says so, or a broker where nobody asks it"
            assert execution.state is not State.DONE or model.received


QueueMachine.TestCase.settings = settings(max_examples=4, stateful_step_count=25, deadline=None)
TestQueueMachine = QueueMachine.TestCase
