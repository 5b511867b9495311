"""Which states of a re-decode are the last."""

from __future__ import annotations

from penstock.core.redecodes.models import Redecode, RedecodeState
from penstock.kit.ids import RedecodeId, Seq


def redecode(number: int = 1, **about: object) -> Redecode:
    known = dict.fromkeys(("device_id", "profile_id", "project_id", "reach_id"))
    known |= {"id": RedecodeId(number), "from_us": 1, "to_us": 9, "only_failed": True, "state": RedecodeState.QUEUED}  # type: ignore[dict-item]
    return Redecode(**{**known, "until_seq": Seq(5), "author": "a key", "chain": (), "created_us": 3, **about})  # type: ignore[arg-type]


def test_what_has_not_ended_is_active() -> None:
    active = {state for state in RedecodeState if redecode(state=state).is_active}
    assert active == {RedecodeState.QUEUED, RedecodeState.RUNNING}
