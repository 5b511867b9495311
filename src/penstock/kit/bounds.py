"""Types of settings, which the decoder checks: each number has both bounds, and each text a maximum length.

A type that ends in `FromZero` accepts 0, and each setting of such a type says what 0 means. The maximum is far beyond what is
useful: it catches a slip, such as milliseconds where seconds are meant, and no product of such a number overflows 64 bits.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

_YEAR_S = 31_536_000
_DECADE_S = 315_360_000
_CENTURY_DAYS = 36_500

Port: TypeAlias = Annotated[int, Meta(ge=0, le=65_535)]
"""A port to listen on; 0 selects any free one."""
RemotePort: TypeAlias = Annotated[int, Meta(ge=1, le=65_535)]
"""A port to connect to."""
Count: TypeAlias = Annotated[int, Meta(ge=1, le=1_000_000_000)]
CountFromZero: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Bytes: TypeAlias = Annotated[int, Meta(ge=1_024, le=68_719_476_736)]
"""A size in memory, up to 64 GiB."""
Seconds: TypeAlias = Annotated[float, Meta(ge=0.01, le=_YEAR_S)]
"""A timeout, or a pause between steps of a loop: never so short that the loop only spins."""
SecondsFromZero: TypeAlias = Annotated[float, Meta(ge=0, le=_YEAR_S)]
WholeSeconds: TypeAlias = Annotated[int, Meta(ge=1, le=_DECADE_S)]
"""A lifetime, or the age of something stored."""
WholeSecondsFromZero: TypeAlias = Annotated[int, Meta(ge=0, le=_DECADE_S)]
Days: TypeAlias = Annotated[int, Meta(ge=1, le=_CENTURY_DAYS)]
DaysFromZero: TypeAlias = Annotated[int, Meta(ge=0, le=_CENTURY_DAYS)]
ShortText: TypeAlias = Annotated[str, Meta(max_length=500)]
"""A name, a host or a mail address."""
LongText: TypeAlias = Annotated[str, Meta(max_length=4_096)]
"""A path of a file, a URL or a password."""
