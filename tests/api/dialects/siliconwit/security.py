"""SiliconWit as the security tests see it."""

from __future__ import annotations

from tests.security.dialects import Dialect, check_error_text

DIALECT = Dialect(
    check_error=check_error_text,
    open_operations={"POST /api/devices/ingest": "the device's access token stands in the body"},
)
