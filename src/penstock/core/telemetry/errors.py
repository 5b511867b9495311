"""Refusals about readings."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class LogFull(PenstockError):
    """More readings arrive than the disk takes, and the queue in front of it is full: try again in a moment."""

    kind, code = Kind.UNAVAILABLE, "telemetry.log_full"
    message = "too many readings are waiting for the disk; try again in a second"


class DiskFull(PenstockError):
    """The disk has no room left. Nothing of the request was stored; it works again when there is room."""

    kind, code = Kind.UNAVAILABLE, "telemetry.disk_full"
    message = "the disk is full; nothing was stored"


class LogFailed(PenstockError):
    """The disk failed while writing, so nothing more is acknowledged until the server was restarted."""

    kind, code = Kind.UNAVAILABLE, "telemetry.log_failed"
    message = "the reading log failed and accepts nothing until the server was restarted"


class PayloadTooLarge(PenstockError):
    """One reading's payload is larger than the limit."""

    kind, code = Kind.INVALID, "telemetry.payload_too_large"
    message = "a reading has at most {limit} bytes"


class BatchTooLarge(PenstockError):
    """More readings in one request than allowed."""

    kind, code = Kind.INVALID, "telemetry.batch_too_large"
    message = "a request has at most {limit} readings"


class SearchTooWide(PenstockError):
    """A search looked at as many readings as one may, and was not done."""

    kind, code = Kind.INVALID, "telemetry.search_too_wide"
    message = "looked at {count} readings and not done: narrow the search by time"
