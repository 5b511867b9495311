"""Share links as they are sent, and dashboards as visitors see them."""

from __future__ import annotations

import msgspec
import pytest

from penstock.api.v2.dashboards.examples import NEW_OPTIONS
from penstock.api.v2.dashboards.share_translate import from_core_shared, to_core_share
from penstock.api.v2.dashboards.share_wire import ShareCreate
from penstock.core.actor import ActorKind
from penstock.core.dashboards.models import Dashboard, Place, Share, View, Widget
from penstock.core.dashboards.options import ImageOptions, Pin, Source, WidgetOptions
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DashboardId, ShareId, WidgetId


def test_an_end_is_given_once() -> None:
    assert to_core_share(ShareCreate(expires_in_s=60), 5).expires_us == 5 + 60 * SECOND_US
    assert to_core_share(ShareCreate(expires_at="1970-01-01T00:00:01Z"), 5).expires_us == SECOND_US
    for body in (ShareCreate(), ShareCreate(expires_at="2030-01-01T00:00:00Z", expires_in_s=60)):
        with pytest.raises(InvalidInput):
            to_core_share(body, 5)


def test_visitors_see_no_names_of_devices() -> None:
    gauge = msgspec.convert(NEW_OPTIONS, WidgetOptions)
    plan = ImageOptions(pins=[Pin(x=1, y=2, source=Source(device_ids=["dev_1"]), field="t")])
    about = {"dashboard_id": DashboardId(1), "title": "", "place": Place(), "created_us": 1, "updated_us": 1}
    widgets = [Widget(id=WidgetId(at), options=one, **about) for at, one in enumerate((gauge, plan))]  # type: ignore[arg-type]
    dashboard = Dashboard(
        id=DashboardId(1), name="B", description="", folder_id=None, project_id=None, view=View(), created_us=1, updated_us=1
    )
    share = Share(
        id=ShareId(1),
        dashboard_id=DashboardId(1),
        name="",
        prefix="dsh_0000",
        variables={},
        allow_embed=[],
        expires_us=1,
        creator_kind=ActorKind.KEY,
        creator_id=1,
        created_by="key_1",
        project_id=None,
        created_us=1,
    )
    found = msgspec.json.encode(from_core_shared(share, dashboard, widgets)).decode()
    assert "dev_" not in found
    assert '"pins":[{"x":1,"y":2,"field":"t","label":""}]' in found
