"""The table of states, judged by rules that are written down a second time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.commands.errors import MoveNotAllowed
from penstock.core.commands.models import Execution, State, Transport, Verification
from penstock.core.commands.states import ENDS, Move, follows, moved

HOUR_US = 3_600_000_000


def execution(**about: Any) -> Execution:
    plain: dict[str, Any] = {
        "id": 1,
        "org_id": 1,
        "device_id": 1,
        "definition_id": 1,
        "name": "restart",
        "parameters": {},
        "transport": Transport.ANY,
        "verification": Verification.ACKNOWLEDGEMENT,
        "timeout_us": 60_000_000,
        "repeatable": False,
        "created_by": "",
        "created_us": 0,
        "expires_us": HOUR_US,
        "deadline_us": HOUR_US,
    }
    return Execution(**plain | about)


@pytest.mark.parametrize("state", sorted(ENDS))
@pytest.mark.parametrize("move", list(Move))
def test_an_end_is_an_end(state: State, move: Move) -> None:
    with pytest.raises(MoveNotAllowed, match=state.value):
        moved(execution(state=state, hand_outs=1, repeatable=True), move, 5, "")


def test_only_what_can_be_done_twice_waits_again_after_a_lost_connection() -> None:
    assert follows(execution(state=State.SENT, hand_outs=1, repeatable=True), Move.LOSE) is State.QUEUED
    assert follows(execution(state=State.SENT, hand_outs=1), Move.LOSE) is None


def test_a_receipt_needs_a_hand_out() -> None:
    assert follows(execution(), Move.RECEIVE) is None
    lost, _ = moved(execution(state=State.SENT, hand_outs=1, repeatable=True), Move.LOSE, 5, "")
    assert follows(lost, Move.RECEIVE) is State.RECEIVED
    unsent, _ = moved(execution(state=State.SENT, hand_outs=1), Move.UNSEND, 5, "")
    assert follows(unsent, Move.RECEIVE) is None


def test_what_is_leaving_is_held() -> None:
    leaving = execution(leaving=True)
    allowed = {move: state for move in Move if (state := follows(leaving, move))}
    assert allowed == {Move.SEND: State.SENT, Move.REFUSE: State.FAILED}
    assert follows(execution(hand_outs=1), Move.REFUSE) is None
    assert follows(execution(), Move.REFUSE) is State.FAILED, "before anything was sent"
    sent, _ = moved(leaving, Move.SEND, 5, "")
    assert (sent.leaving, sent.hand_outs) == (False, 1)


def test_only_what_waits_is_taken_back() -> None:
    assert [state for state in State if follows(execution(state=state, hand_outs=1), Move.CANCEL)] == [State.QUEUED]


def test_deadlines() -> None:
    sent, row = moved(execution(), Move.SEND, 10, "out")
    assert (sent.deadline_us, sent.sent_us, row.state, row.at_us, row.reason) == (HOUR_US, 10, State.SENT, 10, "out")
    late, _ = moved(execution(), Move.SEND, HOUR_US - 1, "")
    assert late.deadline_us == HOUR_US - 1 + 60_000_000, "handed out in the last moment, it still has its time to answer"
    received, _ = moved(sent, Move.RECEIVE, 20, "")
    assert received.deadline_us == 20 + 60_000_000
    done, _ = moved(received, Move.FINISH, 30, "")
    assert (done.deadline_us, done.finished_us) == (None, 30)


@given(st.booleans(), st.lists(st.sampled_from(list(Move)), max_size=12))
def test_whatever_is_tried_the_story_stays_sensible(repeatable: bool, moves: list[Move]) -> None:
    now, states = execution(repeatable=repeatable), [State.QUEUED]
    for number, move in enumerate(moves):
        try:
            now, row = moved(now, move, number, "")
        except MoveNotAllowed:
            continue
        states.append(row.state)
        assert row.state is now.state
        assert now.moves == len(states) - 1
    assert not ENDS.intersection(states[:-1]), "nothing follows an end"
    assert State.DONE not in states or State.RECEIVED in states, "nothing is done that was not received"
    assert State.RECEIVED not in states or State.SENT in states, "nothing is received that was not handed out"
    assert now.hand_outs >= 0
    assert (now.deadline_us is None) == (now.state in ENDS) == (now.finished_us is not None)
