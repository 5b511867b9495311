"""The name that a misspelled one was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str], prefix: str = "") -> str:
    """The end of an error text about an unknown name: `; the nearest is http.port`. Empty if no known name is similar.

    `prefix` is what the texts of all names start with, which neither `name` nor `known` has.
    """
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; the nearest is {prefix}{found[0]}" if found else ""
