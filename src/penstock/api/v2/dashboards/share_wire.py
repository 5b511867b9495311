"""Share links of dashboards over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from penstock.api.v2.dashboards.wire import Values
from penstock.core.dashboards.options import TYPES
from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment, one_of

Origin = Annotated[str, Meta(min_length=8, max_length=300)]


class ShareCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A share link to create. It ends at `expires_at`, or after `expires_in_s` seconds; within a year.

    `variables` are the values with which it is shown. `allow_embed` are the origins, such as `https://example.org`, whose pages
    may show it in a frame.
    """

    expires_at: Annotated[str, Meta(max_length=40)] | None = None
    expires_in_s: Annotated[int, Meta(ge=60, le=31_536_000)] | None = None
    name: Annotated[str, Meta(max_length=200)] = ""
    variables: Values = {}
    allow_embed: Annotated[list[Origin], Meta(max_length=20)] = []


class Share(Struct, frozen=True, kw_only=True):
    """A share link, without its token. `token_prefix` is how the token begins, `uses` how often the dashboard was opened."""

    id: str
    dashboard_id: str
    name: str
    token_prefix: str
    variables: dict[str, str]
    allow_embed: list[str]
    expires_at: str
    created_by: str
    created_at: str
    last_used_at: str | None
    uses: int


@hides("token", "url")
class CreatedShare(Struct, frozen=True):
    """A new share link. `token`, and `url` with it, are only in this response."""

    share: Share
    token: str
    url: str


class SharedWidget(Struct, frozen=True, kw_only=True):
    """A widget of a shared dashboard. `options` are those of its type, without what names devices."""

    id: str
    type: Annotated[str, one_of(*TYPES)]
    title: str
    x: int
    y: int
    w: int
    h: int
    options: dict[str, object]
    image_at: Moment | None


class SharedDashboard(Struct, frozen=True, kw_only=True):
    """A dashboard as visitors with a share link see it, without buttons that send commands."""

    name: str
    description: str
    range: str | None
    from_: Moment | None = msgspec.field(name="from")
    to: Moment | None
    live: bool
    refresh_s: int | None
    widgets: list[SharedWidget]
    allow_embed: list[str]
    expires_at: str
