"""Errors about readings."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class LogFull(PenstockError):
    """Readings arrive faster than the disk can store them, and the queue is full; retry shortly."""

    kind, code = Kind.UNAVAILABLE, "telemetry.log_full"
    message = "too many readings are waiting for the disk; retry in a second"


class DiskFull(PenstockError):
    """The disk is full. No reading from the request was stored; requests succeed again when there is space."""

    kind, code, of_server = Kind.UNAVAILABLE, "telemetry.disk_full", True
    message = "the disk is full; no reading was stored"


class LogFailed(PenstockError):
    """Writing to the disk failed, so no reading is acknowledged until the server is restarted."""

    kind, code, of_server = Kind.UNAVAILABLE, "telemetry.log_failed", True
    message = "the reading log failed; restart the server to accept readings again"


class ReadingNotFound(PenstockError):
    """The organisation has no reading with this id, or it is older than the plan's retention."""

    kind, code = Kind.NOT_FOUND, "telemetry.reading_not_found"
    message = "reading {reading_id} was not found"


class PayloadTooLarge(PenstockError):
    """The payload of a reading is larger than the limit."""

    kind, code = Kind.INVALID, "telemetry.payload_too_large"
    message = "a reading must be at most {limit} bytes"


class BatchTooLarge(PenstockError):
    """The request contains too many readings."""

    kind, code = Kind.INVALID, "telemetry.batch_too_large"
    message = "a request must have at most {limit} readings"


class SearchTooWide(PenstockError):
    """The search reached the limit of scanned readings and was stopped."""

    kind, code = Kind.INVALID, "telemetry.search_too_wide"
    message = "the search scanned {count} readings without finishing; narrow the time range"


class TooManyFields(PenstockError):
    """The readings of the range have more fields than a table can have columns; name the ones you need."""

    kind, code = Kind.INVALID, "telemetry.too_many_fields"
    message = "the readings of this range have more than {limit} fields; name some in fields, or narrow the range"
