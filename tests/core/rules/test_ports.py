"""Acts: a name that stays, and the device they concern."""

from __future__ import annotations

import pytest

from penstock.core.rules.definition import ReadingAction
from penstock.core.rules.ports import Act, ActionFailed
from penstock.kit.ids import DeviceId, Prefix, encode
from tests.core.rules.armed import a_run


def act(device_id: DeviceId | None, step: int = 2) -> Act:
    return Act(
        run=a_run(), rule_name="frost", step=step, action=ReadingAction(key="t", value="1"), device_id=device_id, fields={}
    )


def test_an_act_is_named_by_run_and_step() -> None:
    assert act(DeviceId(10)).id == f"{encode(Prefix.RUN, a_run().id)}.2"
    assert act(DeviceId(10), 3).id != act(DeviceId(10)).id == act(DeviceId(11)).id
    assert act(DeviceId(10)).type == "reading"


def test_an_act_without_a_device_says_so() -> None:
    assert act(DeviceId(10)).device == 10
    with pytest.raises(ActionFailed, match="no device triggered this run"):
        _ = act(None).device
