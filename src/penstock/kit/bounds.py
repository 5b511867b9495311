"""Numbers that settings may be: types that say so to the decoder."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65_535)]
"""Where to listen; 0 is any that is free."""
RemotePort: TypeAlias = Annotated[int, Meta(ge=1, le=65_535)]
"""Where to connect to."""
Count: TypeAlias = Annotated[int, Meta(ge=1)]
CountFromZero: TypeAlias = Annotated[int, Meta(ge=0)]
Positive: TypeAlias = Annotated[float, Meta(gt=0)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0)]
