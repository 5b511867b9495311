"""The format of Iottly's keys: the vendor's documentation shows 32 hexadecimal digits."""

from __future__ import annotations

from penstock.core.tenancy.key_styles import KeyStyle

KEY_STYLE = KeyStyle(name="iottly", digits=32, shown=6, alphabet="0123456789abcdef")
