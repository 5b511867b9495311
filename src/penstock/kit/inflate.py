"""Reads gzip bodies piece by piece, within a limit.

A small body can expand to gigabytes. The output of each step is bounded, so that a body that expands beyond its limit is rejected
at that point, having cost no more than a plain body of that size.
"""

from __future__ import annotations

import zlib

from penstock.kit.errors import InvalidInput, Kind, PenstockError

GZIP = frozenset({b"gzip", b"x-gzip"})
"""The names of the coding. Source: RFC 9110, 8.4.1.3."""
_WITH_GZIP_HEADER = 16 + zlib.MAX_WBITS


class BodyTooLarge(PenstockError):
    """The request body is larger than this endpoint accepts."""

    kind, code = Kind.INVALID, "request.body_too_large"
    message = "the body must be at most {limit} bytes"


class Inflater:
    """One gzip body. It can consist of several members (RFC 1952, 2.2)."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = limit
        self._member = zlib.decompressobj(_WITH_GZIP_HEADER)

    def feed(self, part: bytes) -> bytes:
        """The content of the next piece of the body.

        Raises:
            BodyTooLarge: the content is longer than the limit.
            InvalidInput: it is not gzip.
        """
        parts: list[bytes] = []
        try:
            while part:
                if self._member.eof:
                    self._member = zlib.decompressobj(_WITH_GZIP_HEADER)
                # One byte more than allowed, because only that shows that there is more.
                found = self._member.decompress(part, self._left + 1)
                if len(found) > self._left:
                    raise BodyTooLarge(limit=self._limit)
                self._left -= len(found)
                parts.append(found)
                part = self._member.unconsumed_tail or self._member.unused_data
        except zlib.error:
            raise _broken() from None
        return b"".join(parts)

    def end(self) -> None:
        """The body has ended.

        Raises:
            InvalidInput: its last member is incomplete.
        """
        if not self._member.eof:
            raise _broken()


def _broken() -> InvalidInput:
    return InvalidInput.field("", "the body must be complete gzip data, as Content-Encoding says", "gzip")
