"""What SiliconWit's surface adds to the server, apart from its endpoints.

All surfaces follow this vendor in the following: the four headers with the remaining calls (surfaces/siliconwit.md 3.5), the
topics, the payloads and the format of commands over MQTT (2.3; the acknowledgements and the id of a command are Penstock's), the
first five limits of the plans, and the subject of a mail about an alert (its page on alerts).
"""

from __future__ import annotations

from penstock.api.dialects.siliconwit.errors import error_body
from penstock.api.dialects.siliconwit.key_style import KEY_STYLE
from penstock.api.dialects.siliconwit.limits import limit_rule
from penstock.api.dialects.siliconwit.webhook_format import SiliconWitFormat
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules

SURFACE = Surface(
    rules=tuple(
        SurfaceRules(surface="siliconwit", path_prefix=prefix, error_body=error_body, error_type="application/json")
        for prefix in ("/api/devices/", "/v1")
    ),
    webhook_formats=(SiliconWitFormat(),),
    key_styles=(KEY_STYLE,),
    limit_rule=limit_rule,
)
