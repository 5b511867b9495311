"""What Kilo's surface adds to the server. Its endpoints are the native ones.

The core follows this vendor, under Penstock's own names, in the following: the areas of scopes (surfaces/kilo.md 2.2), topic
patterns and dot paths, except `{{key}}` and `{{applicationId}}`, which are Penstock's (4.1), the words for the state of a command
(4.5), and the accepted scale of five severities (4.6).
"""

from __future__ import annotations

from penstock.api.dialects.kilo.key_style import KEY_STYLE
from penstock.api.shared.dialect import Surface

SURFACE = Surface(key_styles=(KEY_STYLE,))
