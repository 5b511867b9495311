"""Types of strings in responses that say more than that they are strings. They change the description, not what is sent."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

Moment: TypeAlias = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""A time (RFC 3339), under a name that does not say so. Fields such as `created_at` are described as times by their name."""


def one_of(*words: str) -> Meta:
    """The description of a string that is one of these words, such as the members of an enumeration."""
    return Meta(extra_json_schema={"enum": [str(word) for word in words]})
