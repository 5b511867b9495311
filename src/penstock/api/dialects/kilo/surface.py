"""What is added for Kilo's clients, whose surface is the native one.

The core follows this vendor in the following, in its own words: the areas of scopes (surfaces/kilo.md 2.2), patterns
of topics, except `{{key}}` and `{{applicationId}}`, which are ours (4.1), and the accepted scale of five severities (4.6).
"""

from __future__ import annotations

from penstock.api.dialects.kilo.key_style import KEY_STYLE
from penstock.api.shared.dialect import Surface

SURFACE = Surface(key_styles=(KEY_STYLE,))
