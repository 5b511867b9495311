"""What an assistant reads: answers and errors of the API as texts of a size that a conversation can bear."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

import msgspec

from penstock.api.shared.in_process import ApiAnswer
from penstock.kit.errors import PenstockError
from penstock.kit.http import problem

MAX_CHARS = 40_000
"""Characters of one answer, about 10,000 tokens."""
WITHHELD = "(withheld: a secret does not belong in a conversation; issue a new one in the console)"
CURSOR = "next_cursor"
NOTE = "note"


def text_of(answer: ApiAnswer, withheld: Collection[str] = (), most: int = MAX_CHARS) -> str:
    """A successful answer as text: its JSON, without its secrets, and cut with a note if it is too long."""
    try:
        value = answer.value
    except (msgspec.DecodeError, UnicodeDecodeError):  # from a proxy in front of the server
        return cut(answer.body.decode("utf-8", "replace"), most)
    if value is None:
        return "Done."
    if withheld:
        value = _without(value, frozenset(withheld))
    text = _encoded(value)
    if len(text) <= most:
        return text
    return _fewer_items(value, most) or cut(text, most)


def error_text(answer: ApiAnswer) -> str:
    """A failed answer as text: the status, the code, what is wrong and where, and when to try again.

    Shape: "404 Not Found, device.not_found: the device … was not found", then a line for each field, and one with the request id.
    """
    try:
        found = answer.value
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict) or "code" not in found:
        return f"{_status(answer.status)}: the response is not one of Penstock"
    return _text_of_problem(found, answer.status, answer.header(b"retry-after"))


def text_of_error(error: PenstockError) -> str:
    """An error from before a call, in the same form."""
    found = problem(error, "")
    return _text_of_problem(found, found["status"], "")


def _text_of_problem(found: dict[str, Any], status: int, retry_after: str) -> str:
    lines = [f"{_status(status)}, {found['code']}: {found.get('detail', '')}"]
    for one in found.get("errors", []):
        lines.append(f"- {one.get('field', '')}: {one.get('detail', '')} ({one.get('code', '')})")
    if retry_after:
        lines.append(f"retry after {retry_after} s")
    if found.get("request_id"):
        lines.append(f"request id: {found['request_id']}")
    return cut("\n".join(lines), MAX_CHARS)


def _status(status: int) -> str:
    known = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)


def cut(text: str, most: int) -> str:
    """A text, cut with a note if it is too long."""
    if len(text) <= most:
        return text
    return f"{text[:most]}\n… (cut: the answer has {len(text):,} characters; ask for less, by filters or a shorter range)"


def _fewer_items(value: Any, most: int) -> str:
    """A list with only as many items as fit; empty if the value has no list, or not even one item fits.

    The cursor goes too: it would skip what was cut.
    """
    name = _longest_list(value)
    if name is None:
        return ""
    items = value[name]
    rest = {key: one for key, one in value.items() if key not in (name, CURSOR)}
    room = most - len(_encoded(rest)) - 400  # for the note
    kept = 0
    for item in items:
        room -= len(_encoded(item)) + 1
        if room < 0:
            break
        kept += 1
    if not kept:
        return ""
    advice = f" Read them in pages with limit={kept}." if CURSOR in value else " Ask for less, by filters or a shorter range."
    note = f"Cut: the first {kept} of {len(items)} items of {name}, because the answer is too long.{advice}"
    return _encoded({NOTE: note, **rest, name: items[:kept]})


def _longest_list(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    lists = {name: one for name, one in value.items() if isinstance(one, list) and one}
    return max(lists, key=lambda name: len(lists[name]), default=None)


def _without(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: WITHHELD if name in names and one else _without(one, names) for name, one in value.items()}


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()
