"""Dashboards, folders and widgets over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Limit, Name, Text
from penstock.core.dashboards.models import COLUMNS, MAX_WIDGETS, Variable
from penstock.core.dashboards.options import TYPES, WidgetOptions
from penstock.kit.wire_types import Moment, one_of

Title = Annotated[str, Meta(max_length=200)]
Time = Annotated[str, Meta(max_length=40)]
Range = Annotated[str, Meta(max_length=8)]
Refresh = Annotated[int, Meta(ge=5, le=86_400)]
Variables = Annotated[list[Variable], Meta(max_length=10)]
Column = Annotated[int, Meta(ge=0, le=COLUMNS - 1)]
Row = Annotated[int, Meta(ge=0, le=10_000)]
Columns = Annotated[int, Meta(ge=1, le=COLUMNS)]
Rows = Annotated[int, Meta(ge=1, le=100)]
Values = Annotated[
    dict[Annotated[str, Meta(max_length=32)], Annotated[str, Meta(max_length=256)]],
    Meta(max_length=10),
]


class FolderCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder to create, in another one (`parent_id`) or at the top. Folders can be three deep."""

    name: Name
    parent_id: Id | None = None


class FolderPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a folder: omitted fields are unchanged, `"parent_id": null` moves it to the top."""

    name: Name | UnsetType = UNSET
    parent_id: Id | UnsetType | None = UNSET


class Folder(Struct, frozen=True):
    """A folder of dashboards. `parent_id` is the folder that it is in; null at the top."""

    id: str
    name: str
    parent_id: str | None
    created_at: str
    updated_at: str


class DashboardQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for dashboards. `q` is searched for in name and description."""

    folder_id: Id | None = None
    project_id: Id | None = None
    q: Name | None = None
    sort: Literal["name", "-updated_at"] = "name"
    limit: Limit = 100
    cursor: Cursor | None = None


class DashboardCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A dashboard to create. It is shown with `range`, such as `24h`, or with `from` and `to`.

    `live`: values follow as they are reported. `refresh_s`: it is read again after so many seconds.
    """

    name: Name
    description: Text = ""
    folder_id: Id | None = None
    project_id: Id | None = None
    range: Range | UnsetType | None = UNSET
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    live: bool = False
    refresh_s: Refresh | None = None
    variables: Variables = []


class DashboardPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a dashboard: omitted fields are unchanged. To show `from` and `to`, set `"range": null` with them."""

    name: Name | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    folder_id: Id | UnsetType | None = UNSET
    project_id: Id | UnsetType | None = UNSET
    range: Range | UnsetType | None = UNSET
    from_: Time | UnsetType | None = msgspec.field(name="from", default=UNSET)
    to: Time | UnsetType | None = UNSET
    live: bool | UnsetType = UNSET
    refresh_s: Refresh | UnsetType | None = UNSET
    variables: Variables | UnsetType = UNSET


class Dashboard(Struct, frozen=True, kw_only=True):
    """A dashboard. With `project_id`, labels select devices of that project only."""

    id: str
    name: str
    description: str
    folder_id: str | None
    project_id: str | None
    range: str | None
    from_: Moment | None = msgspec.field(name="from")
    to: Moment | None
    live: bool
    refresh_s: int | None
    variables: list[Variable]
    widget_count: int
    created_at: str
    updated_at: str


class DashboardDuplicate(Struct, frozen=True, forbid_unknown_fields=True):
    """The name of the copy; without it, the name of the dashboard with `(copy)`."""

    name: Name | None = None


class WidgetCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A widget to add. Without `x` and `y` it is put below all others. Units: columns and rows of a grid of 12 columns."""

    options: WidgetOptions
    title: Title = ""
    x: Column | None = None
    y: Row | None = None
    w: Columns = 4
    h: Rows = 4


class WidgetPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a widget: omitted fields are unchanged. `options` are replaced as a whole, also by those of another type."""

    options: WidgetOptions | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    x: Column | UnsetType = UNSET
    y: Row | UnsetType = UNSET
    w: Columns | UnsetType = UNSET
    h: Rows | UnsetType = UNSET


class Widget(Struct, frozen=True, kw_only=True):
    """A widget of a dashboard. `image_at` is when its image was set; null without one."""

    id: str
    dashboard_id: str
    type: Annotated[str, one_of(*TYPES)]
    title: str
    x: int
    y: int
    w: int
    h: int
    options: WidgetOptions
    image_at: Moment | None
    created_at: str
    updated_at: str


class WidgetList(Struct, frozen=True):
    """All widgets of a dashboard, oldest first."""

    data: list[Widget]


class WidgetPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a widget is. Units: columns and rows of a grid of 12 columns."""

    widget_id: Id
    x: Column
    y: Row
    w: Columns
    h: Rows


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """The places of widgets. A widget that is not named stays where it is."""

    widgets: Annotated[list[WidgetPlace], Meta(max_length=MAX_WIDGETS)]


class ImageWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """An image, PNG, JPEG or WebP, in base64. It can also be sent as it is, with its own media type."""

    content: Annotated[bytes, Meta(max_length=1_048_576)]


class DocumentWidget(Struct, frozen=True, forbid_unknown_fields=True):
    """A widget in a document."""

    options: WidgetOptions
    title: Title = ""
    x: Column | None = None
    y: Row | None = None
    w: Columns = 4
    h: Rows = 4


class DashboardDocument(Struct, frozen=True, forbid_unknown_fields=True):
    """A dashboard as a document. It has no images, and no share links."""

    format: Literal["penstock-dashboard"]
    version: Literal[1]
    name: Name
    description: Text = ""
    range: Range | None = None
    from_: Time | None = msgspec.field(name="from", default=None)
    to: Time | None = None
    live: bool = False
    refresh_s: Refresh | None = None
    variables: Variables = []
    widgets: Annotated[list[DocumentWidget], Meta(max_length=MAX_WIDGETS)] = []


class DashboardImport(Struct, frozen=True, forbid_unknown_fields=True):
    """A document to import, and where to."""

    document: DashboardDocument
    folder_id: Id | None = None
    project_id: Id | None = None


class ImportedDashboard(Struct, frozen=True):
    """The dashboard that was made, and the ids of the devices of the document that do not exist here."""

    dashboard: Dashboard
    missing_devices: list[str]


class VariableOption(Struct, frozen=True):
    """A value that a variable can have, and what to show for it."""

    value: str
    name: str


class VariableOptions(Struct, frozen=True):
    """The values that a variable can have."""

    data: list[VariableOption]
