"""The characters for which one of the package's fonts has a glyph.

A PDF for archives must not contain a character without a glyph. `covered.txt` has the ranges of characters, read from the fonts
by `python -m tests.adapters.documents.covered`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
COVERED = Path(__file__).parent / "covered.txt"


def printable(text: str) -> str:
    """A text in which every character that cannot be printed is replaced; line breaks remain.

    Controls of direction are removed: one without an end would also turn around the words that follow.
    """
    if text.isascii() and text.isprintable():
        return text
    return _uncovered().sub(REPLACEMENT, text.replace("\r\n", "\n").translate(_DIRECTIONS))


@cache
def _uncovered() -> re.Pattern[str]:
    ranges = [line.split("-") for line in COVERED.read_text("ascii").split()]
    covered = "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in ranges)
    return re.compile(f"[^\n{covered}]")
