"""Recorded exchanges, replayed: a request, and the response that it has to get.

A recording is JSON: `{"name", "request": {"path", "key"?}, "response": {"status", "body"}}`. In its texts `{room}` stands
for a value that the test knows, and a body's text such as `<time>` for any value of that form. All else is compared as it
is, and so are the names and the order of an object's fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

FORMS = {
    "<time>": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "<reading id>": r"tel_[0-9a-hjkmnp-tv-z]{13}",
    "<event id>": r"evt_[0-9a-hjkmnp-tv-z]{13}",
    "<key id>": r"key_[0-9a-hjkmnp-tv-z]{13}",
    "<text>": r".+",
}
_NAME = re.compile(r"\{(\w+)\}")


def recordings(folder: Path) -> list[Any]:
    """Every exchange of a folder's files, as pytest parameters with their names."""
    return [
        pytest.param(exchange, id=f"{path.stem}: {exchange['name']}")
        for path in sorted(folder.glob("*.json"))
        for exchange in json.loads(path.read_text("utf-8"))
    ]


def filled(text: str, names: Mapping[str, str]) -> str:
    """A text with its names replaced by what they stand for."""
    return _NAME.sub(lambda match: names[match[1]], text)


def differences(wanted: Any, found: Any, names: Mapping[str, str], at: str = "body") -> list[str]:
    """Where an answer is not as recorded."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        if list(wanted) != list(found):
            return [f"{at} has the fields {list(found)}, not {list(wanted)}"]
        return [line for key in wanted for line in differences(wanted[key], found[key], names, f"{at}.{key}")]
    if isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            return [f"{at} has {len(found)} members, not {len(wanted)}"]
        pairs = enumerate(zip(wanted, found, strict=True))
        return [line for place, pair in pairs for line in differences(*pair, names, f"{at}[{place}]")]
    if wanted == "<time or null>" and found is None:
        return []
    form = FORMS.get(str(wanted).replace(" or null", ""))
    if form is not None:
        fits = isinstance(found, str) and re.fullmatch(form, found)
        return [] if fits else [f"{at} is {found!r}, which is no {wanted}"]
    if isinstance(wanted, str):
        wanted = filled(wanted, names)
    return [] if type(wanted) is type(found) and wanted == found else [f"{at} is {found!r}, not {wanted!r}"]
