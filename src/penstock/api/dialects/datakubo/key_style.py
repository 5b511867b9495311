"""The format of DataKubo's keys. Source: surfaces/datakubo.md 2."""

from __future__ import annotations

from penstock.core.tenancy.key_styles import KeyStyle

KEY_STYLE = KeyStyle(name="datakubo", prefix="dk_live_", digits=32, shown=12)
