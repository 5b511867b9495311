"""The format of Kaito's keys. Source: surfaces/kaito.md 1."""

from __future__ import annotations

from penstock.core.tenancy.key_styles import KeyStyle

KEY_STYLE = KeyStyle(name="kaito", prefix="kto_live_", digits=32, shown=13)
