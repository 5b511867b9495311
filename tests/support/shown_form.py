"""Whether an answer has the form that a page shows."""

from __future__ import annotations

import json
import re
from typing import Any


def read_shown(text: str) -> Any:
    """What a page shows as JSON, in which `…` may stand for members that are left out."""
    # Within a text it is an ordinary character: what is left out stands behind a comma or an opening bracket.
    return json.loads(re.sub(r",?\s*…\s*(?=[}\]])", "", text))


def differences(shown: Any, found: Any, at: str = "") -> list[str]:
    """Where an answer lacks what is shown, or has another type there; what it has beyond that is allowed."""
    if shown is None:
        return []
    if isinstance(shown, dict) and isinstance(found, dict):
        missing = [f"{at}.{name} is not there" for name in shown if name not in found]
        both = [name for name in shown if name in found]
        return missing + [line for name in both for line in differences(shown[name], found[name], f"{at}.{name}")]
    if isinstance(shown, list) and isinstance(found, list):
        if shown and not found:
            return [f"{at} is empty"]
        return [line for one, other in zip(shown, found, strict=False) for line in differences(one, other, f"{at}[]")]
    return [] if _kind(shown) is _kind(found) else [f"{at} is {_short(found)}, not like {_short(shown)}"]


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)
