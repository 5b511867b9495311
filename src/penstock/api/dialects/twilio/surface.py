"""What Twilio's surface adds to the server, apart from its endpoints."""

from __future__ import annotations

from penstock.api.dialects.twilio.credentials import credential_of
from penstock.api.dialects.twilio.errors import error_body
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules

SURFACE = Surface(
    rules=(
        SurfaceRules(
            surface="twilio",
            path_prefix="/2010-04-01",
            error_body=error_body,
            error_type="application/json",
            find_key=credential_of,
        ),
    ),
)
