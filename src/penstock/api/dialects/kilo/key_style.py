"""The format of Kilo's keys. Source: surfaces/kilo.md 2.1."""

from __future__ import annotations

from penstock.core.tenancy.key_styles import KeyStyle

KEY_STYLE = KeyStyle(name="kilo", prefix="kilo_", digits=32, shown=9)
