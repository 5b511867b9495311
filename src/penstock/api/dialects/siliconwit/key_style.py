"""The format of SiliconWit's keys: `swk_` and 24 base62 digits. Source: surfaces/siliconwit.md 3.1."""

from __future__ import annotations

from penstock.core.tenancy.key_styles import KeyStyle

KEY_STYLE = KeyStyle(name="siliconwit", prefix="swk_", digits=24, shown=8)
