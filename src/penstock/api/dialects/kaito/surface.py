"""What Kaito's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following: the roles of members and their permissions
(surfaces/kaito.md 3), the chain of the audit log (5.2; the layout is Penstock's), how long plans keep that log, the topics
`billing.subscription.*`, and some scopes (its developer page).
"""

from __future__ import annotations

from penstock.api.dialects.kaito.errors import error_body
from penstock.api.dialects.kaito.key_style import KEY_STYLE
from penstock.api.dialects.kaito.limits import limit_rule
from penstock.api.dialects.kaito.webhook_format import KaitoFormat
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules

SURFACE = Surface(
    rules=tuple(
        SurfaceRules(
            surface="kaito",
            path_prefix=prefix,
            error_body=error_body,
            error_type="application/json",
            id_headers=(b"x-request-id", b"x-trace-id"),
        )
        for prefix in ("/v1/audit", "/v1/sms", "/v1/tokens", "/v1/webhooks")
    ),
    webhook_formats=(KaitoFormat(),),
    key_styles=(KEY_STYLE,),
    limit_rule=limit_rule,
)
