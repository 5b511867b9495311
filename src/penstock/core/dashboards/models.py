"""Dashboards, their folders, widgets and share links."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.core.actor import ActorKind
from penstock.core.dashboards.options import Label, Labels, WidgetOptions
from penstock.kit.ids import DashboardId, FolderId, OrgId, ProjectId, ShareId, WidgetId
from penstock.kit.secret import hides

MAX_DEPTH = 3
"""How deep folders can be in folders."""
MAX_FOLDERS, MAX_WIDGETS, MAX_SHARES = 200, 60, 50
COLUMNS = 12
"""The columns of the grid in which widgets are placed."""


class Variable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that viewers select. The widgets that name it show the `device` with this id, or the devices with this `label`.

    The devices to select from are those with `labels`. Of a variable of the kind `label`, `label_key` is the key of the label.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)", extra={"form": "a name such as room_1"})]
    kind: Literal["device", "label"]
    label: Label = ""
    label_key: Annotated[str, Meta(max_length=64)] = ""
    labels: Labels = {}
    default: Annotated[str, Meta(max_length=256)] = ""


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of dashboards; `parent_id` is the folder that it is in, or None."""

    id: FolderId
    name: str
    parent_id: FolderId | None
    created_us: int
    updated_us: int


class View(msgspec.Struct, frozen=True, kw_only=True):
    """How a dashboard is shown at first: its range as a length (`range`) or from and to, how often it is refreshed.

    `live`: values follow as they are reported. `refresh_s` None: it is not refreshed by itself.
    """

    range: str | None = "24h"
    from_us: int | None = None
    to_us: int | None = None
    live: bool = False
    refresh_s: int | None = None
    variables: list[Variable] = []


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard. With `project_id` it belongs to a project, and labels select devices of that project."""

    id: DashboardId
    name: str
    description: str
    folder_id: FolderId | None
    project_id: ProjectId | None
    view: View
    created_us: int
    updated_us: int
    widget_count: int = 0


class NewDashboard(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new dashboard."""

    name: str
    description: str = ""
    folder_id: FolderId | None = None
    project_id: ProjectId | None = None
    view: View = View()


class DashboardPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a dashboard: an UNSET field is unchanged, None clears it."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    folder_id: FolderId | UnsetType | None = UNSET
    project_id: ProjectId | UnsetType | None = UNSET
    range: str | UnsetType | None = UNSET
    from_us: int | UnsetType | None = UNSET
    to_us: int | UnsetType | None = UNSET
    live: bool | UnsetType = UNSET
    refresh_s: int | UnsetType | None = UNSET
    variables: list[Variable] | UnsetType = UNSET


class DashboardSort(StrEnum):
    """The order of a list of dashboards."""

    NAME = "name"
    UPDATED = "-updated_at"


class DashboardFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which dashboards to list; None means any. `text` is searched for in name and description."""

    folder_id: FolderId | None = None
    project_id: ProjectId | None = None
    text: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a widget is. Units: columns and rows of the grid, which has 12 columns."""

    x: int = 0
    y: int = 0
    w: int = 4
    h: int = 4


class Widget(msgspec.Struct, frozen=True, kw_only=True):
    """A widget of a dashboard. `image_us` is when its image was set; None without one."""

    id: WidgetId
    dashboard_id: DashboardId
    title: str
    options: WidgetOptions
    place: Place
    created_us: int
    updated_us: int
    image_us: int | None = None


class NewWidget(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new widget. Without a place it is put below all others, with a size of columns and rows."""

    options: WidgetOptions
    title: str = ""
    place: Place | None = None
    size: tuple[int, int] = (4, 4)


class WidgetPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a widget: an UNSET field is unchanged."""

    title: str | UnsetType = UNSET
    options: WidgetOptions | UnsetType = UNSET
    x: int | UnsetType = UNSET
    y: int | UnsetType = UNSET
    w: int | UnsetType = UNSET
    h: int | UnsetType = UNSET


class WidgetImage(msgspec.Struct, frozen=True):
    """The image of a widget, decoded and encoded again. Units: pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A link under which a dashboard can be read without a credential. The token is not stored, only its keyed hash.

    It sees what its creator can still reach. `variables` are its fixed values, `allow_embed` the origins whose pages may frame
    it. `uses` counts how often the dashboard was opened.
    """

    id: ShareId
    dashboard_id: DashboardId
    name: str
    prefix: str
    variables: dict[str, str]
    allow_embed: list[str]
    expires_us: int
    creator_kind: ActorKind
    creator_id: int
    created_by: str
    project_id: ProjectId | None
    created_us: int
    last_used_us: int | None = None
    uses: int = 0


class NewShare(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new share link."""

    expires_us: int
    name: str = ""
    variables: dict[str, str] = {}
    allow_embed: list[str] = []


@hides("token")
class CreatedShare(msgspec.Struct, frozen=True):
    """A new share link with its token, which is shown only once."""

    share: Share
    token: str


class FoundShare(msgspec.Struct, frozen=True):
    """A share link that was found by its token, and whose it is."""

    org_id: OrgId
    share: Share


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A dashboard with its widgets that is not stored yet, such as an imported one."""

    new: NewDashboard
    widgets: list[NewWidget]
