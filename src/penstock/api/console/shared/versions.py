"""The versions of the things that the forms of a page change: no form overwrites a change that was made after it was opened.

Each form carries the ETags of the things that its page had read, by their paths in the API. A change of one of them is made on
the condition that it is still the current one. A form that is shown again after an error keeps the ETags it was opened with; one
that came too late gets the current ones, as its page says that the thing was changed.
"""

from __future__ import annotations

import re

import msgspec

FIELD = "etags"
CHANGED = "It was changed since you opened this page. Compare the two, then save again."
MOST = 20
"""The number of things whose versions a form carries at most."""
_TAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')


class Versions:
    """The versions that a page shows, and those that its form was opened with."""

    def __init__(self, sent: str = "") -> None:
        self._opened_with = _decoded(sent)
        self._unused = dict(self._opened_with)
        self._read: dict[str, str] = {}

    def note(self, path: str, tag: str) -> None:
        """Remember the version of a thing that the page has read."""
        if tag and len(self._read) < MOST:
            self._read[path] = tag

    def take(self, path: str) -> str:
        """The version that the form is about; empty if it does not say. Once: after the first change there is another."""
        return self._unused.pop(path, "")

    def came_too_late(self, path: str) -> None:
        """The thing was changed since."""
        self._opened_with.pop(path, None)

    def text(self) -> str:
        """What the forms of the page carry; empty if there is nothing."""
        shown = self._read | self._opened_with
        return msgspec.json.encode(shown).decode() if shown else ""


def _decoded(text: str) -> dict[str, str]:
    """What a form carries. Other text says nothing: it only ever makes a change fail."""
    try:
        found = msgspec.json.decode(text or "{}", type=dict[str, str])
    except (msgspec.DecodeError, RecursionError):
        return {}
    return {path: tag for path, tag in list(found.items())[:MOST] if _TAG.fullmatch(tag)}
