"""Puts something hostile into every text that an organisation can keep, by the calls that keep it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import httpx
from lxml import html

from penstock.kit.errors import PenstockError
from penstock.kit.operation import Operation
from tests.security.calls import changed, request_for, send
from tests.security.holding import Holding
from tests.security.table import operations
from tests.security.worn import ENDS_SESSIONS, sparing

HOSTILE = '"><img src=x onerror=alert(1)>{{7*7}}\u202e\u05d0🎉</script>'
WORSE = ('=cmd|"/c calc"!A1 </textarea></title><svg onload=alert(1)>' + HOSTILE + "\u0627\u200f" + "W" * 300)[:255]
"""As long as a name can be, most of it in one word; begins as a formula of a spreadsheet. For fields that take it."""
LINK = "javascript:alert(1)"
ATTEMPTS = 6
PLACES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data")
"""Attributes whose value a browser follows."""


def make_hostile(client: httpx.Client, holding: Holding, *texts: str) -> int:
    """Call everything that keeps a text, with the holding's own things. The number of operations that took a hostile one.

    A field that refuses the first of the texts is given the next one, and in the end what it had.
    """
    taken = [_try(client, operation, holding, texts or (HOSTILE,)) for operation in sparing(_keeping(operations()))]
    readings = [{"data": {"note": HOSTILE, "temperature": 1}, "kind": "note"}, {"data": {"html": json.dumps({"a": HOSTILE})}}]
    client.post(f"/api/v2/devices/{holding.device_id}/telemetry", json=readings, headers=holding.org.headers())
    return sum(taken)


def _keeping(every: Iterable[Operation]) -> list[Operation]:
    return [
        one
        for one in every
        if one.surface == "v2" and one.scope is not None and one.method in ("POST", "PUT", "PATCH") and one.body is not None
        if not any(part in one.path for part in (*ENDS_SESSIONS, "/keys/", "/export", "/shred", "/sessions"))
    ]


def _try(client: httpx.Client, operation: Operation, holding: Holding, texts: tuple[str, ...]) -> bool:
    try:
        request = request_for(operation, holding)
    except (AssertionError, PenstockError):
        return False  # it needs what another call has used up
    body, refusals = json.loads(request.body or b"null"), dict[str, int]()
    for _ in range(ATTEMPTS * len(texts)):
        wanted = _changed(body, "", refusals, texts)
        if wanted == body:
            return False
        answer = send(client, changed(request, body=json.dumps(wanted).encode()))
        if answer.status < 300:
            return True
        assert answer.status < 500, (operation.path, answer)
        refused = {one["field"] for one in answer.json().get("errors", ()) if refusals.get(one["field"], 0) < len(texts)}
        if not refused:
            return False
        for field in refused:
            refusals[field] = refusals.get(field, 0) + 1
    return False


def _changed(value: Any, field: str, refusals: dict[str, int], texts: tuple[str, ...]) -> Any:
    """The body with hostile texts. `refusals`: how many of them each field refused."""
    refused = max(
        (count for one, count in refusals.items() if field == one or field.startswith((f"{one}.", f"{one}["))), default=0
    )
    if refused >= len(texts):
        return value
    if isinstance(value, dict):
        return {name: _changed(item, f"{field}.{name}".lstrip("."), refusals, texts) for name, item in value.items()}
    if isinstance(value, list):
        return [_changed(item, f"{field}[{place}]", refusals, texts) for place, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    return LINK if "url" in field else texts[refused]


def faults_of(page: str) -> list[str]:
    """What in a page came from a text and is more than text."""
    found = []
    for element in html.fromstring(page.encode()).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "img" and element.get("src") == "x":
            found.append("an element")
        if element.tag == "script" and not element.get("src") and "json" not in element.get("type", ""):
            found.append("a script")
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                found.append(f"{element.tag} {name}={value}"[:80])
            if name in PLACES and value.strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                found.append(f"{element.tag} {name}={value}"[:80])
    if "alert(1)&gt;49" in page or "alert(1)>49" in page:
        found.append("a template that was computed")
    return found


def shows_hostile(page: str) -> bool:
    """Whether the hostile text stands in a page, as text."""
    return "&lt;img src=x onerror=alert(1)&gt;" in page
