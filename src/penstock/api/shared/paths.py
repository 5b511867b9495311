"""Paths are matched as they were sent.

The framework takes empty parts out of a path and an encoded slash for a slash: `/%2fmetrics` would pass a proxy that guards
`/metrics`, and `DELETE …/sensors/a%2F` would hit the sensor `a`. One slash at the end is still let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from penstock.kit.http import Scope

_PARAMETER = re.compile(r"\{[^}]*\}")
_TAIL = ":path}"
"""What an operation's path ends with when its last parameter is all the rest, slashes and empty parts among it."""


class SentPaths:
    """Knows behind which heads a path may hold any text."""

    def __init__(self, templates: Iterable[str]) -> None:
        heads = {template.rpartition("{")[0] for template in templates if template.endswith(_TAIL)}
        patterns = ["[^/]+".join(map(re.escape, _PARAMETER.split(head))) + "(?=.)" for head in sorted(heads)]
        self._heads = re.compile("|".join(patterns).encode() or b"(?!)")

    def are_plain(self, raw: bytes) -> bool:
        """Whether the framework reads this path as it was sent."""
        if b"%" not in raw and b"//" not in raw:
            return True
        match = self._heads.match(raw)
        if match is None:
            return b"//" not in raw and b"%2f" not in raw.lower()
        return b"%2f" not in match[0].lower() and unquote(raw[match.end() :]).strip("/") != ""


def path_values(template: str, scope: Scope) -> dict[str, str]:
    """The values of a path's parameters; the one that takes the rest has it exactly."""
    values: dict[str, str] = scope["path_params"]
    if template.endswith(_TAIL):
        name = template.rpartition("{")[2].removesuffix(_TAIL)
        rest: bytes = scope["raw_path"].split(b"/", template.count("/"))[-1]
        return values | {name: unquote(rest.decode())}
    return values
