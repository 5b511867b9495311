"""What Iottly's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following: the platforms of agents (surfaces/iottly.md 2.3), the
pair code (1), and the format of an event type's message (3.1, the vendor's `jsonfmt`).
"""

from __future__ import annotations

from penstock.api.dialects.iottly.errors import error_body
from penstock.api.dialects.iottly.key_style import KEY_STYLE
from penstock.api.dialects.iottly.project_commands import PROJECT_COMMANDS
from penstock.api.dialects.iottly.webhook_format import IottlyFormat
from penstock.api.dialects.iottly.wire import encode
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules

SURFACE = Surface(
    rules=(
        SurfaceRules(surface="iottly", path_prefix="/v1.0", error_body=error_body, error_type="application/json", encode=encode),
    ),
    webhook_formats=(IottlyFormat(),),
    key_styles=(KEY_STYLE,),
    project_commands=PROJECT_COMMANDS,
)
