"""The characters that the fonts cover, read from the fonts. Run as a program, it writes them for the typesetter."""

from __future__ import annotations

import unicodedata

from fontTools.ttLib import TTFont

from penstock.adapters.documents.coverage import COVERED
from penstock.adapters.documents.typesetting import FONTS

INVISIBLE = ("Cc", "Cs", "Co")
"""Control characters, surrogates and private use: whatever a font has for them is no character of a text."""


def covered() -> list[tuple[int, int]]:
    """Ranges of characters, ascending."""
    found: set[int] = set()
    for folder in FONTS:
        for path in folder.glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                found |= font.getBestCmap().keys()
    ranges: list[tuple[int, int]] = []
    for code in sorted(code for code in found if unicodedata.category(chr(code)) not in INVISIBLE):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def written() -> str:
    return "".join(f"{first:04X}-{last:04X}\n" for first, last in covered())


if __name__ == "__main__":
    COVERED.write_text(written(), "ascii")
