"""What DataKubo's surface adds to the server, apart from its endpoints.

The core follows this vendor, under Penstock's own names, in the following (surfaces/datakubo.md 5): the consumption of a day,
the usual day, and the balance of principal meters against leaves, notable from 15 % unmetered on. The custom JSON of network
servers has the names of its normalised fields (4.3, where the vendor's list is truncated).
"""

from __future__ import annotations

from penstock.api.dialects.datakubo.errors import error_body
from penstock.api.dialects.datakubo.key_style import KEY_STYLE
from penstock.api.dialects.datakubo.translate import derived_values
from penstock.api.shared.dialect import Surface
from penstock.api.shared.surface import SurfaceRules

SURFACE = Surface(
    rules=(SurfaceRules(surface="datakubo", path_prefix="/api/v1/", error_body=error_body, error_type="application/json"),),
    key_styles=(KEY_STYLE,),
    derived_values=derived_values,
)
