"""By which channels a plan lets alerts be told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.core.notifications.errors import ChannelNotInPlan
from penstock.core.notifications.rights import CHANNELS, ChannelRights
from penstock.kit.ids import OrgId


def rights(channels: tuple[str, ...] | None) -> ChannelRights:
    async def organization(org_id: OrgId) -> Any:
        return SimpleNamespace(plan="free")

    plans = {"free": SimpleNamespace(alert_channels=channels)}
    return ChannelRights(cast(Any, SimpleNamespace(organization=organization, named=plans.__getitem__)))


@pytest.mark.parametrize(
    ("channels", "refused"),
    [(None, set()), (("email",), {"sms", "chat", "webhook"}), ((), set(CHANNELS)), (CHANNELS, set())],
)
async def test_what_a_plan_leaves_out_is_refused(channels: tuple[str, ...] | None, refused: set[str]) -> None:
    for channel in (*CHANNELS, "command"):
        if channel in refused:
            with pytest.raises(ChannelNotInPlan, match=channel):
                await rights(channels).check(OrgId(1), channel)
        else:
            await rights(channels).check(OrgId(1), channel)
