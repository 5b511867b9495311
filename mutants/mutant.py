"""A planted bug as data, and the file that it belongs in. Nothing is run here."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("src/penstock/**/*.py", "src/penstock/**/*.sql")


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One bug.

    `old` is replaced by `new`. It must occur exactly once in the whole package: its file is found by it, so that a file can be
    moved without a change here. `hints` name the test files most likely to find it, the likeliest first, by the end of their path
    without `.py` (`test_ids`, `security/test_scopes`). `equivalent` is set if the change is not a bug: it explains why no test
    can distinguish it from the original, and it is not run.
    """

    name: str
    layer: str
    old: str
    new: str
    why: str
    hints: tuple[str, ...] = ()
    equivalent: str = ""


class NotOnce(Exception):
    """A text does not occur, or occurs several times."""


@functools.cache
def sources(root: Path) -> dict[Path, str]:
    """The package's files with their text, by their path below the root."""
    found = (path for pattern in SOURCES for path in root.glob(pattern) if "__pycache__" not in path.parts)
    return {path.relative_to(root): path.read_text("utf-8") for path in sorted(found)}


def place_of(mutant: Mutant, root: Path = ROOT) -> Path:
    """The file in which a bug is to be planted.

    Raises:
        NotOnce: the old text does not occur, or occurs more than once.
    """
    places = {path: text.count(mutant.old) for path, text in sources(root).items() if mutant.old in text}
    if sum(places.values()) != 1:
        shown = ", ".join(f"{path.as_posix()} ({count})" for path, count in places.items()) or "nowhere"
        raise NotOnce(f"{mutant.name}: the old text must occur exactly once, but occurs {shown}")
    return next(iter(places))


def planted(mutant: Mutant, root: Path = ROOT) -> tuple[Path, str]:
    """The file in which a bug is to be planted, and its text with the bug."""
    place = place_of(mutant, root)
    return place, sources(root)[place].replace(mutant.old, mutant.new)


def hinted(mutant: Mutant, root: Path = ROOT) -> list[str]:
    """The files of tests that are most likely to find a bug, as paths below the root."""
    named = [(hint, path) for hint in mutant.hints for path in sorted((root / "tests").rglob(f"{Path(hint).name}.py"))]
    found = [path for hint, path in named if path.with_suffix("").as_posix().endswith(f"/{hint}")]
    return list(dict.fromkeys(path.relative_to(root).as_posix() for path in found))
