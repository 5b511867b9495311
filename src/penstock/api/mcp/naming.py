"""The names of tools that read: `device_list`, `device_get`, `device_telemetry_latest_get`.

A name follows from the path of the operation. Where another vendor documents tools for the same things under other names
(`docs/surfaces` has the table), the tools have those (`_NOUNS`), so that what was written for its tools fits these too.
"""

from __future__ import annotations

import re
from typing import get_origin

from penstock.api.v2.wire import ListOf
from penstock.kit.operation import Operation

PREFIX = "/api/v2/"
_NOUNS = {"alert-events": "alarm", "groups": "team", "organization": "org", "profiles": "device_profile"}
"""What the tools call a noun of the paths, if not by its own name."""
_PLURALS = (("ies", "y"), ("sses", "ss"), ("s", ""))
_NO_PLURALS = ("ss", "us")
_PARAMETER = re.compile(r"\{(\w+?)(?:_id)?(?::\w+)?\}")


def tool_name(operation: Operation) -> str:
    """The name of the tool that reads with an operation of the native API."""
    parts = operation.path.removeprefix(PREFIX).split("/")
    is_list = get_origin(operation.answer) is ListOf
    words = []
    for number, part in enumerate(parts):
        if part.startswith("{"):
            continue
        whole = number == len(parts) - 1 and not is_list  # the last word of a thing: limits, preferences
        words.append(_NOUNS.get(part) or (part if whole else _singular(part)))
    return "_".join([*words, "list" if is_list else "get"]).replace("-", "_")


def longer_name(operation: Operation) -> str:
    """The name of a tool whose short name another one has: with the things in the path, such as `token_grant_list_of_token`."""
    return "_of_".join([tool_name(operation), *_PARAMETER.findall(operation.path)])


def _singular(word: str) -> str:
    if word.endswith(_NO_PLURALS):
        return word
    for ending, replaced in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + replaced
    return word
