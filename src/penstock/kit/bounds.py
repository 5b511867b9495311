"""Ranges of numbers in settings, as types that the decoder checks."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65_535)]
"""A port to listen on; 0 selects any free one."""
RemotePort: TypeAlias = Annotated[int, Meta(ge=1, le=65_535)]
"""A port to connect to."""
Count: TypeAlias = Annotated[int, Meta(ge=1)]
CountFromZero: TypeAlias = Annotated[int, Meta(ge=0)]
Positive: TypeAlias = Annotated[float, Meta(gt=0)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0)]
