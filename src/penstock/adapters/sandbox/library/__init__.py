"""Global names that the codecs of network servers find in addition to the language: `Buffer`, `TextEncoder` and `TextDecoder`.

`atob` and `btoa` are the engine's own. A script that mentions none of these names is not made to wait for them: to load `Buffer`
takes longer than most codecs run. `buffer/` is a library of npm (`vendored.toml`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_BUFFER = re.compile(r"\bBuffer\b")
_TEXT = re.compile(r"\bText(?:En|De)coder\b")


def library_for(script: str) -> str:
    """The code to run before a script, so that it finds the names that it mentions."""
    if _TEXT.search(script):
        return _read("buffer/buffer.js") + _read("text.js")
    return _read("buffer/buffer.js") if _BUFFER.search(script) else ""


def load_library() -> None:
    """Read all files now: the process that runs codecs cannot open any later."""
    for name in ("buffer/buffer.js", "text.js"):
        _read(name)


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
