"""Errors about dashboards."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class FolderNotFound(PenstockError):
    """The caller's organisation has no folder of dashboards with this id."""

    kind, code = Kind.NOT_FOUND, "dashboards.folder_not_found"
    message = "folder {folder_id} was not found"


class FolderNotEmpty(PenstockError):
    """The folder contains folders or dashboards; move or delete them before you delete it."""

    kind, code = Kind.CONFLICT, "dashboards.folder_not_empty"
    message = "folder {folder_id} contains {folders} folders and {dashboards} dashboards"


class DashboardNotFound(PenstockError):
    """The caller's organisation has no dashboard with this id."""

    kind, code = Kind.NOT_FOUND, "dashboards.not_found"
    message = "dashboard {dashboard_id} was not found"


class VariableNotFound(PenstockError):
    """The dashboard has no variable with this name."""

    kind, code = Kind.NOT_FOUND, "dashboards.variable_not_found"
    message = "the dashboard has no variable {name}"


class WidgetNotFound(PenstockError):
    """The caller's organisation has no widget with this id."""

    kind, code = Kind.NOT_FOUND, "dashboards.widget_not_found"
    message = "widget {widget_id} was not found"


class WidgetImageNotFound(PenstockError):
    """The widget has no image."""

    kind, code = Kind.NOT_FOUND, "dashboards.image_not_found"
    message = "the widget has no image"


class WidgetImageInvalid(PenstockError):
    """The body is not an image that a widget can show."""

    kind, code = Kind.INVALID, "dashboards.image_invalid"
    message = "{reason}"


class DashboardLimitReached(PenstockError):
    """The organisation, or the dashboard, has reached a limit."""

    kind, code = Kind.EXHAUSTED, "dashboards.limit_reached"
    message = "there can be at most {limit} {what}"


class ShareNotFound(PenstockError):
    """The caller's organisation has no share link with this id."""

    kind, code = Kind.NOT_FOUND, "dashboards.share_not_found"
    message = "share link {share_id} was not found"


class SharedNotFound(PenstockError):
    """No share link with this token works: it never existed, was revoked or has expired, or its creator lost access."""

    kind, code = Kind.NOT_FOUND, "dashboards.shared_not_found"
    message = "this link does not exist or no longer works"
