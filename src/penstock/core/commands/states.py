"""The states of an execution, and the moves between them. Pure: the whole table is here.

    queued ──send──▶ sent ──receive──▶ received ──finish──▶ done
      ▲               │                    │
      └─unsend, lose──┘                    └─fail──▶ failed

From each state that is not an end `expire` leads to expired; `cancel` leads to cancelled while the execution is queued.
`unsend` is for a transport that reports that nothing was sent: the execution is as if it had never been dispatched. `lose` is
for a connection that ended without a receipt: a repeatable execution is queued again, any other remains sent until it expires.
While an external broker is receiving an execution it counts as queued (`Execution.leaving`). It can then neither be cancelled
nor expire, and `refuse` leads to failed; so it does before the first dispatch, if nothing can ever deliver it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.commands.errors import MoveNotAllowed
from penstock.core.commands.models import Execution, State, Transition
from penstock.kit.ids import Prefix, encode


class Move(StrEnum):
    """A move from one state to the next."""

    SEND = "send"
    UNSEND = "unsend"
    LOSE = "lose"
    RECEIVE = "receive"
    FINISH = "finish"
    FAIL = "fail"
    REFUSE = "refuse"
    EXPIRE = "expire"
    CANCEL = "cancel"


ENDS = frozenset({State.DONE, State.FAILED, State.EXPIRED, State.CANCELLED})
_TABLE: dict[tuple[State, Move], State] = {
    (State.QUEUED, Move.SEND): State.SENT,
    (State.QUEUED, Move.RECEIVE): State.RECEIVED,
    (State.QUEUED, Move.REFUSE): State.FAILED,
    (State.QUEUED, Move.EXPIRE): State.EXPIRED,
    (State.QUEUED, Move.CANCEL): State.CANCELLED,
    (State.SENT, Move.UNSEND): State.QUEUED,
    (State.SENT, Move.LOSE): State.QUEUED,
    (State.SENT, Move.RECEIVE): State.RECEIVED,
    (State.SENT, Move.FAIL): State.FAILED,
    (State.SENT, Move.EXPIRE): State.EXPIRED,
    (State.RECEIVED, Move.FINISH): State.DONE,
    (State.RECEIVED, Move.FAIL): State.FAILED,
    (State.RECEIVED, Move.EXPIRE): State.EXPIRED,
}


def follows(execution: Execution, move: Move) -> State | None:
    """The state that a move leads to; None if the move is not allowed."""
    if move is Move.LOSE and not execution.repeatable:
        return None
    if execution.leaving and move in (Move.CANCEL, Move.EXPIRE):
        return None
    if move is Move.REFUSE and not execution.leaving and execution.hand_outs:
        return None
    if (execution.state, move) == (State.QUEUED, Move.RECEIVE) and not execution.hand_outs:
        return None  # one that is queued again after a lost connection may turn out to have arrived; one never sent cannot
    return _TABLE.get((execution.state, move))


def moved(execution: Execution, move: Move, now_us: int, reason: str) -> tuple[Execution, Transition]:
    """The execution after a move, and the row of its history.

    Raises:
        MoveNotAllowed: the move is not allowed in the current state.
    """
    state = follows(execution, move)
    if state is None:
        public_id = encode(Prefix.EXECUTION, execution.id)
        raise MoveNotAllowed(execution_id=public_id, move=move.value, state=execution.state.value)
    # The first dispatch is undone as if it had not happened; an earlier one remains visible.
    if move is Move.UNSEND and execution.hand_outs == 1:
        execution = msgspec.structs.replace(execution, sent_by=None, sent_us=None)
    after = msgspec.structs.replace(
        execution,
        state=state,
        reason=reason,
        moves=execution.moves + 1,
        deadline_us=_deadline(execution, state, now_us),
        hand_outs=execution.hand_outs + {Move.SEND: 1, Move.UNSEND: -1}.get(move, 0),
        sent_us=now_us if state is State.SENT else execution.sent_us,
        received_us=now_us if state is State.RECEIVED else execution.received_us,
        finished_us=now_us if state in ENDS else None,
        leaving=False,
    )
    return after, Transition(state=state, at_us=now_us, reason=reason)


def _deadline(execution: Execution, state: State, now_us: int) -> int | None:
    if state is State.QUEUED:
        return execution.expires_us
    if state is State.SENT:  # one dispatched just before it expires still has its time to respond
        return max(execution.expires_us, now_us + execution.timeout_us)
    return now_us + execution.timeout_us if state is State.RECEIVED else None
