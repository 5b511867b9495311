"""Converts share links, and what visitors see, between core models and wire structs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.api.shared.grants import moment
from penstock.api.v2.dashboards import share_wire as wire
from penstock.core.dashboards.models import CreatedShare, Dashboard, NewShare, Share, Widget
from penstock.core.dashboards.options import type_of
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, encode

_HIDDEN = ("source", "device_id", "device_ids")
"""Fields of options that name devices."""


def to_core_share(body: wire.ShareCreate, now_us: int) -> NewShare:
    """A new share link, as of a time.

    Raises:
        InvalidInput: its end is given twice, or not at all.
    """
    if (body.expires_at is None) == (body.expires_in_s is None):
        raise InvalidInput.field("expires_at", "must be given, or expires_in_s", "required")
    expires_us = moment(body.expires_at, "expires_at") or now_us + (body.expires_in_s or 0) * SECOND_US
    return NewShare(expires_us=expires_us, name=body.name, variables=body.variables, allow_embed=body.allow_embed)


def from_core_share(share: Share) -> wire.Share:
    return wire.Share(
        id=encode(Prefix.DASHBOARD_SHARE, share.id),
        dashboard_id=encode(Prefix.DASHBOARD, share.dashboard_id),
        name=share.name,
        token_prefix=share.prefix,
        variables=share.variables,
        allow_embed=share.allow_embed,
        expires_at=format_time(share.expires_us),
        created_by=share.created_by,
        created_at=format_time(share.created_us),
        last_used_at=converted(share.last_used_us, format_time),
        uses=share.uses,
    )


def from_core_created(made: CreatedShare) -> wire.CreatedShare:
    return wire.CreatedShare(share=from_core_share(made.share), token=made.token, url=f"/console/shared/{made.token}")


def from_core_shared(share: Share, dashboard: Dashboard, widgets: Sequence[Widget]) -> wire.SharedDashboard:
    view = dashboard.view
    return wire.SharedDashboard(
        name=dashboard.name,
        description=dashboard.description,
        range=view.range,
        from_=converted(view.from_us, format_time),
        to=converted(view.to_us, format_time),
        live=view.live,
        refresh_s=view.refresh_s,
        widgets=[_widget(one) for one in widgets],
        allow_embed=share.allow_embed,
        expires_at=format_time(share.expires_us),
    )


def _widget(widget: Widget) -> wire.SharedWidget:
    return wire.SharedWidget(
        id=encode(Prefix.WIDGET, widget.id),
        type=type_of(widget.options),
        title=widget.title,
        **msgspec.structs.asdict(widget.place),
        options=_without(msgspec.to_builtins(widget.options)),
        image_at=converted(widget.image_us, format_time),
    )


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(item) for name, item in value.items() if name not in _HIDDEN}
    return [_without(item) for item in value] if isinstance(value, list) else value
