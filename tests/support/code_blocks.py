"""The code blocks of a Markdown page, and what a page says of each in the comment before it.

A block is run by its language. What comes before it on a line of its own may say more:

- `<!-- not run: why -->`: it cannot be run, or is no code;
- `<!-- sent: POST /path -->`: a block of JSON is the body of this request.

The word `answer` behind the language `json` marks what the block before it is answered with; `…` in it stands for what is left
out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)```(.*)$")
_SAID = re.compile(r"^ *<!-- (not run|sent): (.+?) -->$")


@dataclass(frozen=True)
class Block:
    """A block, and where it stands. `not_run` is why it is not run, `sent` the request of which it is the body."""

    place: str
    language: str
    is_answer: bool
    text: str
    not_run: str = ""
    sent: str = ""


def blocks_of(page: str, text: str) -> list[Block]:
    """Every block of a page, from top to bottom."""
    found: list[Block] = []
    said: dict[str, str] = {}
    lines = enumerate(text.splitlines(), 1)
    for number, line in lines:
        if comment := _SAID.match(line):
            said[comment[1]] = comment[2]
        elif fence := _FENCE.match(line):
            inner: list[str] = []
            for _, row in lines:
                if row.strip() == "```":
                    break
                inner.append(row.removeprefix(fence[1]))
            language, _, more = fence[2].strip().partition(" ")
            body = "".join(f"{row}\n" for row in inner)
            found.append(
                Block(f"{page}:{number}", language, more == "answer", body, said.get("not run", ""), said.get("sent", ""))
            )
            said = {}
        elif line.strip():
            assert not said, f"{page}:{number}: no block follows the comment before it"
    return found


def pages(root: Path) -> dict[str, list[Block]]:
    """The blocks of the README and of every page of the guide, by the page's name."""
    files = [root / "README.md", *sorted((root / "docs" / "guide").glob("*.md"))]
    return {(name := str(file.relative_to(root))): blocks_of(name, file.read_text()) for file in files}
