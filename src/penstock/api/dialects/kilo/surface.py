"""What is brought for Kilo's clients, whose surface is the native one.

What the core has of this vendor in its own words: the areas of scopes (surfaces/kilo.md 2.2), patterns of topics without
`{{key}}` and `{{applicationId}}` (4.1), and the scale of five severities that is taken for ours (4.6).
"""

from __future__ import annotations

from penstock.api.dialects.kilo.key_style import KEY_STYLE
from penstock.api.shared.dialect import Surface

SURFACE = Surface(key_styles=(KEY_STYLE,))
